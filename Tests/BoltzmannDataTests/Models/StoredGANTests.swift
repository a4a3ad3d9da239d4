import Boltzmann
import BoltzmannAdversarial
import BoltzmannCompute
import BoltzmannData
import Testing

@Suite struct StoredGANTests {
  /// Noise of two numbers, samples of three.
  private static func stored() throws -> StoredGAN {
    let generator = try DenseNetwork(
      widths: [2, 4, 3], hidden: .rectified(slope: 0), output: .logistic, seed: 1)
    let discriminator = try DenseNetwork(
      widths: [3, 5, 1], hidden: .rectified(slope: 0.25), output: .linear, seed: 2)
    return StoredGAN(
      try GAN(
        noise: NoisePrior(kind: .uniform, width: 2), generator: generator, discriminator: discriminator),
      visibleShape: [1, 3], preprocessing: Preprocessing(scale: 16, binarization: .none),
      provenance: "by hand")
  }

  @Test func roundTrip() throws {
    let folder = try TemporaryFolder(), stored = try Self.stored()
    try stored.write(to: folder.file("m"))
    let read = try StoredGAN.read(folder.file("m"))
    #expect(read.gan == stored.gan && read.visibleShape == [1, 3] && read.provenance == "by hand")
    #expect(read.preprocessing == stored.preprocessing && read.tileShape == (1, 3))
    let bytes = try folder.content("m")
    try read.write(to: folder.file("again"))
    #expect(try folder.content("again") == bytes)
    let text = String(decoding: bytes.dropFirst(8).prefix { $0 != 0 }, as: UTF8.self)
    for part in [
      #""model":"gan""#, #""noise":"uniform:2""#, #""format":"boltzmann/1""#,
      #""generator_activations":"[\"relu\",\"logistic\"]""#,
      #""discriminator_activations":"[\"leaky-relu:0.25\",\"linear\"]""#, #""discriminator.0.weights":{"#,
    ] {
      #expect(text.contains(part), "\(part)")
    }
  }

  /// The file with one entry of its metadata changed, or one tensor.
  private func failure(
    metadata changes: [String: String] = [:], tensor: (name: String, Tensor?)? = nil
  ) throws -> String? {
    let folder = try TemporaryFolder()
    let path = folder.file("m")
    try Self.stored().write(to: path)
    let file = try SafetensorsFile.read(path)
    var tensors = file.tensors.filter { $0.name != tensor?.name }
    if let tensor, let new = tensor.1 { tensors.append((tensor.name, new)) }
    try SafetensorsFile(metadata: file.metadata.merging(changes) { $1 }, tensors: tensors).write(to: path)
    let line = message { _ = try StoredGAN.read(path) }
    return line.map { String($0.dropFirst(path.count + 2)) }
  }

  @Test func unchangedFilesAreRead() throws { #expect(try failure() == nil) }

  @Test(arguments: [
    ("noise", "gamma:2"), ("noise", "normal:3"), ("generator_activations", "[]"),
    ("generator_activations", #"["relu","swish"]"#), ("discriminator_activations", #"["linear"]"#),
    ("generator_activations", #"["relu","relu","linear"]"#), ("model", "rbm"), ("format", "boltzmann/2"),
    ("visible_shape", "2,2"), ("preprocessing", "whatever"),
  ])
  func metadataThatDoNotFitAreRefused(_ entry: (name: String, value: String)) throws {
    #expect(try failure(metadata: [entry.name: entry.value]) != nil)
  }

  @Test func tensorsThatDoNotFitAreRefused() throws {
    let bad: [(String, Tensor?)] = [
      ("generator.0.weights", nil), ("discriminator.1.bias", nil),
      ("generator.1.weights", Tensor(shape: [5, 3], [Float](repeating: 0, count: 15))),
      ("generator.0.weights", Tensor(shape: [8], [Float](repeating: 0, count: 8))),
      ("discriminator.1.bias", Tensor(shape: [2], [0, 0])),
      ("generator.2.weights", Tensor(shape: [3, 1], [0, 0, 0])), ("weights", Tensor(shape: [1, 1], [0])),
    ]
    for tensor in bad { #expect(try failure(tensor: tensor) != nil, "\(tensor.0)") }
    #expect(try failure(tensor: ("extra.note", Tensor(shape: [1], [0]))) == nil)
  }
}
