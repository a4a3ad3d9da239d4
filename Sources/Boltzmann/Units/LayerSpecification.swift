/// The kinds of a layer's units as they are written on the command line and in run files.
///
/// `gaussian`; `categorical:21` for sites of 21 states each; `bernoulli*12,categorical*2,gaussian` for columns of
/// several kinds side by side. The part without a count takes what the others leave; a categorical part without a
/// number of states has the data's.
public struct LayerSpecification: Spelled {
  public struct Part: Hashable, Sendable {
    public let kind: String
    /// Of each site; categorical parts only.
    public let states: Int?
    public let count: Int?
  }

  public let parts: [Part]

  /// Nil where a kind is unknown or a number makes no sense.
  public init?(_ text: String) {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map(LayerSpecification.part)
    guard parts.allSatisfy({ $0 != nil }), parts.filter({ $0?.count == nil }).count <= 1 else { return nil }
    self.parts = parts.compactMap { $0 }
  }

  /// The specification of a layer that is there.
  public init(_ blocks: [UnitBlock]) {
    parts = blocks.flatMap { block in
      block.states.isEmpty
        ? [Part(kind: block.kind, states: nil, count: block.count)]
        : block.states.map { Part(kind: block.kind, states: $0, count: 1) }
    }
  }

  /// Sums of so many do not overflow.
  private static let mostUnits = 1 << 40

  private static func part(_ text: Substring) -> Part? {
    let pieces = text.split(separator: "*", omittingEmptySubsequences: false)
    let names = pieces[0].split(separator: ":", omittingEmptySubsequences: false)
    guard pieces.count <= 2, names.count <= 2, UnitKinds.named(String(names[0])) != nil else { return nil }
    let count = pieces.count == 2 ? Int(pieces[1]) : nil, states = names.count == 2 ? Int(names[1]) : nil
    guard (count != nil) == (pieces.count == 2), (states != nil) == (names.count == 2),
      (1...mostUnits).contains(count ?? 1), (1...CategoricalSamples.mostStates).contains(states ?? 1),
      states == nil || names[0] == CategoricalUnits.kind
    else { return nil }
    return Part(kind: String(names[0]), states: states, count: count)
  }

  public var description: String {
    parts.map { part in
      part.kind + (part.states.map { ":\($0)" } ?? "") + (part.count.map { "*\($0)" } ?? "")
    }.joined(separator: ",")
  }

  /// Whether a part is of real units.
  public var hasRealUnits: Bool {
    parts.contains { part in
      let isCategorical = part.kind == CategoricalUnits.kind
      let block =
        isCategorical ? UnitBlock(kind: part.kind, states: [1]) : UnitBlock(kind: part.kind, count: 1)
      return block.units?.realColumns.isEmpty == false
    }
  }

  /// The most columns that a layer of so many units can have.
  public func mostColumns(units count: Int) -> Double {
    Double(count) * Double(parts.map { $0.states ?? 1 }.max() ?? 1)
  }

  /// The parts with the units, or columns of a file, that each takes of `count`.
  ///
  /// Throws `SettingsError` where they do not add up.
  public func ranges(over count: Int) throws -> [(part: Part, range: Range<Int>)] {
    let rest = count - parts.reduce(0) { $0 + ($1.count ?? 0) }
    let isOpen = parts.contains { $0.count == nil }
    guard isOpen ? rest >= 1 : rest == 0 else {
      throw SettingsError(
        message:
          "\"\(self)\" names \(isOpen ? "at least " : "")\(count - rest + (isOpen ? 1 : 0)) columns, not \(count)"
      )
    }
    var begin = 0
    return parts.map { part in
      defer { begin += part.count ?? rest }
      return (part, begin..<(begin + (part.count ?? rest)))
    }
  }

  /// The blocks of a layer of so many units, sites counted once.
  ///
  /// Throws `SettingsError` where the parts do not add up, or states are not given.
  public func blocks(units count: Int) throws -> [UnitBlock] {
    try ranges(over: count).map { part, range in
      guard part.kind == CategoricalUnits.kind else { return UnitBlock(kind: part.kind, count: range.count) }
      guard let states = part.states else {
        throw SettingsError(message: "\"\(self)\" does not say how many states a site has (categorical:4)")
      }
      return UnitBlock(kind: part.kind, states: [Int](repeating: states, count: range.count))
    }
  }
}
