import Boltzmann
import BoltzmannCompute
import BoltzmannTestSupport
import Foundation
import Testing

/// 3,000 correlated rows of six columns whose means and scales differ: x = mixing·z + (1, 2, …, 6).
private let rows: [[Double]] = {
  let stream = RandomStream(seed: 170, purpose: .test)
  let mixing = (0..<6).map { column in
    stream.normals(row: UInt64(column), count: 6).map { $0 * Double(column + 1) }
  }
  return (0..<3_000).map { sample in
    let z = stream.normals(row: UInt64(sample + 6), count: 6)
    return mixing.enumerated().map { column, factors in dot(z, factors) + Double(column + 1) }
  }
}()
private let samples = FloatSamples(rows)

private let roundoff = 0x1p-24

/// Mean and covariance (1/N) of rows, in Double.
private func moments(_ rows: [[Double]]) -> (mean: [Double], covariance: [[Double]]) {
  let n = Double(rows.count)
  let mean = rows[0].indices.map { column in rows.reduce(0) { $0 + $1[column] } / n }
  let covariance = mean.indices.map { i in
    mean.indices.map { j in rows.reduce(0) { $0 + ($1[i] - mean[i]) * ($1[j] - mean[j]) } / n }
  }
  return (mean, covariance)
}

private func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

private func column(_ k: Int, _ table: [[Double]]) -> [Double] { table.map { $0[k] } }

private func identity(_ order: Int) -> [[Double]] {
  (0..<order).map { row in (0..<order).map { row == $0 ? 1 : 0 } }
}

/// How far a whitened value can be off: a sum of d products of (x − μ) and M, all in Float, around a rounded μ.
private func whitenedBound(_ whitening: Whitening) -> Double {
  let matrix = whitening.matrix.doubles.map { $0.map(abs) }
  let mean = whitening.mean.doubles.map { 2 * abs($0) }
  let magnitudes = rows.flatMap { row in
    let sizes = zip(row, mean).map { abs($0) + $1 }
    return matrix[0].indices.map { dot(sizes, column($0, matrix)) }
  }
  return 10 * roundoff * magnitudes.max()!
}

@Suite("Whitening")
struct WhiteningTests {
  @Test("makes the covariance the identity and the mean zero", arguments: [Whitening.Kind.pca, .zca])
  func identityCovariance(_ kind: Whitening.Kind) throws {
    let whitening = try Whitening(fitting: samples, kind: kind)
    let bound = whitenedBound(whitening)
    let white = moments(whitening(samples).matrix(0..<3_000).doubles)
    // An error δ in every value of unit variance moves a covariance by at most 2δ + δ².
    #expect(largestDifference(white.covariance, identity(6)) <= 3 * bound)
    #expect(white.mean.allSatisfy { abs($0) <= bound })
  }

  @Test("standardisation makes every variance 1 and leaves correlations")
  func standardization() throws {
    let whitening = try Whitening(fitting: samples, kind: .standardization)
    let white = moments(whitening(samples).matrix(0..<3_000).doubles)
    let bound = whitenedBound(whitening)
    let covariance = moments(samples.matrix(0..<3_000).doubles).covariance
    let correlation = covariance.indices.map { i in
      covariance.indices.map { covariance[i][$0] / (covariance[i][i] * covariance[$0][$0]).squareRoot() }
    }
    #expect(largestDifference(white.covariance, correlation) <= 3 * bound)
    #expect(white.mean.allSatisfy { abs($0) <= bound })
  }

  @Test("the way back returns the rows", arguments: Whitening.Kind.allCases)
  func inversion(_ kind: Whitening.Kind) throws {
    let whitening = try Whitening(fitting: samples, kind: kind)
    let back = whitening.invert(whitening.apply(samples.matrix(0..<3_000).view).view).doubles
    // What the whitened values are off, through M⁻¹ (a sum of six), and the rounding of M and M⁻¹ themselves.
    let inverse = whitening.inverse.doubles
    let gain = (0..<6).map { column in inverse.reduce(0) { $0 + abs($1[column]) } }.max()!
    #expect(largestDifference(back, samples.matrix(0..<3_000).doubles) <= 2 * gain * whitenedBound(whitening))
  }

