import Boltzmann
import BoltzmannCompute
import BoltzmannData
import Testing

@Suite struct StoredClassificationRBMTests {
  /// Two visible and three hidden units, two classes.
  static let stored = StoredClassificationRBM(
    ClassificationRBM(
      visibleBias: [0.5, -1], hiddenBias: [1, 2, -3], classBias: [0.25, -0.125],
      weights: Matrix(rows: 2, columns: 3, values: [1, -2, 0.5, 0, 0.25, -8]),
      classWeights: Matrix(rows: 2, columns: 3, values: [4, 5, 6, -4, -5, -6])),
    classes: [3, 7], visibleShape: [1, 2], preprocessing: Preprocessing(scale: 16, binarization: .none),
    provenance: "by hand")

  private static func bytes(_ model: StoredClassificationRBM = stored) throws -> [UInt8] {
    let folder = try TemporaryFolder(inMemory: true)
    try model.write(to: folder.file("m"))
    return try folder.content("m")
  }

  @Test func header() throws {
    let text = String(decoding: try Self.bytes().dropFirst(8).prefix { $0 != 0 }, as: UTF8.self)
    for part in [
      #""model":"classification-rbm""#, #""classes":"[3,7]""#, #""format":"boltzmann/1""#,
      #""class_weights":{"data_offsets":[8,32],"dtype":"F32","shape":[2,3]}"#,
      #""class_bias":{"data_offsets":[0,8],"dtype":"F32","shape":[2]}"#,
    ] {
      #expect(text.contains(part), "\(part)")
    }
  }

  @Test func roundTrip() throws {
    let folder = try TemporaryFolder()
    let read = try StoredClassificationRBM.read(folder.file("m", Self.bytes()))
    let machine = Self.stored.machine
    #expect(read.machine.weights == machine.weights && read.machine.classWeights == machine.classWeights)
    #expect(read.machine.visibleBias == machine.visibleBias && read.machine.hiddenBias == machine.hiddenBias)
    #expect(read.machine.classBias == machine.classBias && read.classes == [3, 7])
    #expect(read.visibleShape == [1, 2] && read.provenance == "by hand")
    #expect(read.preprocessing == Self.stored.preprocessing)
    #expect(try Self.bytes(read) == Self.bytes())
  }

  /// The file with one entry of its metadata changed, or one tensor.
  private func failure(
    metadata changes: [String: String?] = [:], tensor: (name: String, Tensor?)? = nil
  ) throws -> String? {
    let folder = try TemporaryFolder()
    let path = try folder.file("m", Self.bytes())
    let file = try SafetensorsFile.read(path)
    let metadata = file.metadata.merging(changes.compactMapValues { $0 }) { $1 }
      .filter { changes[$0.key] != .some(nil) }
    var tensors = file.tensors.filter { $0.name != tensor?.name }
    if let tensor, let new = tensor.1 { tensors.append((tensor.name, new)) }
    try SafetensorsFile(metadata: metadata, tensors: tensors).write(to: path)
    let line = message { _ = try StoredClassificationRBM.read(path) }
    return line.map { String($0.dropFirst(path.count + 2)) }
  }

  @Test func refusals() throws {
    #expect(try failure() == nil)
    #expect(try failure(metadata: ["classes": nil]) == "the metadata has no \"classes\"")
    for text in ["[3,3]", "[3,-1]", "[3,1.5]", "3", "[]", "[3", #"["3","7"]"#] {
      #expect(
        try failure(metadata: ["classes": text]) == "classes \"\(text)\" is no list of distinct class numbers"
      )
    }
    #expect(
      try failure(metadata: ["classes": "[1,2,3]"])
        == "tensor class_weights: has shape [2, 3], expected [3, 3]")
    #expect(
      try failure(metadata: ["model": "rbm"])
        == "model \"rbm\" is unknown here, expected \"classification-rbm\"")
    #expect(
      try failure(metadata: ["visible_units": "spin"])
        == "visible_units \"spin\" is unknown here, expected \"bernoulli\"")
    for name in ["weights", "visible_bias", "hidden_bias", "class_weights", "class_bias"] {
      #expect(try failure(tensor: (name, nil)) == "tensor \(name): is missing")
    }
    #expect(
      try failure(tensor: ("class_bias", Tensor(shape: [3], [1, 2, 3])))
        == "tensor class_bias: has shape [3], expected [2]")
    #expect(
      try failure(tensor: ("gains", Tensor(shape: [1], [1])))
        == "tensor gains: unknown, neither a parameter of this model nor named extra.…")
  }

  /// Neither reader takes the other's files.
  @Test func otherModels() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("m", Self.bytes())
    #expect(
      message { _ = try StoredModel.read(path) }?.contains("\"classification-rbm\" is unknown here") == true)
  }

  @Test func mutationsNeverTrap() throws {
    let folder = try TemporaryFolder(inMemory: true)
    for damaged in HostileBytes.mutations(try Self.bytes(), count: 1000, seed: 22) {
      let path = try folder.file("m", damaged)
      guard let model = surviving(path, { try StoredClassificationRBM.read(path) }) else { continue }
      #expect(model.classes.count == model.machine.classCount)
    }
  }
}
