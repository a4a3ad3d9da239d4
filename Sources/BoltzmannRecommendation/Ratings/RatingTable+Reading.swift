internal import BoltzmannData

extension RatingTable {
  /// Reads `user item rating [time]`, one rating a line, also gzipped.
  ///
  /// Fields are separated by tabs, `::`, commas, semicolons or spaces, whichever the first line has. A first line
  /// whose rating is no number is a header, and columns may then come in any order. Byte order mark, Windows line
  /// ends and blank lines at the end are tolerated. Of two ratings of the same pair the later one counts; `notes`
  /// says so.
  ///
  /// Throws `DataError` with the line where a field is missing or no number, or a rating not on the scale, if one is
  /// given.
  public static func read(_ path: String, scale: RatingScale? = nil) throws -> RatingTable {
    try decode(FileBytes.readUncompressed(path), path: path, scale: scale)
  }

  /// The same for the content of a file; `path` is named in errors.
  public static func decode(_ bytes: [UInt8], path: String, scale: RatingScale? = nil) throws -> RatingTable {
    var reader = RatingReader(bytes, path: path, lines: .ratings, scale: scale)
    return try reader.read()
  }

  /// `user item`, and no ratings: the values mean nothing.
  static func decodePairs(_ bytes: [UInt8], path: String) throws -> RatingTable {
    var reader = RatingReader(bytes, path: path, lines: .pairs, scale: nil)
    return try reader.read()
  }
}

/// What lines say: who rated what and how, or only who met what.
private enum RatingLines: String { case ratings, pairs }

/// Reads ratings line by line.
private struct RatingReader {
  private let path: String
  private let lines: RatingLines
  private let scale: RatingScale?
  private var text: RatingText
  private var columns = RatingColumns(fields: 3)
  private var users = NameNumbering(), items = NameNumbering()
  private var userOf: [UInt32] = [], itemOf: [UInt32] = [], values: [Float] = [], times: [Double] = []
  /// The line of the first rating: the others follow without a gap.
  private var firstLine = 1

  init(_ bytes: [UInt8], path: String, lines: RatingLines, scale: RatingScale?) {
    self.path = path
    self.lines = lines
    self.scale = scale
    text = RatingText(bytes)
  }

  mutating func read() throws -> RatingTable {
    let empty = DataError(path: path, message: "no \(lines.rawValue) in the file")
    guard text.next(), !text.isBlank else { throw empty }
    try readFirstLine()
    while text.next() {
      if text.isBlank { try requireBlankRest() } else { try readRating() }
    }
    guard !values.isEmpty else { throw empty }
    return try table()
  }

  private mutating func readFirstLine() throws {
    let names = (0..<text.fields.count).map { text.text($0) }
    if lines == .pairs {
      let header = RatingColumns(pairsHeader: names)
      columns = header ?? .pairs
      return try header == nil ? readRating() : skipHeader()
    }
    guard names.count >= 3 else { throw tooFew(3) }
    columns = RatingColumns(fields: names.count)
    if number(text[2]) != nil { return try readRating() }
    guard let header = RatingColumns(header: names) else {
      throw problem("\(quoted(2)) is no rating, and no header that names user, item and rating", 2)
    }
    columns = header
    skipHeader()
  }

  private mutating func skipHeader() { firstLine = 2 }

  private mutating func readRating() throws {
    guard text.fields.count >= columns.width else { throw tooFew(columns.width) }
    let user = text[columns.user], item = text[columns.item]
    if user.isEmpty { throw problem("the user is missing", columns.user) }
    if item.isEmpty { throw problem("the item is missing", columns.item) }
    let value = try columns.rating.map { try self.value($0) } ?? 1
    userOf.append(users.number(of: user))
    itemOf.append(items.number(of: item))
    values.append(value)
    if let column = columns.time {
      guard let time = number(text[column]) ?? date(text[column]) else {
        throw problem("\(quoted(column)) is no time", column)
      }
      times.append(time)
    }
  }

  private func value(_ column: Int) throws -> Float {
    guard let value = number(text[column]) else { throw problem("\(quoted(column)) is no rating", column) }
    if let scale, scale.level(of: value) == nil {
      throw problem("\(quoted(column)) is not on the scale \(scale)", column)
    }
    return Float(value)
  }

