/// All 2ⁿ states of n binary units, in the order of the binary numbers; unit 0 is the lowest bit.
public func binaryStates(_ unitCount: Int) -> [[Double]] {
  (0..<1 << unitCount).map { index in
    (0..<unitCount).map { unit in Double(index >> unit & 1) }
  }
}

/// The place of a state in the table of all states.
public func binaryStateIndex(_ state: [Double]) -> Int {
  state.reversed().reduce(0) { 2 * $0 + Int($1) }
}
