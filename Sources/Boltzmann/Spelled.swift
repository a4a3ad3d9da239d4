/// A setting that is written as one word on the command line and in files.
public protocol Spelled: LosslessStringConvertible, Codable, Sendable, Hashable {}

extension Spelled {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let value = Self(text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "\"\(text)\" is no \(Self.self)")
    }
    self = value
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

/// `name` or `name:number`, taken apart.
func nameAndNumber(_ text: String) -> (name: String, number: Double?)? {
  let parts = text.split(separator: ":", omittingEmptySubsequences: false)
  guard let name = parts.first, parts.count <= 2 else { return nil }
  guard parts.count == 2 else { return (String(name), nil) }
  guard let number = Double(parts[1]), number.isFinite else { return nil }
  return (String(name), number)
}