  private mutating func requireBlankRest() throws {
    let line = text.line
    while text.next() {
      if !text.isBlank { throw DataError(path: path, location: .line(line), message: "the line is blank") }
    }
  }

  /// A finite number.
  private func number(_ field: ArraySlice<UInt8>) -> Double? {
    if field.count == 1, let digit = field.first.map({ $0 &- UInt8(ascii: "0") }), digit <= 9 {
      return Double(digit)
    }
    return Double(String(decoding: field, as: UTF8.self)).flatMap { $0.isFinite ? $0 : nil }
  }

  /// 2005-09-06 as 20,050,906: later days are larger.
  private func date(_ field: ArraySlice<UInt8>) -> Double? {
    let parts = field.split(separator: UInt8(ascii: "-")).map { Int(String(decoding: $0, as: UTF8.self)) }
    guard field.count == 10, parts.count == 3, let year = parts[0], let month = parts[1], let day = parts[2]
    else {
      return nil
    }
    return Double(10_000 * year + 100 * month + day)
  }

  private func tooFew(_ count: Int) -> DataError {
    let found = text.isBlank ? "nothing" : "\(text.fields.count)"
    return DataError(
      path: path, location: .line(text.line),
      message: "expected \(count) fields or more separated by \(text.separator.rawValue), found \(found)")
  }

  private func problem(_ message: String, _ column: Int) -> DataError {
    DataError(path: path, location: .field(line: text.line, column: column + 1), message: message)
  }

  private func quoted(_ field: Int) -> String {
    let text = text.text(field)
    return "'\(text.prefix(40))'\(text.count > 40 ? "…" : "")"
  }

  private func table() throws -> RatingTable {
    guard let userNames = NameList(users.names), let itemNames = NameList(items.names) else {
      throw DataError(path: path, message: "two names are the same text")
    }
    let table = RatingTable(
      users: userNames, items: itemNames, userOf: userOf, itemOf: itemOf, values: values, times: times,
      source: path)
    return table.withoutRepetitions(firstLine: firstLine, of: lines)
  }
}

extension RatingTable {
  /// Of several ratings of a pair the one with the latest time, or the last one.
  fileprivate func withoutRepetitions(firstLine: Int, of lines: RatingLines) -> RatingTable {
    let order = sortedByPair()
    var repeated = [Bool](repeating: false, count: count), first: (Int, Int)?
    var kept = order.first ?? 0
    for place in order.dropFirst() {
      guard userOf[place] == userOf[kept] && itemOf[place] == itemOf[kept] else {
        kept = place
        continue
      }
      first = min(first ?? (.max, .max), (kept, place), by: { $0.1 < $1.1 })
      let isLater = times.isEmpty || times[place] >= times[kept]
      repeated[isLater ? kept : place] = true
      if isLater { kept = place }
    }
    guard let first else { return self }
    var table = selecting((0..<count).filter { !repeated[$0] })
    let (less, what) = (
      count - table.count, "(the first: lines \(firstLine + first.0) and \(firstLine + first.1))"
    )
    table.notes.append(
      lines == .pairs
        ? "\(less) pairs of user and item that come again \(what) count once"
        : "\(less) ratings of a user and item that have another one, which counts: the latest \(what)")
    return table
  }

  /// Places by user, then by item, then as they come: two counting sorts.
  private func sortedByPair() -> [Int] {
    let byItem = counted(Array(0..<count), items.count) { itemOf[$0] }
    return counted(byItem, users.count) { userOf[$0] }
  }

  private func counted(_ places: [Int], _ keys: Int, _ key: (Int) -> UInt32) -> [Int] {
    var ends = [Int](repeating: 0, count: keys + 1)
    for place in places { ends[Int(key(place)) + 1] += 1 }
    for k in 0..<keys { ends[k + 1] += ends[k] }
    var sorted = places
    for place in places {
      sorted[ends[Int(key(place))]] = place
      ends[Int(key(place))] += 1
    }
    return sorted
  }
}

private func min<T>(_ a: T, _ b: T, by isLess: (T, T) -> Bool) -> T { isLess(b, a) ? b : a }
