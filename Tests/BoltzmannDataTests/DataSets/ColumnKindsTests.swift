import Boltzmann
import BoltzmannCompute
import BoltzmannData
import Testing

/// Columns of a file as visibles of every kind, whatever the file's format.
@Suite struct ColumnKindsTests {
  private func read(
    _ kind: String, _ bytes: [UInt8], _ preprocessing: Preprocessing = Preprocessing()
  ) throws -> DataSet {
    let specification = try #require(LayerSpecification(kind))
    return try DataSet(
      NumericTable.decode(bytes, path: "file"), preprocessing: preprocessing,
      visibles: VisibleColumns(specification), seed: 0)
  }

  private func read(
    _ kind: String, _ text: String, _ preprocessing: Preprocessing = Preprocessing()
  ) throws -> DataSet {
    try read(kind, Array(text.utf8), preprocessing)
  }

  private func rows(_ data: DataSet) -> [[Float]] {
    (0..<data.samples.count).map { data.samples.matrix($0..<($0 + 1)).values }
  }

  /// The same table as bytes, as floats and as text.
  private static func encodings(_ table: [[Float]]) -> [[UInt8]] {
    let values = Array(table.joined()), shape = [table.count, table[0].count]
    let text = CSV.encode(.floats(values), columns: shape[1])
    let isBytes = values.allSatisfy { (0...255).contains($0) && $0 == $0.rounded() }
    let bytes = isBytes ? [NPY.encode(values.map { UInt8($0) }, shape: shape)] : []
    return bytes + [NPY.encode(values, shape: shape), text]
  }

  /// Whole files of bytes may be grey pictures; a column of codes beside others is a mistake.
  @Test func codesAreNotGrey() throws {
    let bytes = NPY.encode([1, 5, 2, 7] as [UInt8], shape: [2, 2])
    let error = #expect(throws: DataError.self) { try read("bernoulli,gaussian*1", bytes) }
    #expect(error?.description.contains("row 2, column 1: 2.0 lies outside [0, 1]") == true)
    #expect(try read("bernoulli", bytes).preprocessing.scale == 255)
  }

  // MARK: - One kind

  private static let kinds: [(kind: String, table: [[Float]], expected: [[Float]], blocks: [UnitBlock])] = [
    ("bernoulli", [[0, 1], [1, 1]], [[0, 1], [1, 1]], [UnitBlock(kind: "bernoulli", count: 2)]),
    ("spin", [[0, 1], [1, 1]], [[-1, 1], [1, 1]], [UnitBlock(kind: "spin", count: 2)]),
    ("spin", [[-1, 1], [1, 1]], [[-1, 1], [1, 1]], [UnitBlock(kind: "spin", count: 2)]),
    (
      "categorical", [[0, 1], [2, 0]], [[1, 0, 0, 0, 1], [0, 0, 1, 1, 0]],
      [UnitBlock(kind: "categorical", states: [3, 2])]
    ),
    (
      "categorical:3", [[0, 1], [2, 0]], [[1, 0, 0, 0, 1, 0], [0, 0, 1, 1, 0, 0]],
      [UnitBlock(kind: "categorical", states: [3, 3])]
    ),
    ("categorical", [[0], [0]], [[1], [1]], [UnitBlock(kind: "categorical", states: [1])]),
    ("gaussian", [[0, 255], [7, 1]], [[0, 255], [7, 1]], [UnitBlock(kind: "gaussian", count: 2)]),
    ("gaussian", [[-1.5], [1e6], [0.1]], [[-1.5], [1e6], [0.1]], [UnitBlock(kind: "gaussian", count: 1)]),
    ("relu", [[0, 255], [7, 1]], [[0, 255], [7, 1]], [UnitBlock(kind: "relu", count: 2)]),
    ("relu", [[0, 2.5]], [[0, 2.5]], [UnitBlock(kind: "relu", count: 2)]),
  ]

  @Test(arguments: kinds.indices)
  func everyFormat(index: Int) throws {
    let (kind, table, expected, blocks) = Self.kinds[index]
    for file in Self.encodings(table) {
      let data = try read(kind, file)
      #expect(rows(data) == expected)
      #expect(data.blocks == blocks && data.units.blocks == blocks)
      #expect(data.hasLikelihood && data.samples.weights == nil && data.logUnits == 0)
    }
  }

  /// A number of two bytes counts as itself; so do as many states as a site may have.
  @Test func manyStates() throws {
    let data = try read("categorical", NPY.encode([Float(65535), 256], shape: [2, 1]))
    #expect(data.blocks == [UnitBlock(kind: "categorical", states: [65536])])
    #expect(data.samples.matrix([1]).values.firstIndex(of: 1) == 256)
  }

  @Test func scale() throws {
    #expect(try rows(read("gaussian", "2,-4\n6,1\n", Preprocessing(scale: 4))) == [[0.5, -1], [1.5, 0.25]])
    #expect(try rows(read("relu", "2,4\n6,1\n", Preprocessing(scale: 4))) == [[0.5, 1], [1.5, 0.25]])
    // Also where no value is above 1, unlike that of grey values.
    #expect(try rows(read("gaussian", "0,1\n", Preprocessing(scale: 4))) == [[0, 0.25]])
    #expect(try rows(read("spin", "0,200\n", Preprocessing(scale: 255))) == [[-1, 1]])
  }

  @Test func greySpins() throws {
    let data = try read("spin", "0,0.4\n0.6,1\n")
    #expect(rows(data) == [[-1, -1], [1, 1]] && data.hasLikelihood)
    let left = try read("spin", "0,0.25\n", Preprocessing(binarization: .none))
    #expect(rows(left) == [[-1, -0.5]] && !left.hasLikelihood)
  }

