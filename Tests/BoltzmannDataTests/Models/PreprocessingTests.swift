import Boltzmann
import BoltzmannCompute
import BoltzmannData
import Testing

/// How preprocessing stands in a model's metadata.
@Suite struct PreprocessingTests {
  private func stored(_ text: String?) throws -> Preprocessing? {
    let folder = try TemporaryFolder()
    var file = SafetensorsFile(
      metadata: ["format": "boltzmann/1", "visible_units": "bernoulli", "hidden_units": "bernoulli"],
      tensors: [
        ("weights", Tensor(shape: [1, 1], [0])), ("visible_bias", Tensor(shape: [1], [0])),
        ("hidden_bias", Tensor(shape: [1], [0])),
      ])
    file.metadata["preprocessing"] = text
    return try StoredModel.read(folder.file("m", file.encode())).preprocessing
  }

  @Test(arguments: [
    (#"{"binarization":"threshold:0.5"}"#, Preprocessing()),
    (#"{"binarization":"threshold"}"#, Preprocessing()),
    (
      #"{"binarization":"threshold:0.25","scale":16}"#,
      Preprocessing(scale: 16, binarization: .threshold(0.25))
    ),
    (#"{ "scale" : 25.5, "binarization" : "none" }"#, Preprocessing(scale: 25.5, binarization: .none)),
    (#"{"binarization":"sample"}"#, Preprocessing(binarization: .sample)),
    (#"{"binarization":"resample","scale":255.0}"#, Preprocessing(scale: 255, binarization: .resample)),
  ])
  func reading(text: String, expected: Preprocessing) throws {
    #expect(try stored(text) == expected)
  }

  @Test func absence() throws { #expect(try stored(nil) == nil) }

  @Test(arguments: [
    "", "null", "[]", "{", "{}", #"{"scale":16}"#, #"{"binarization":1}"#, #"{"binarization":"half"}"#,
    #"{"binarization":"threshold:nan"}"#, #"{"binarization":"none","scale":0}"#,
    #"{"binarization":"none","scale":-1}"#, #"{"binarization":"none","scale":"16"}"#,
    #"{"binarization":"none","scale":null}"#, #"{"binarization":"none","scale":1e999}"#,
    #"{"binarization":"none","whitening":true}"#, #"{"binarization":"none"} x"#,
  ])
  func refusal(text: String) throws {
    #expect(message { _ = try stored(text) }?.contains("preprocessing \"") == true)
  }

  /// Written and read again it is the same, for any numbers.
  @Test func roundTrips() throws {
    var random = SplitMix(state: 4)
    for _ in 0..<12 {
      let binarizations: [Binarization] = [
        .threshold(Float.random(in: -1...2, using: &random)), .sample, .resample, .none,
      ]
      let scale = Double.random(in: 0.001...1000, using: &random)
      let preprocessing = Preprocessing(
        scale: Bool.random(using: &random) ? scale : nil,
        binarization: binarizations.randomElement(using: &random) ?? .none)
      let machine = RBM(visibleBias: [0], hiddenBias: [0], weights: Matrix(rows: 1, columns: 1))
      let folder = try TemporaryFolder()
      try StoredModel(machine, preprocessing: preprocessing).write(to: folder.file("m"))
      #expect(try StoredModel.read(folder.file("m")).preprocessing == preprocessing)
    }
  }
}
