/// The bars-and-stripes patterns of a square image: all sets of whole rows, then all sets of whole columns.
///
/// There are 2·2^side of them, since the empty and the full image count both as rows and as columns.
///
/// Source: MacKay, "Information theory, inference and learning algorithms", 2003.
/// - Returns: the patterns, `[pattern][pixel]`, row by row.
public func barsAndStripes(side: Int) -> [[Double]] {
  let lines = BinaryStates(unitCount: side)
  let pixels = 0..<side * side
  return lines.map { line in pixels.map { line[$0 / side] } }
    + lines.map { line in pixels.map { line[$0 % side] } }
}
