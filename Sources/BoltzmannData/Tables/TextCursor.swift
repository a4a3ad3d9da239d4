/// A place in delimited text, moved field by field.
struct TextCursor {
  private let bytes: [UInt8]
  private let delimiter: UInt8
  private var position: Int
  /// Counts from 1.
  private(set) var line = 1

  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")
  private static let quote = UInt8(ascii: "\"")
  private static let byteOrderMark: [UInt8] = [0xef, 0xbb, 0xbf]

  /// Starts after a byte order mark and chooses the delimiter from the first line.
  init(_ bytes: consuming [UInt8]) {
    position = bytes.starts(with: Self.byteOrderMark) ? Self.byteOrderMark.count : 0
    delimiter = Self.delimiter(bytes[position...])
    self.bytes = bytes
  }

  private static func delimiter(_ text: ArraySlice<UInt8>) -> UInt8 {
    var isQuoted = false
    let unquoted = text.prefix { $0 != lineFeed }.filter { byte in
      if byte == quote { isQuoted.toggle() }
      return !isQuoted
    }
    return ["\t", ";"].map { (mark: Unicode.Scalar) in UInt8(ascii: mark) }.first(where: unquoted.contains)
      ?? UInt8(ascii: ",")
  }

  var formatName: String { delimiter == UInt8(ascii: "\t") ? "TSV" : "CSV" }
  var isAtEnd: Bool { position == bytes.count }

  /// How many numbers can follow at most: by the lines, and by two bytes a number.
  func largestCount(columns: Int) -> Int {
    let lines = bytes[position...].reduce(1) { $1 == Self.lineFeed ? $0 + 1 : $0 }
    let byLength = (bytes.count - position + 1) / 2
    return min(byLength, Checked.product([lines, columns]) ?? byLength)
  }

  /// Reads a whole number of at most three digits up to 255; anything else is left where it is.
  mutating func scanByte() -> UInt8? {
    var (value, end) = (0, position)
    while end < bytes.count, case let digit = bytes[end] &- 0x30, digit <= 9 {
      value = value * 10 + Int(digit)
      end += 1
      if value > 255 { return nil }
    }
    guard end > position, isFieldEnd(end) else { return nil }
    position = end
    return UInt8(value)
  }

  /// Reads a field without the spaces and quotes around it; nil if a quote is misplaced.
  mutating func scanField() -> ArraySlice<UInt8>? {
    skipSpaces()
    if isAt(Self.quote) { return scanQuoted() }
    let start = position
    while !isFieldEnd(position) { position += 1 }
    return trimmingEnd(start..<position)
  }

  /// Quotes inside are doubled (RFC 4180).
  private mutating func scanQuoted() -> ArraySlice<UInt8>? {
    var content: [UInt8] = []
    while true {
      position += 1
      let part = bytes[position...].prefix { $0 != Self.quote && $0 != Self.lineFeed }
      content += part
      position += part.count
      guard isAt(Self.quote) else { return nil }
      position += 1
      guard isAt(Self.quote) else { break }
      content.append(Self.quote)
    }
    skipSpaces()
    return isFieldEnd(position) ? content[...] : nil
  }

  mutating func skipDelimiter() -> Bool {
    guard isAt(delimiter) else { return false }
    position += 1
    return true
  }

  /// Skips LF, CR LF or nothing at the end of the text.
  mutating func skipLineEnd() {
    if isAt(Self.carriageReturn) { position += 1 }
    guard !isAtEnd else { return }
    position += 1
    line += 1
  }

  var isAtBlankLine: Bool {
    var copy = position
    while copy < bytes.count && isSpace(bytes[copy]) { copy += 1 }
    return isFieldEnd(copy) && (copy == bytes.count || bytes[copy] != delimiter)
  }

  mutating func skipBlankLine() {
    skipSpaces()
    skipLineEnd()
  }

  private func isAt(_ byte: UInt8) -> Bool {
    !isAtEnd && bytes[position] == byte
  }

  private mutating func skipSpaces() {
    while !isAtEnd && isSpace(bytes[position]) { position += 1 }
  }

  private func trimmingEnd(_ range: Range<Int>) -> ArraySlice<UInt8> {
    var end = range.upperBound
    while end > range.lowerBound && isSpace(bytes[end - 1]) { end -= 1 }
    return bytes[range.lowerBound..<end]
  }

  private func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || (byte == 0x09 && byte != delimiter)
  }

  /// True at a delimiter and where the line ends: at LF, at CR before LF, and at the end of the text.
  private func isFieldEnd(_ index: Int) -> Bool {
    guard index < bytes.count else { return true }
    let byte = bytes[index]
    if byte == delimiter || byte == Self.lineFeed { return true }
    guard byte == Self.carriageReturn else { return false }
    return index + 1 == bytes.count || bytes[index + 1] == Self.lineFeed
  }
}