  // MARK: - Several kinds

  private static let mixed = "bernoulli*1,categorical:3*1,categorical*1,gaussian*2,spin*1,relu"

  @Test func mixedTables() throws {
    let data = try read(Self.mixed, "on,a,b,x,y,s,r\n1,2,1,-0.5,40,-1,0\n0,0,3,2.25,17,1,9.5\n")
    #expect(
      rows(data) == [
        [1, 0, 0, 1, 0, 1, 0, 0, -0.5, 40, -1, 0], [0, 1, 0, 0, 0, 0, 0, 1, 2.25, 17, 1, 9.5],
      ])
    #expect(
      data.blocks == [
        UnitBlock(kind: "bernoulli", count: 1), UnitBlock(kind: "categorical", states: [3]),
        UnitBlock(kind: "categorical", states: [4]), UnitBlock(kind: "gaussian", count: 2),
        UnitBlock(kind: "spin", count: 1), UnitBlock(kind: "relu", count: 1),
      ])
    #expect(data.names == ["on", "a", "b", "x", "y", "s", "r"])
    #expect(data.units.count == 12 && data.hasLikelihood)
  }

  @Test func mixedBytes() throws {
    for file in Self.encodings([[1, 2, 40], [0, 0, 17]]) {
      let data = try read("bernoulli*1,categorical*1,gaussian", file)
      #expect(rows(data) == [[1, 0, 0, 1, 40], [0, 1, 0, 0, 17]])
    }
  }

  /// One column of grey values that are left so takes the likelihood from the whole.
  @Test func likelihoodOfAll() throws {
    let none = Preprocessing(binarization: .none)
    #expect(try !read("bernoulli*1,gaussian", "0.5,1\n", none).hasLikelihood)
    #expect(try read("bernoulli*1,gaussian", "1,0.5\n", none).hasLikelihood)
  }

  // MARK: - What is no state

  @Test(arguments: [
    ("categorical:3", "0,1\n2,3\n", "file: row 2, column 2: 3.0 is no state number from 0 … 2"),
    ("categorical:3", "0,1\n-1,2\n", "file: row 2, column 1: -1.0 is no state number from 0 … 2"),
    ("categorical:3", "0,1.5\n", "file: row 1, column 2: 1.5 is no state number from 0 … 2"),
    ("categorical", "0,0\n0.5,1\n", "file: row 2, column 1: 0.5 is no state number from 0, 1, 2, …"),
    ("categorical", "-1,0\n", "file: row 1, column 1: -1.0 is no state number from 0, 1, 2, …"),
    ("categorical", "3,65536\n", "file: row 1, column 2: 65536.0 is no state number from 0, 1, 2, …"),
    ("categorical", "3,1e30\n", "file: row 1, column 2: 1e+30 is no state number from 0, 1, 2, …"),
    ("relu", "0,1\n2,-0.5\n", "file: row 2, column 2: -0.5 is negative, which rectified visibles are not"),
    ("spin", "-1,1\n1,0\n", "file: row 2, column 2: 0.0 is neither −1 nor 1"),
    ("spin", "-1,2\n", "file: row 1, column 2: 2.0 is neither −1 nor 1"),
    ("spin", "0,1\n1,2\n", "file: row 2, column 2: 2.0 is neither 0 nor 1, nor −1 or 1"),
    ("spin", "0,1\n1,1.5\n", "file: row 2, column 2: 1.5 is neither 0 nor 1, nor −1 or 1"),
    ("bernoulli", "0,1\n1,1.5\n", "file: row 2, column 2: 1.5 lies outside [0, 1]"),
    // The place is that in the file, not that among the columns of a kind.
    ("bernoulli*1,categorical:2,gaussian*1", "0,1,7\n1,2,-3\n", "file: row 2, column 2: 2.0 is no state"),
    ("gaussian*2,relu", "-1,-2,3\n-4,-5,-6\n", "file: row 2, column 3: -6.0 is negative"),
    ("gaussian*1,spin", "-3,-1,1\n2,1,3\n", "file: row 2, column 3: 3.0 is neither −1 nor 1"),
    ("gaussian*1,bernoulli", "-3,0,1\n2,1,-1\n", "file: row 2, column 3: -1.0 lies outside [0, 1]"),
  ])
  func otherValues(kind: String, text: String, expected: String) {
    let line = message { _ = try read(kind, text) } ?? "nothing thrown"
    #expect(line.hasPrefix(expected))
  }

  @Test(arguments: ["bernoulli", "spin", "categorical", "gaussian", "relu"])
  func nonFiniteValues(kind: String) {
    for value in [Float.nan, .infinity, -.infinity] {
      let line = message { _ = try read(kind, NPY.encode([0, 1, 1, value], shape: [2, 2])) }
      #expect(line?.hasPrefix("file: row 2, column 2: ") == true)
    }
    for word in ["nan", "inf", "-inf"] {
      let line = message { _ = try read(kind, "0,1\n1,\(word)\n") }
      #expect(line?.hasPrefix("file: line 2, column 2: ") == true)
    }
  }

  @Test(arguments: [
    ("bernoulli*3", "file: has 2 columns: \"bernoulli*3\" names 3 columns, not 2"),
    ("spin*1", "file: has 2 columns: \"spin*1\" names 1 columns, not 2"),
    ("spin*2,gaussian", "file: has 2 columns: \"spin*2,gaussian\" names at least 3 columns, not 2"),
  ])
  func otherNumbersOfColumns(kind: String, expected: String) {
    #expect(message { _ = try read(kind, "0,1\n1,1\n") } == expected)
  }
}