  @Test("the matrix of zca is symmetric")
  func symmetry() throws {
    let whitening = try Whitening(fitting: samples, kind: .zca)
    #expect(whitening.matrix == whitening.matrix.transposed)
    #expect(whitening.inverse == whitening.inverse.transposed)
  }

  @Test("pca orders its components by their variance, and keeps the first of them")
  func components() throws {
    let all = try Whitening(fitting: samples, kind: .pca)
    let some = try Whitening(fitting: samples, kind: .pca, components: 2)
    let scales = (0..<6).map { row in all.inverse.doubles[row].reduce(0) { $0 + $1 * $1 } }
    #expect(scales == scales.sorted(by: >))
    #expect(some.matrix.doubles == all.matrix.doubles.map { Array($0.prefix(2)) })
    #expect(some.inverse.doubles == Array(all.inverse.doubles.prefix(2)))
    #expect(some.logDeterminant == nil && all.logDeterminant != nil)
    // Forth and back is a projection: doing it twice changes nothing more.
    let once = some.invert(some.apply(samples.matrix(0..<9).view).view)
    let twice = some.invert(some.apply(once.view).view)
    #expect(largestDifference(once.doubles, twice.doubles) <= 100 * whitenedBound(some))
  }

  @Test("a log-density converts to the user's units", arguments: Whitening.Kind.allCases)
  func logDensity(_ kind: Whitening.Kind) throws {
    // A Gaussian N(mean, C) on x is N(0, MᵀCM) on y: log p(x) = log p(y) + log |det M| at every point.
    let whitening = try Whitening(fitting: samples, kind: kind)
    let (mean, covariance) = moments(samples.matrix(0..<3_000).doubles)
    let m = whitening.matrix.doubles
    let half = covariance.map { row in (0..<6).map { dot(row, column($0, m)) } }
    let whitened = (0..<6).map { i in (0..<6).map { dot(column(i, m), column($0, half)) } }
    for sample in [0, 17, 2_999] {
      let x = samples.matrix([sample]).doubles[0]
      let deviation = zip(x, mean).map { $0 - $1 }
      let y = (0..<6).map { dot(deviation, column($0, m)) }
      let converted = try gaussianLogDensity(y, whitened) + whitening.logDeterminant!
      // Both sides in Double with condition numbers below 10⁶ and values below 10²: 1e-16 · 1e8.
      #expect(abs(converted - (try gaussianLogDensity(deviation, covariance))) <= 1e-8)
    }
  }

  private func gaussianLogDensity(_ x: [Double], _ covariance: [[Double]]) throws -> Double {
    let cholesky = try Cholesky(covariance)
    return -0.5 * (dot(x, cholesky.solve(x)) + cholesky.logDeterminant + Double(x.count) * log(2 * Double.pi))
  }

  @Test("ε is added to every variance", arguments: Whitening.Kind.allCases)
  func epsilon(_ kind: Whitening.Kind) throws {
    // Two columns of variance 4 and 1, uncorrelated: 1/√(4 + 5) and 1/√(1 + 5).
    let plain: [[Double]] = [[2, 1], [2, -1], [-2, 1], [-2, -1]]
    let whitening = try Whitening(fitting: FloatSamples(plain), kind: kind, epsilon: 5)
    let expected = [1.0 / 3, 1 / 6.0.squareRoot()]
    for column in 0..<2 {
      #expect(abs(whitening.matrix.doubles[column][column] - expected[column]) <= 2 * roundoff)
    }
  }

  @Test("the numbers do not depend on the threads", arguments: Whitening.Kind.allCases)
  func threads(_ kind: Whitening.Kind) throws {
    let wide = FloatSamples(width: 150, values: (0..<(150 * 2_100)).map { Float(($0 &* 7_919) % 1_009) })
    let one = try Whitening(fitting: wide, kind: kind, epsilon: 1, parallel: Parallel(threads: 1))
    let three = try Whitening(fitting: wide, kind: kind, epsilon: 1, parallel: Parallel(threads: 3))
    #expect(one == three)
    let few = wide.matrix(1_000..<1_003)
    #expect(
      one(wide, parallel: Parallel(threads: 1)).matrix(0..<2_100)
        == one(wide, parallel: Parallel(threads: 3)).matrix(0..<2_100))
    #expect(one.apply(few.view).rows == 3)
  }

  @Test("its pieces make it again")
  func pieces() throws {
    let whitening = try Whitening(fitting: samples, kind: .zca)
    let again = try Whitening(
      kind: whitening.kind, mean: whitening.mean, matrix: whitening.matrix, inverse: whitening.inverse)
    #expect(again == whitening)
  }
}

