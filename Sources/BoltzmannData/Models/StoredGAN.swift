internal import Boltzmann
public import BoltzmannAdversarial
internal import BoltzmannCompute

/// A generative adversarial network and what its file says about it.
///
/// One safetensors file as of any model (`StoredModel`), with `model` = `gan`, for every layer k of both networks the
/// tensors `generator.k.weights` [inputs, outputs], `generator.k.bias` [outputs], `discriminator.k.…`, and the
/// metadata entries `noise` (`normal:16`), `generator_activations` and `discriminator_activations`, JSON lists of
/// one name a layer (`linear`, `relu`, `leaky-relu:0.2`, `tanh`, `logistic`).
public struct StoredGAN: Sendable {
  public var gan: GAN
  /// The shape of one sample, for pictures: `[28, 28]`.
  public var visibleShape: [Int]?
  /// Nil where the file does not say.
  public var preprocessing: Preprocessing?
  /// Where the networks come from, for people.
  public var provenance: String?

  public init(
    _ gan: GAN, visibleShape: [Int]? = nil, preprocessing: Preprocessing? = nil, provenance: String? = nil
  ) {
    self.gan = gan
    self.visibleShape = visibleShape
    self.preprocessing = preprocessing
    self.provenance = provenance
  }

  /// Height and width of a sample's picture.
  public var tileShape: (height: Int, width: Int) {
    if let shape = visibleShape, shape.count == 2 { return (shape[0], shape[1]) }
    return ImageGrid.tileShape(forWidth: gan.visibleCount)
  }
}

extension StoredGAN {
  private static let model = "gan"
  fileprivate static let mostLayers = 64

  private static let tensorNames = Set(
    ["generator", "discriminator"].flatMap { network in
      (0..<mostLayers).flatMap { ["\(network).\($0).weights", "\(network).\($0).bias"] }
    })

  /// Replaces the file in one step; the same networks give the same bytes.
  ///
  /// Throws `DataError`: `cannotCreate` or `writeFailed`.
  public func write(to path: String) throws { try file.write(to: path) }

  private var file: SafetensorsFile {
    SafetensorsFile(
      metadata: metadata,
      tensors: gan.generator.tensors(named: "generator")
        + gan.discriminator.tensors(named: "discriminator"))
  }

  private var metadata: [String: String] {
    var result = [
      "format": StoredModel.format, "model": StoredGAN.model, "noise": gan.noise.description,
      "generator_activations": gan.generator.activationNames,
      "discriminator_activations": gan.discriminator.activationNames,
    ]
    result["visible_shape"] = visibleShape.map { $0.map(String.init).joined(separator: ",") }
    result["preprocessing"] = preprocessing.map { $0.json.description }
    result["provenance"] = provenance
    return result
  }

  /// Reads both networks.
  ///
  /// Throws `DataError`: `missingInput`, or `content` with the tensor or metadata entry that is wrong.
  public static func read(_ path: String) throws -> StoredGAN {
    try StoredGAN(ModelReader(path: path, model: model, tensorNames: tensorNames))
  }

  private init(_ reader: ModelReader) throws {
    let text = reader.file.metadata["noise"] ?? ""
    guard let noise = NoisePrior(text) else { throw reader.error("noise \"\(text)\" is unknown") }
    let generator = try reader.network("generator"), discriminator = try reader.network("discriminator")
    do {
      gan = try GAN(noise: noise, generator: generator, discriminator: discriminator)
    } catch let problem as SettingsError {
      throw reader.error("\(problem)")
    }
    visibleShape = try reader.visibleShape(width: gan.visibleCount)
    preprocessing = try reader.preprocessing(
      of: GaussianUnits(UnitParameters(bias: [Float](repeating: 0, count: gan.visibleCount))))
    provenance = reader.file.metadata["provenance"]
  }
}

extension DenseNetwork {
  fileprivate func tensors(named name: String) -> [(name: String, tensor: Tensor)] {
    layers.enumerated().flatMap { index, layer in
      [
        (
          "\(name).\(index).weights",
          Tensor(shape: [layer.inputs, layer.outputs], layer.weights.values)
        ),
        ("\(name).\(index).bias", Tensor(shape: [layer.outputs], layer.bias.values)),
      ]
    }
  }

  fileprivate var activationNames: String {
    JSONValue.array(layers.map { .string("\(ActivationName($0.activation))") }).description
  }
}

extension ModelReader {
  /// The network whose tensors are called `name.0.weights` and so on.
  fileprivate func network(_ name: String) throws -> DenseNetwork {
    let activations = try activations("\(name)_activations")
    try refuse(
      (activations.count..<StoredGAN.mostLayers).flatMap { ["\(name).\($0).weights", "\(name).\($0).bias"] })
    do {
      return try DenseNetwork(
        activations.enumerated().map { index, activation in try layer("\(name).\(index)", activation) })
    } catch let problem as SettingsError {
      throw error("\(name): \(problem)")
    }
  }

  private func layer(_ name: String, _ activation: Activation) throws -> DenseLayer {
    let bias = try tensor("\(name).bias", shape: nil)
    guard let shape = file["\(name).weights"]?.shape else {
      throw error("is missing", tensor: "\(name).weights")
    }
    guard shape.count == 2, shape[0] >= 1, shape[1] == bias.count else {
      throw error("has shape \(shape), expected [inputs, \(bias.count)]", tensor: "\(name).weights")
    }
    let weights = try tensor("\(name).weights", shape: shape)
    return try DenseLayer(
      parameters: Matrix(rows: shape[0] + 1, columns: bias.count, values: weights + bias),
      activation: activation)
  }

  private func activations(_ entry: String) throws -> [Activation] {
    let text = file.metadata[entry] ?? ""
    let list = (try? JSONValue.parse(Array(text.utf8), path: path))?.array
    let found = list?.map { $0.string.flatMap { ActivationName($0) }?.activation }
    guard let found, (1...StoredGAN.mostLayers).contains(found.count),
      case let known = found.compactMap({ $0 }),
      known.count == found.count
    else { throw error("\(entry) \"\(text)\" is no list of activations") }
    return known
  }
}
