import Boltzmann
import BoltzmannCompute
import BoltzmannData
import Testing

/// A file as a machine that is already there takes it.
@Suite struct VisibleColumnsTests {
  private func read(_ text: String, _ visibles: VisibleColumns) throws -> DataSet {
    try DataSet(
      NumericTable.decode(Array(text.utf8), path: "file"), preprocessing: Preprocessing(),
      visibles: visibles, seed: 0)
  }

  private static let blocks = [
    UnitBlock(kind: "bernoulli", count: 1), UnitBlock(kind: "categorical", states: [3, 2]),
    UnitBlock(kind: "gaussian", count: 1),
  ]

  /// Sites have the machine's numbers of states, though the file's values would make do with fewer.
  @Test func statesOfTheMachine() throws {
    let data = try read("1,1,0,-2.5\n", VisibleColumns(of: Self.blocks, name: "m"))
    #expect(data.samples.matrix([0]).values == [1, 0, 1, 0, 1, 0, -2.5])
    #expect(data.samples.width == Self.blocks.reduce(0) { $0 + $1.columns })
  }

  /// A column of the file is a site of the machine, not one of its states.
  @Test(arguments: [
    ("1,1,0\n", "file: has 3 columns, but m has 4 visible units"),
    ("1,0,1,0,1,0,2\n", "file: has 7 columns, but m has 4 visible units"),
    ("0,2,2,1\n", "file: row 1, column 3: 2.0 is no state number from 0 … 1"),
    ("0,3,1,1\n", "file: row 1, column 2: 3.0 is no state number from 0 … 2"),
  ])
  func whatDoesNotFit(text: String, expected: String) {
    #expect(message { _ = try read(text, VisibleColumns(of: Self.blocks, name: "m")) } == expected)
  }

  /// Of a machine of whitened data the columns are those before whitening.
  @Test func whitened() throws {
    let whitening = try Whitening(
      kind: .pca, mean: [1, 2, 3], matrix: Matrix(rows: 3, columns: 2, values: [1, 0, 0, 1, 0, 0]),
      inverse: Matrix(rows: 2, columns: 3, values: [1, 0, 0, 0, 1, 0]))
    let visibles = VisibleColumns(
      of: [UnitBlock(kind: "gaussian", count: 2)], name: "m", whitening: whitening)
    let table = try NumericTable.decode(Array("2,-2,7\n".utf8), path: "file")
    let data = try DataSet(
      table, preprocessing: Preprocessing(whitening: .fitted(whitening)), visibles: visibles, seed: 0)
    #expect(data.samples.matrix([0]).values == [1, -4])
    #expect(
      message { _ = try read("1,2\n", visibles) } == "file: has 2 columns, but m has 3 visible units")
  }
}