@Suite("Whitening of bad data")
struct WhiteningErrorTests {
  private func message(
    _ rows: [[Double]], _ kind: Whitening.Kind, components: Int? = nil, epsilon: Double = 0
  ) -> String? {
    do {
      _ = try Whitening(
        fitting: FloatSamples(rows), kind: kind, components: components, epsilon: epsilon)
      return nil
    } catch { return "\(error)" }
  }

  @Test("a constant column is named, unless ε or the number of components takes care of it")
  func constantColumn() throws {
    let constant: [[Double]] = [[1, 0.1, 5], [2, 0.1, 7], [4, 0.1, 1], [8, 0.1, 3]]
    for kind in Whitening.Kind.allCases {
      #expect(message(constant, kind) == "column 2 is constant: leave it out or set epsilon")
      let whitening = try Whitening(fitting: FloatSamples(constant), kind: kind, epsilon: 0.01)
      let back = whitening.invert(whitening.apply(Matrix(constant).view).view).doubles
      // Values up to 8 through d = 3 products and back, with scales between 10 and 1/3: 1e-6 · 100.
      #expect(largestDifference(back, constant) <= 1e-4)
    }
    #expect(message(constant, .pca, components: 2) == nil)
    #expect(
      message(constant, .pca, components: 3)
        == "the data vary in 2 of 3 directions only: keep at most 2 components or set epsilon")
  }

  @Test("columns that depend on each other are missing variance, but no bar to standardisation")
  func dependentColumns() {
    let dependent = [[1.0, 2], [2, 4], [3, 6]]
    for kind in [Whitening.Kind.pca, .zca] {
      #expect(
        message(dependent, kind)
          == "the data vary in 1 of 2 directions only: keep at most 1 components or set epsilon")
      #expect(message(dependent, kind, epsilon: 0.1) == nil)
    }
    #expect(message(dependent, .standardization) == nil)
  }

  @Test("other data and settings that cannot work")
  func others() {
    #expect(message([[1, 2], [3, .infinity]], .zca) == "column 2 holds a value that is not finite")
    #expect(message([[1, .nan], [3, 4]], .pca) == "column 2 holds a value that is not finite")
    #expect(message([[1, 2]], .zca) == "column 1 is constant: leave it out or set epsilon")
    #expect(message([[1], [2]], .zca, epsilon: -1) == "epsilon is at least 0, not -1.0")
    #expect(message([[1], [2]], .zca, components: 1) == "only pca keeps a number of components, not zca")
    #expect(message([[1], [2]], .pca, components: 2) == "there are 1 to 1 components to keep, not 2")
    #expect(throws: WhiteningError.self) {
      try Whitening(fitting: BitSamples(count: 0, width: 3), kind: .zca)
    }
  }

  @Test("pieces that do not fit, are not finite or singular")
  func badPieces() {
    func make(_ mean: [Float], _ matrix: [[Double]], _ inverse: [[Double]]) throws {
      _ = try Whitening(kind: .zca, mean: mean, matrix: Matrix(matrix), inverse: Matrix(inverse))
    }
    let one = [[1.0, 0], [0, 1]]
    #expect(throws: Never.self) { try make([0, 0], one, one) }
    #expect(throws: WhiteningError.self) { try make([0], one, one) }
    #expect(throws: WhiteningError.self) { try make([0, 0], [[1, 0]], one) }
    #expect(throws: WhiteningError.self) { try make([0, .nan], one, one) }
    #expect(throws: WhiteningError.self) { try make([0, 0], [[1, 0], [0, 0]], one) }
  }
}
