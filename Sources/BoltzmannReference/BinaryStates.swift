/// The 2ⁿ states of n binary units, in the order of the binary numbers; unit 0 is the lowest bit.
/// ```
/// n = 2:   (0, 0)  (1, 0)  (0, 1)  (1, 1)
/// ```
public struct BinaryStates: RandomAccessCollection, Sendable {
  public let unitCount: Int

  /// The states of a number of units between 0 and 62; what takes 2ⁿ steps is only wanted for a few dozen.
  public init(unitCount: Int) {
    precondition((0...62).contains(unitCount), "cannot enumerate the states of \(unitCount) units")
    self.unitCount = unitCount
  }

  public var startIndex: Int { 0 }
  public var endIndex: Int { 1 << unitCount }

  /// The state with a given number, `[unit]`.
  public subscript(index: Int) -> [Double] {
    (0..<unitCount).map { unit in Double(index >> unit & 1) }
  }

  /// The number of a state, the inverse of the subscript.
  public static func index(of state: [Double]) -> Int {
    state.indices.reduce(0) { index, unit in state[unit] == 1 ? index | 1 << unit : index }
  }
}
