import Boltzmann
import BoltzmannCompute
import BoltzmannData
import Testing

@Suite struct StoredModelTests {
  /// Two visible and three hidden units.
  static var machine: RBM {
    var machine = RBM(
      visibleBias: [0.5, -1], hiddenBias: [1, 2, -3],
      weights: Matrix(rows: 2, columns: 3, values: [1, -2, 0.5, 0, 0.25, -8]))
    machine.referenceVisibleBias = [-0.125, 4]
    return machine
  }

  static let stored = StoredModel(
    machine, visibleShape: [1, 2], preprocessing: Preprocessing(scale: 16, binarization: .threshold(0.25)),
    provenance: "by hand")

  private func bytes(_ model: StoredModel) throws -> [UInt8] {
    let folder = try TemporaryFolder()
    try model.write(to: folder.file("m"))
    return try folder.content("m")
  }

  /// The file as the format describes it: header, then tensors by name, each little-endian, row by row.
  @Test func goldenBytes() throws {
    let header =
      #"{"__metadata__":{"format":"boltzmann/1","hidden_units":"bernoulli","model":"rbm","#
      + #""preprocessing":"{\"binarization\":\"threshold:0.25\",\"scale\":16.0}","provenance":"by hand","#
      + #""visible_shape":"1,2","visible_units":"bernoulli"},"#
      + #""hidden_bias":{"data_offsets":[0,12],"dtype":"F32","shape":[3]},"#
      + #""reference_visible_bias":{"data_offsets":[12,20],"dtype":"F32","shape":[2]},"#
      + #""visible_bias":{"data_offsets":[20,28],"dtype":"F32","shape":[2]},"#
      + #""weights":{"data_offsets":[28,52],"dtype":"F32","shape":[2,3]}}"#
    let text = Array(header.utf8), padding = (8 - text.count % 8) % 8
    let numbers: [Float] = [1, 2, -3, -0.125, 4, 0.5, -1, 1, -2, 0.5, 0, 0.25, -8]
    let expected =
      littleEndian(UInt64(text.count + padding)) + text + [UInt8](repeating: 0x20, count: padding)
      + numbers.flatMap { littleEndian($0.bitPattern) }
    #expect(try bytes(Self.stored) == expected)
  }

  @Test func roundTrip() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("m", bytes(Self.stored))
    let read = try StoredModel.read(path)
    #expect(read.machine.weights == Self.machine.weights)
    #expect(read.machine.visible.bias == [0.5, -1] && read.machine.hidden.bias == [1, 2, -3])
    #expect(read.machine.referenceVisibleBias == [-0.125, 4])
    #expect(read.visibleShape == [1, 2] && read.provenance == "by hand")
    #expect(read.preprocessing == Self.stored.preprocessing)
    #expect(try bytes(read) == bytes(Self.stored))
  }

  /// What the file does not say stays unsaid.
  @Test func bareModels() throws {
    var machine = Self.machine
    machine.referenceVisibleBias = nil
    let folder = try TemporaryFolder()
    let read = try StoredModel.read(folder.file("m", bytes(StoredModel(machine))))
    #expect(read.machine.referenceVisibleBias == nil && read.visibleShape == nil)
    #expect(read.preprocessing == nil && read.provenance == nil)
    #expect(try bytes(read) == bytes(StoredModel(machine)))
  }

  /// Numbers keep their bits: subnormal ones, the largest, the sign of zero.
  @Test func everyNumberSurvives() throws {
    let values: [Float] = [
      -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, -.greatestFiniteMagnitude, .ulpOfOne, 1 / 3,
    ]
    let machine = RBM(
      visibleBias: [0, 0], hiddenBias: [0, 0, 0], weights: Matrix(rows: 2, columns: 3, values: values))
    let folder = try TemporaryFolder()
    let read = try StoredModel.read(folder.file("m", bytes(StoredModel(machine))))
    #expect(read.machine.weights.values.map(\.bitPattern) == values.map(\.bitPattern))
  }

  /// A machine whose numbers left the range of `Float` would not be read again, so it is not written.
  @Test func nonFiniteMachines() throws {
    var machine = Self.machine
    machine.hidden.bias = [0, .nan, 0]
    let folder = try TemporaryFolder()
    let path = try folder.file("m", [1, 2, 3])
    let line = message { try StoredModel(machine).write(to: path) }
    #expect(line == "\(path): tensor hidden_bias: the number at 1 (from 0) is nan, not finite")
    #expect(try folder.content("m") == [1, 2, 3])
  }

  @Test(arguments: [
    (nil, 12, 3, 4), (nil, 7, 1, 7), ([2, 6], 12, 2, 6), ([12], 12, 3, 4), ([2, 2, 3], 12, 3, 4),
  ])
  func tileShapes(shape: [Int]?, visible: Int, height: Int, width: Int) {
    let machine = RBM(
      visibleBias: [Float](repeating: 0, count: visible), hiddenBias: [0],
      weights: Matrix(rows: visible, columns: 1))
    #expect(StoredModel(machine, visibleShape: shape).tileShape == (height, width))
  }
}
