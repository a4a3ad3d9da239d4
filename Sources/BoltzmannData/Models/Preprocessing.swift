public import Boltzmann

/// How the numbers of a file become states of the visibles; kept with the model, for all later commands.
public struct Preprocessing: Sendable, Equatable {
  /// What values are divided by where one is above 1; nil: unsigned bytes by 255, other numbers by nothing.
  ///
  /// Values of real visibles are divided by it as they are.
  public var scale: Double?
  public var binarization: Binarization
  /// How real visibles are whitened, if they are.
  public var whitening: WhiteningStep?

  public init(
    scale: Double? = nil, binarization: Binarization = .threshold(0.5), whitening: WhiteningStep? = nil
  ) {
    self.scale = scale
    self.binarization = binarization
    self.whitening = whitening
  }

  /// The map that data went through, once it is known.
  public var fittedWhitening: Whitening? {
    guard case .fitted(let whitening)? = whitening else { return nil }
    return whitening
  }

  /// As text in a model's metadata: `{"binarization":"threshold:0.5","scale":16}`; the numbers of a whitening are
  /// tensors.
  var json: JSONValue {
    var object: [String: JSONValue] = ["binarization": .string(binarization.description)]
    if let scale { object["scale"] = .number(scale) }
    if let whitening = fittedWhitening { object["whitening"] = .string(whitening.kind.rawValue) }
    return .object(object)
  }

  /// `whitening`: the tensors of a map of this kind.
  init?(json: JSONValue, whitening: (Whitening.Kind) throws -> Whitening) rethrows {
    guard let object = json.object,
      Set(object.keys).isSubset(of: ["binarization", "scale", "whitening"]),
      let binarization = object["binarization"]?.string.flatMap({ Binarization($0) })
    else { return nil }
    self.binarization = binarization
    scale = object["scale"]?.double
    if object["scale"] != nil && !((scale ?? 0) > 0 && scale?.isFinite == true) { return nil }
    guard let name = object["whitening"] else { return }
    guard let kind = name.string.flatMap({ Whitening.Kind(rawValue: $0) }) else { return nil }
    self.whitening = .fitted(try whitening(kind))
  }
}

/// A whitening that is wanted, or one that is known.
public enum WhiteningStep: Sendable, Equatable {
  case wanted(WhiteningSettings)
  case fitted(Whitening)

  /// The known map, or that of the data.
  func fitted(to samples: any Samples, blocks: [UnitBlock], source: String) throws -> Whitening {
    guard blocks.count == 1, blocks[0].kind == GaussianUnits.kind else {
      throw DataError(path: source, message: "only data whose columns are all gaussian can be whitened")
    }
    switch self {
    case .fitted(let whitening): return whitening
    case .wanted(let settings):
      do {
        return try Whitening(
          fitting: samples, kind: settings.kind, components: settings.components, epsilon: settings.epsilon)
      } catch let error as WhiteningError {
        throw DataError(path: source, message: "\(error)")
      }
    }
  }
}

/// Which whitening is wanted.
public struct WhiteningSettings: Sendable, Equatable, Codable {
  public var kind: Whitening.Kind
  /// What is added to every variance.
  public var epsilon: Double
  /// Of PCA: how many components are kept; nil: all.
  public var components: Int?

  public init(kind: Whitening.Kind, epsilon: Double = 0, components: Int? = nil) {
    self.kind = kind
    self.epsilon = epsilon
    self.components = components
  }
}
