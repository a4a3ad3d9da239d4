public import Boltzmann

/// The values that a rating may have, ascending: the levels of a softmax visible.
///
/// Written as `1...5`, `0.5...5:0.5` (with the step between levels) or one by one, `1,2,4`.
public struct RatingScale: Spelled {
  /// At least two, at most 255, ascending.
  public let values: [Double]

  public static let mostLevels = 255

  /// Nil unless there are 2 to 255 distinct finite values.
  public init?(values: [Double]) {
    let distinct = Set(values).sorted()
    guard (2...RatingScale.mostLevels).contains(distinct.count), distinct.allSatisfy(\.isFinite) else {
      return nil
    }
    self.values = distinct
  }

  public init?(_ text: String) {
    if let range = text.firstRange(of: "...") {
      self.init(from: text[..<range.lowerBound], to: text[range.upperBound...])
    } else {
      let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
      guard numbers.allSatisfy({ $0 != nil }), Set(numbers).count == numbers.count else { return nil }
      self.init(values: numbers.compactMap { $0 })
    }
  }

  private init?(from first: Substring, to rest: Substring) {
    let parts = rest.split(separator: ":", omittingEmptySubsequences: false)
    guard let first = Double(first), let last = parts.first.flatMap({ Double($0) }), parts.count <= 2,
      let step = parts.count == 2 ? Double(parts[1]) : 1, step > 0, last > first,
      case let count = ((last - first) / step).rounded(), count < Double(RatingScale.mostLevels),
      abs(first + count * step - last) < 1e-6 * step
    else { return nil }
    self.init(values: (0...Int(count)).map { first + Double($0) * step })
  }

  /// One by one, or as a range of whole numbers.
  public var description: String {
    let isWhole = values.allSatisfy { $0 == $0.rounded() && abs($0) < 1e15 }
    let isRange = isWhole && zip(values, values.dropFirst()).allSatisfy { $1 == $0 + 1 }
    return isRange && values.count > 2
      ? "\(Int(values[0]))...\(Int(values[values.count - 1]))"
      : values.map { $0 == $0.rounded() && abs($0) < 1e15 ? "\(Int($0))" : "\($0)" }.joined(separator: ",")
  }

  public var levelCount: Int { values.count }

  /// The level of a value, nil where it is not on the scale; what Float and steps round is let pass.
  public func level(of value: Double) -> Int? {
    let above = values.firstIndex { $0 >= value } ?? values.count - 1
    let nearest = above > 0 && value - values[above - 1] < values[above] - value ? above - 1 : above
    return abs(values[nearest] - value) <= 1e-6 * max(1, abs(value)) ? nearest : nil
  }

  /// Σ_k p_k · value_k
  public func mean(of probabilities: [Double]) -> Double {
    zip(values, probabilities).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// The lowest level that counts as liked unless told otherwise: 4 of 1 … 5, the upper part of the scale.
  public var likedLevel: Int {
    let bound = values[0] + 0.7 * (values[values.count - 1] - values[0])
    return values.firstIndex { $0 >= bound } ?? values.count - 1
  }
}
