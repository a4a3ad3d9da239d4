/// Lines of text taken apart at the separator that the first of them has.
struct RatingText {
  /// What stands between fields.
  enum Separator: String {
    case tab = "tabs"
    case colons = "\"::\""
    case semicolon = "semicolons"
    case comma = "commas"
    case spaces = "spaces"
  }

  let bytes: [UInt8]
  private(set) var line = 0
  private(set) var separator = Separator.spaces
  /// Where the fields of the line lie.
  private(set) var fields: [Range<Int>] = []
  private var position: Int

  /// A byte order mark is no part of the text.
  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    separator = RatingText.separator(of: bytes[position..<endOfLine(from: position)])
  }

  private static func separator(of line: ArraySlice<UInt8>) -> Separator {
    if line.contains(UInt8(ascii: "\t")) { return .tab }
    if zip(line, line.dropFirst()).contains(where: { $0 == 0x3A && $1 == 0x3A }) { return .colons }
    if line.contains(UInt8(ascii: ";")) { return .semicolon }
    return line.contains(UInt8(ascii: ",")) ? .comma : .spaces
  }

  private func endOfLine(from start: Int) -> Int {
    var end = start
    while end < bytes.count && bytes[end] != UInt8(ascii: "\n") { end += 1 }
    return end
  }

  /// Goes to the next line; false at the end of the text.
  mutating func next() -> Bool {
    guard position < bytes.count else { return false }
    line += 1
    let start = position
    var end = endOfLine(from: start)
    position = end + 1
    if end > start && bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    fields.removeAll(keepingCapacity: true)
    split(start, end)
    return true
  }

  /// Whether nothing is on the line.
  var isBlank: Bool { fields.isEmpty || (fields.count == 1 && fields[0].isEmpty) }

  subscript(field: Int) -> ArraySlice<UInt8> { bytes[fields[field]] }

  func text(_ field: Int) -> String { String(decoding: self[field], as: UTF8.self) }

  private mutating func split(_ start: Int, _ end: Int) {
    var begin = start
    while begin <= end {
      var stop = begin
      if begin < end && bytes[begin] == UInt8(ascii: "\"") {
        stop = begin + 1
        while stop < end && bytes[stop] != UInt8(ascii: "\"") { stop += 1 }
      }
      while stop < end && !isSeparator(stop, end) { stop += 1 }
      if separator != .spaces || stop > begin { fields.append(trimmed(begin, stop)) }
      begin = stop + (separator == .colons ? 2 : 1)
    }
  }

  private func isSeparator(_ place: Int, _ end: Int) -> Bool {
    let byte = bytes[place]
    switch separator {
    case .tab: return byte == UInt8(ascii: "\t")
    case .comma: return byte == UInt8(ascii: ",")
    case .semicolon: return byte == UInt8(ascii: ";")
    case .colons: return byte == 0x3A && place + 1 < end && bytes[place + 1] == 0x3A
    case .spaces: return byte == UInt8(ascii: " ")
    }
  }

  /// Without spaces around it, and then without a pair of quotes.
  private func trimmed(_ start: Int, _ end: Int) -> Range<Int> {
    var (first, last) = (start, end)
    while first < last && bytes[first] == UInt8(ascii: " ") { first += 1 }
    while first < last && bytes[last - 1] == UInt8(ascii: " ") { last -= 1 }
    let isQuoted =
      last - first >= 2 && bytes[first] == UInt8(ascii: "\"") && bytes[last - 1] == UInt8(ascii: "\"")
    return isQuoted ? first + 1..<last - 1 : first..<last
  }
}
