public import BoltzmannCompute

/// How far the moments of two sets of independent samples are from one another.
/// ```
/// means    μ_i = ⟨x_i⟩
/// pairs    ⟨(x_i − μ_i)(x_j − μ_j)⟩, i < j
/// triples  ⟨(x_i − μ_i)(x_j − μ_j)(x_k − μ_k)⟩, i < j < k: some of them, at random
/// ```
public struct MomentComparison: Sendable {
  public let means: MomentAgreement
  public let pairs: MomentAgreement
  public let triples: MomentAgreement

  /// Of at most 10,000 samples each, 512 columns, and 10,000 triples.
  public init(data: any Samples, samples: any Samples, seed: UInt64, parallel: Parallel = .all) {
    precondition(data.width == samples.width, "moments of samples of one width")
    let columns = evenlySpread(data.width, limit: 512)
    let triples = randomTriples(of: columns.count, limit: 10_000, seed: seed)
    let sets = [data, samples].map { set in
      let some = SelectedSamples(set, numbers: set.evenlySpread(10_000))
      return CentralMoments(CenteredColumns(some, columns, parallel), triples: triples, parallel)
    }
    means = MomentAgreement(sets[0].means, sets[1].means)
    pairs = MomentAgreement(sets[0].pairs, sets[1].pairs)
    self.triples = MomentAgreement(sets[0].triples, sets[1].triples)
  }
}

/// Two lists of moments, compared.
public struct MomentAgreement: Sendable {
  /// Moments that vary at all.
  public let count: Int
  /// Pearson's correlation of the two lists; nil where a list is constant.
  public let correlation: Double?
  /// The root mean square of the differences, each over its standard error: 1 where both sets are of one law.
  ///
  /// Nil where there are none.
  public let deviation: Double?

  /// The variance is that of both sets together, as it is where they are of one law:
  /// ```
  /// z = (ā − b̄)/s          s² = Var_{a ∪ b}·(1/n_a + 1/n_b)
  /// ```
  /// So no moment that is constant in one set, as a pixel that is never on in a few samples, seems to be certain.
  init(_ a: MomentList, _ b: MomentList) {
    var first: [Double] = [], second: [Double] = [], squares = 0.0
    let (n, m) = (a.samples, b.samples), inverse = 1 / n + 1 / m
    for index in a.means.indices {
      let (x, y) = (a.means[index], b.means[index]), both = (n * x + m * y) / (n + m)
      let variance = (n * a.squares[index] + m * b.squares[index]) / (n + m) - both * both
      guard variance > 1e-12 * both * both else { continue }
      first.append(x)
      second.append(y)
      squares += (x - y) * (x - y) / (variance * inverse)
    }
    count = first.count
    correlation = pearsonCorrelation(first, second)
    deviation = count > 0 ? (squares / Double(count)).squareRoot() : nil
  }
}

/// The means of some functions of a sample over a set, and the means of their squares.
struct MomentList: Sendable {
  let means: [Double]
  let squares: [Double]
  let samples: Double
}

/// The correlation coefficient of two lists; nil where one is constant.
func pearsonCorrelation(_ a: [Double], _ b: [Double]) -> Double? {
  let (x, y) = (centerOf(a), centerOf(b))
  var (xx, yy, xy) = (0.0, 0.0, 0.0)
  for (a, b) in zip(a, b) {
    xx += (a - x) * (a - x)
    yy += (b - y) * (b - y)
    xy += (a - x) * (b - y)
  }
  return xx > 0 && yy > 0 ? xy / (xx * yy).squareRoot() : nil
}

/// Some columns of a set, less their means; row-major `[samples, columns]`.
private struct CenteredColumns: Sendable {
  let count: Int
  let width: Int
  let means: [Double]
  let variances: [Double]
  let deviations: [Double]

  init(_ samples: any Samples, _ columns: [Int], _ parallel: Parallel) {
    let width = columns.count, count = samples.count
    let values = parallel.mapBlocks(of: count, size: 1000) { range in
      let rows = samples.matrix(range)
      return range.indices.flatMap { row in columns.map { Double(rows[row - range.lowerBound, $0]) } }
    }.flatMap { $0 }
    let means = columnMeans(values, width)
    let deviations = values.indices.map { values[$0] - means[$0 % width] }
    self.count = count
    self.width = width
    self.means = means
    variances = columnMeans(deviations.map { $0 * $0 }, width)
    self.deviations = deviations
  }
}

