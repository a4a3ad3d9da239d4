import BoltzmannCompute
import Foundation
import Testing

/// B·Bᵀ + I for a normal B: symmetric, its eigenvalues between 1 and 1 + ‖B‖².
private func positiveDefinite(order: Int, seed: UInt64) -> [[Double]] {
  let b = Matrix.normal(rows: order, columns: order, seed: seed)
  return (0..<order).map { row in
    (0..<order).map { column in
      (0..<order).reduce(row == column ? 1 : 0) { $0 + Double(b[row, $1]) * Double(b[column, $1]) }
    }
  }
}

private func product(_ a: [[Double]], _ x: [Double]) -> [Double] {
  a.map { row in zip(row, x).reduce(0) { $0 + $1.0 * $1.1 } }
}

private func norm(_ a: [[Double]]) -> Double {
  a.joined().reduce(0) { $0 + $1 * $1 }.squareRoot()
}

private let orders = [1, 2, 7, 60]

@Suite struct CholeskyTests {
  /// A backward stable solver's residual is a small multiple of n·2⁻⁵³·‖A‖·‖x‖ (Higham, theorem 10.4: 3n + 1).
  private func residualBound(_ a: [[Double]], _ x: [Double]) -> Double {
    Double(3 * a.count + 1) * 0x1p-53 * norm(a) * norm([x])
  }

  @Test(arguments: orders) func solves(_ order: Int) throws {
    let a = positiveDefinite(order: order, seed: 1)
    let b = normals(order, seed: 2).map(Double.init)
    let x = try Cholesky(a).solve(b)
    let residual = zip(product(a, x), b).map { $0 - $1 }
    #expect(norm([residual]) <= residualBound(a, x))
  }

  @Test(arguments: orders) func inverts(_ order: Int) throws {
    let a = positiveDefinite(order: order, seed: 3)
    let inverse = try Cholesky(a).inverse
    for column in 0..<order {
      let x = (0..<order).map { inverse[$0 * order + column] }
      var residual = product(a, x)
      residual[column] -= 1
      // The inverse from L⁻¹ is as good as n·2⁻⁵³·‖L‖·‖L⁻¹‖ column by column, below ‖A‖·‖A⁻¹‖: eigenvalues ≥ 1.
      #expect(norm([residual]) <= Double(10 * order) * 0x1p-53 * norm(a) * norm(a))
      #expect((0..<order).allSatisfy { inverse[$0 * order + column] == inverse[column * order + $0] })
    }
  }

  @Test(arguments: orders) func logDeterminantIsThatOfTheEigenvalues(_ order: Int) throws {
    let a = positiveDefinite(order: order, seed: 4)
    let expected = try SymmetricEigen(a).values.reduce(0) { $0 + log($1) }
    // A relative perturbation of A by n·2⁻⁵³·10 moves log det by its trace against A⁻¹ ≤ I.
    #expect(
      abs(try Cholesky(a).logDeterminant - expected) <= Double(10 * order * order) * 0x1p-53 * norm(a))
  }

  @Test func aKnownCase() throws {
    let cholesky = try Cholesky([[4, 2], [2, 5]])
    // L = [[2, 0], [1, 2]]: all exact but the logarithm.
    #expect(abs(cholesky.logDeterminant - log(16)) <= 2 * 0x1p-52 * log(16))
    #expect(cholesky.solve([8, 12]) == [1, 2])
    #expect(try Cholesky([4, 2, 2, 5], order: 2).solve([8, 12]) == [1, 2])
  }

  @Test func tellsWhichMinorIsNotPositive() {
    #expect(throws: FactorizationError.notPositiveDefinite(minor: 2)) {
      try Cholesky([[1, 2, 0], [2, 1, 0], [0, 0, 1]])
    }
    #expect(throws: FactorizationError.notPositiveDefinite(minor: 1)) { try Cholesky([[0]]) }
    #expect(throws: FactorizationError.notFinite) { try Cholesky([[1, .nan], [.nan, 1]]) }
    #expect(throws: FactorizationError.notFinite) { try Cholesky([[.infinity]]) }
    #expect(
      FactorizationError.notPositiveDefinite(minor: 2).description
        == "the matrix is not positive definite: its leading minor of order 2 is not positive")
  }

  @Test func nothingIsPositiveDefinite() throws {
    let empty = try Cholesky([], order: 0)
    #expect(empty.logDeterminant == 0 && empty.solve([]) == [] && empty.inverse == [])
  }
}

@Suite struct SymmetricEigenTests {
  @Test(arguments: orders) func decomposes(_ order: Int) throws {
    let a = positiveDefinite(order: order, seed: 5)
    let eigen = try SymmetricEigen(a)
    #expect(eigen.values == eigen.values.sorted())
    // Backward stable: each residual and each product of eigenvectors is off by a small multiple of n·2⁻⁵³.
    let small = Double(10 * order) * 0x1p-53
    for (k, vector) in eigen.vectors.enumerated() {
      let residual = zip(product(a, vector), vector).map { $0 - eigen.values[k] * $1 }
      #expect(norm([residual]) <= small * norm(a))
      for (l, dot) in product(eigen.vectors, vector).enumerated() {
        #expect(abs(dot - (k == l ? 1 : 0)) <= small)
      }
    }
  }

  @Test func aKnownCase() throws {
    let eigen = try SymmetricEigen([[2, -1], [-1, 2]])
    let half = 0.5.squareRoot()
    #expect(zip(eigen.values, [1, 3]).allSatisfy { abs($0 - $1) <= 4 * 0x1p-52 })
    #expect(zip(eigen.vectors[0], [half, half]).allSatisfy { abs($0 - $1) <= 4 * 0x1p-52 })
  }

  @Test func theLargestEntryOfAVectorIsPositive() throws {
    for vector in try SymmetricEigen(positiveDefinite(order: 30, seed: 6)).vectors {
      #expect(vector.max()! >= -vector.min()!)
    }
  }

  @Test func refusesWhatIsNotFinite() {
    #expect(throws: FactorizationError.notFinite) { try SymmetricEigen([[.nan]]) }
  }
}

@Suite struct DoubleProductTests {
  @Test func addsTheProductsOfSomeColumns() {
    // Small integers, of which Double makes exact sums.
    let x = (0..<15).map { Double($0 * 7 % 11) - 5 }
    var sums = [Double](repeating: 1, count: 10)
    addColumnProducts(x, width: 5, columns: 2..<4, to: &sums)
    for (i, column) in (2..<4).enumerated() {
      for j in 0..<5 {
        #expect(sums[i * 5 + j] == 1 + (0..<3).reduce(0) { $0 + x[$1 * 5 + column] * x[$1 * 5 + j] })
      }
    }
  }

  @Test func ofNothing() {
    var sums = [1.0, 2]
    addColumnProducts([], width: 2, columns: 0..<1, to: &sums)
    #expect(sums == [1, 2])
  }
}
