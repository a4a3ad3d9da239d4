import BoltzmannCompute
import Testing

@Suite struct MatrixTests {
  @Test func startsWithZeros() {
    let matrix = Matrix(rows: 3, columns: 5)
    #expect(matrix.values == [Float](repeating: 0, count: 15))
    #expect(matrix.rows == 3 && matrix.columns == 5)
  }

  @Test func valuesAreRowMajor() {
    let matrix = Matrix(rows: 2, columns: 3, values: [1, 2, 3, 4, 5, 6])
    #expect(matrix[0, 2] == 3 && matrix[1, 0] == 4)
    #expect(matrix.values == [1, 2, 3, 4, 5, 6])
    #expect(matrix == Matrix(rows: 2, columns: 3) { Float(3 * $0 + $1 + 1) })
  }

  @Test func errorsOfTheValuesArePassedOn() {
    struct Refusal: Error {}
    #expect(throws: Refusal.self) {
      try Matrix(rows: 2, columns: 2) { row, _ in
        if row == 1 { throw Refusal() }
        return 0
      }
    }
  }

  @Test(arguments: [(0, 0), (0, 4), (4, 0), (1, 1), (1, 17), (33, 1), (5, 40), (32, 48)])
  func transposesExchangeRowsAndColumns(_ rows: Int, _ columns: Int) {
    let matrix = Matrix.normal(rows: rows, columns: columns, seed: 1)
    let transposed = matrix.transposed
    #expect(transposed.rows == columns && transposed.columns == rows)
    #expect(transposed == Matrix(rows: columns, columns: rows) { matrix[$1, $0] })
    #expect(matrix.values.count == rows * columns)
  }

  @Test func equalityTakesShapesIntoAccount() {
    #expect(Matrix(rows: 2, columns: 3) != Matrix(rows: 3, columns: 2))
    #expect(Matrix(rows: 0, columns: 3) != Matrix(rows: 0, columns: 2))
    var matrix = Matrix(rows: 2, columns: 3)
    #expect(matrix == Matrix(rows: 2, columns: 3))
    matrix[1, 1] = 1
    #expect(matrix != Matrix(rows: 2, columns: 3))
  }
}

@Suite struct MatrixLayoutTests {
  @Test func stridesAreTheSmallestOddMultiplesOf64Bytes() {
    for columns in 0...300 {
      let stride = Matrix(rows: 1, columns: columns).stride
      #expect(stride % 32 == 16 && stride >= columns && stride - columns < 32, "\(columns) columns")
    }
  }

  @Test(arguments: [(1, 1), (3, 16), (7, 17), (5, 784), (2, 0), (0, 3)])
  func rowsStartAt64ByteBoundaries(_ rows: Int, _ columns: Int) {
    let matrix = Matrix(rows: rows, columns: columns)
    for row in 0..<rows {
      let address = UInt(bitPattern: matrix.view.rows(row..<rows).base)
      #expect(address.isMultiple(of: 64))
    }
  }

  /// Whatever writes a matrix writes its columns only.
  @Test(arguments: [1, 15, 16, 17, 45])
  func paddingStaysZero(_ columns: Int) {
    let source = Matrix.normal(rows: 4, columns: columns, seed: 2)
    let square = Matrix.normal(rows: 4, columns: 4, seed: 3)
    let bias = normals(columns, seed: 4)
    let random = RandomRows(RandomStream(seed: 5, purpose: .test), rows: [0, 1, 2, 3])
    var matrix = source
    let writers: [(MutableMatrixView) -> Void] = [
      { $0.fill(7) }, { $0.copy(source.view) }, { $0.multiply(square.view, source.view, beta: 1) },
      { $0.add(source.view, scale: 2) }, { $0.logistic(of: source.view, bias: bias) },
      { $0.sampleBernoulli(inputs: source.view, bias: bias, means: $0, random: random) },
      { $0.drawBernoulli(means: source.view, random: random) },
      { $0.addScaledRows(of: source.view, to: source.view.rows(0..<1), factors: [1, 2, 3, 4]) },
      { $0.setRow(2, bias) }, { $0.setColumn(0, [1, 2, 3, 4]) },
      { $0.expandBits([UInt8](repeating: 0xFF, count: 6), from: 0, row: 3) },
      { $0.expandBytes([UInt8](repeating: 9, count: 45), from: 0, scale: 1, row: 1) },
    ]
    for write in writers {
      matrix.withMutableView(write)
      #expect(matrix.padding.allSatisfy { $0 == 0 })
    }
  }
}

@Suite struct MatrixValueSemanticsTests {
  @Test func copiesAreIndependent() {
    let original = Matrix.normal(rows: 3, columns: 4, seed: 6)
    let values = original.values
    var (first, second) = (original, original)
    first[1, 2] = 100
    second.withMutableView { $0.fill(5) }
    #expect(original.values == values)
    #expect(first[1, 2] == 100 && first[0, 0] == values[0])
    #expect(second.values == [Float](repeating: 5, count: 12))
  }

  /// A view shows what the matrix was when it was taken.
  @Test func viewsKeepWhatTheyShow() {
    var matrix = Matrix.filled(rows: 2, columns: 2, 1)
    let view = matrix.view
    matrix[0, 0] = 9
    matrix.withMutableView { $0[1, 1] = 8 }
    #expect(view.values == [1, 1, 1, 1])
    #expect(matrix.values == [9, 1, 1, 8])
  }

  @Test func viewsOutliveTheirMatrix() {
    let view = Matrix.filled(rows: 2, columns: 2, 3).view
    #expect(view.values == [3, 3, 3, 3])
  }

  @Test func mutableViewsGiveResultsAndPassErrorsOn() {
    struct Refusal: Error {}
    var matrix = Matrix(rows: 1, columns: 1)
    #expect(matrix.withMutableView { $0.rows } == 1)
    #expect(throws: Refusal.self) { try matrix.withMutableView { _ in throw Refusal() } }
  }

  // Allocations are counted for the whole process: a process of its own makes the count exact.
  @Test func onlySharedMatricesAreCopied() async {
    await #expect(processExitsWith: .success) {
      var matrix = Matrix(rows: 10, columns: 10)
      let alone = MatrixAllocations.count
      for row in 0..<10 { matrix[row, row] = 1 }
      matrix.withMutableView { $0.fill(2) }
      #expect(MatrixAllocations.count == alone)

      let copy = matrix
      #expect(MatrixAllocations.count == alone)
      for row in 0..<10 { matrix[row, row] = 3 }
      #expect(MatrixAllocations.count == alone + 1)
      #expect(copy[0, 0] == 2 && matrix[0, 0] == 3)
    }
  }
}