private func columnMeans(_ values: [Double], _ width: Int) -> [Double] {
  var sums = [Double](repeating: 0, count: width)
  for (place, value) in values.enumerated() { sums[place % width] += value }
  return sums.map { $0 * Double(width) / Double(values.count) }
}

/// The moments of a set, with what their standard errors need.
private struct CentralMoments: Sendable {
  let means: MomentList
  let pairs: MomentList
  let triples: MomentList

  init(_ columns: CenteredColumns, triples: [SIMD3<Int>], _ parallel: Parallel) {
    let samples = Double(columns.count)
    means = MomentList(
      means: columns.means, squares: zip(columns.means, columns.variances).map { $0 * $0 + $1 },
      samples: samples)
    let squares = columns.deviations.map { $0 * $0 }
    pairs = MomentList(
      means: upperProducts(columns.deviations, columns.width, parallel),
      squares: upperProducts(squares, columns.width, parallel), samples: samples)
    let sums = parallel.mapBlocks(of: triples.count, size: 256) { range in
      triples[range].map { columns.moment($0) }
    }.flatMap { $0 }
    self.triples = MomentList(means: sums.map(\.mean), squares: sums.map(\.square), samples: samples)
  }
}

extension CenteredColumns {
  fileprivate func moment(_ triple: SIMD3<Int>) -> (mean: Double, square: Double) {
    var (sum, squares) = (0.0, 0.0)
    for row in 0..<count {
      let begin = row * width
      let x = deviations[begin + triple.x] * deviations[begin + triple.y] * deviations[begin + triple.z]
      sum += x
      squares += x * x
    }
    return (sum / Double(count), squares / Double(count))
  }
}

/// The mean products of two columns i < j, row by row.
private func upperProducts(_ values: [Double], _ width: Int, _ parallel: Parallel) -> [Double] {
  parallel.mapBlocks(of: width, size: 128) { columns in
    var sums = [Double](repeating: 0, count: columns.count * width)
    addColumnProducts(values, width: width, columns: columns, to: &sums)
    let scale = Double(width) / Double(values.count)
    var products: [Double] = []
    for i in columns {
      for j in (i + 1)..<max(width, i + 1) {
        products.append(scale * sums[(i - columns.lowerBound) * width + j])
      }
    }
    return products
  }.flatMap { $0 }
}

/// All triples i < j < k where there are at most `limit`, else so many at random.
private func randomTriples(of width: Int, limit: Int, seed: UInt64) -> [SIMD3<Int>] {
  guard width >= 3 else { return [] }
  if width * (width - 1) * (width - 2) / 6 <= limit { return allTriples(of: width) }
  let random = RandomStream(seed: seed, purpose: .selection)
  return (0..<limit).map { number in
    let uniform = random.uniforms(row: UInt64(number), count: 3)
    return distinct(uniform, below: width)
  }
}

private func allTriples(of width: Int) -> [SIMD3<Int>] {
  var triples: [SIMD3<Int>] = []
  for i in 0..<(width - 2) {
    for j in (i + 1)..<(width - 1) {
      for k in (j + 1)..<width { triples.append(SIMD3(i, j, k)) }
    }
  }
  return triples
}

/// Three different numbers below `width`, ascending: the second and third of what the ones before have left.
private func distinct(_ uniform: [Double], below width: Int) -> SIMD3<Int> {
  var chosen: [Int] = []
  for (place, u) in uniform.enumerated() {
    var number = min(Int(u * Double(width - place)), width - place - 1)
    for other in chosen where number >= other { number += 1 }
    chosen.append(number)
    chosen.sort()
  }
  return SIMD3(chosen[0], chosen[1], chosen[2])
}

/// Up to `limit` numbers below `count`, spread evenly.
func evenlySpread(_ count: Int, limit: Int) -> [Int] {
  count > limit ? (0..<limit).map { $0 * count / limit } : Array(0..<count)
}
