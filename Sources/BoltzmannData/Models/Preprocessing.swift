public import Boltzmann

/// How the numbers of a file become states of the visibles; kept with the model, for all later commands.
public struct Preprocessing: Sendable, Hashable {
  /// What values are divided by where one is above 1; nil: unsigned bytes by 255, other numbers by nothing.
  public var scale: Double?
  public var binarization: Binarization

  public init(scale: Double? = nil, binarization: Binarization = .threshold(0.5)) {
    self.scale = scale
    self.binarization = binarization
  }

  /// As text in a model's metadata: `{"binarization":"threshold:0.5","scale":16}`.
  var json: JSONValue {
    var object: [String: JSONValue] = ["binarization": .string(binarization.description)]
    if let scale { object["scale"] = .number(scale) }
    return .object(object)
  }

  init?(json: JSONValue) {
    guard let object = json.object, Set(object.keys).isSubset(of: ["binarization", "scale"]),
      let binarization = object["binarization"]?.string.flatMap({ Binarization($0) })
    else { return nil }
    self.binarization = binarization
    scale = object["scale"]?.double
    if object["scale"] != nil && !((scale ?? 0) > 0 && scale?.isFinite == true) { return nil }
  }
}
