internal import Boltzmann
internal import BoltzmannData

/// Who is known to have met what, whether or not a rating of it is known: bought, watched, or rated in a list whose
/// ratings are still to be predicted.
public struct SeenPairs: Sendable {
  public var users: NameList
  public var items: NameList
  /// Numbers among `users` and `items`; no pair twice.
  public var userOf: [UInt32]
  public var itemOf: [UInt32]
  /// The file's path.
  public var source: String
  /// What was done about pairs that come more than once, for people.
  public var notes: [String] = []

  public var count: Int { userOf.count }

  /// By which the same pairs are known again: how many there are, and checksums of who, what and all names.
  public var fingerprint: String {
    let names = Array((users.names + items.names).joined(separator: "\n").utf8)
    let parts = [
      userOf.withUnsafeBytes(CRC32.digits), itemOf.withUnsafeBytes(CRC32.digits),
      names.withUnsafeBytes(CRC32.digits),
    ]
    return "\(users.count)x\(items.count):\(count):crc32:" + parts.joined(separator: ":")
  }

  /// Reads `user item`, one pair a line, also gzipped; further fields say nothing, so that a file of ratings will do.
  ///
  /// Separators, byte order mark, line ends and blank lines are those of `RatingTable.read`. A first line that names a
  /// user and an item (`userId,movieId`) is a header, and columns may then come in any order.
  ///
  /// Throws `DataError` with the line where a field is missing.
  public static func read(_ path: String) throws -> SeenPairs {
    try decode(FileBytes.readUncompressed(path), path: path)
  }

  /// The same for the content of a file; `path` is named in errors.
  public static func decode(_ bytes: [UInt8], path: String) throws -> SeenPairs {
    SeenPairs(try RatingTable.decodePairs(bytes, path: path))
  }

  /// Who rated what, however.
  init(_ table: RatingTable) {
    (users, items, userOf, itemOf) = (table.users, table.items, table.userOf, table.itemOf)
    (source, notes) = (table.source, table.notes)
  }

  /// The pairs as lists by user, of one level, in the numbers of `users` and `items`; pairs of other names are left out.
  ///
  /// Throws `SettingsError` where there are too many.
  public func lists(users: NameList, items: NameList) throws -> RatingLists {
    let pairs = NamedPairs(of: (self.users, userOf), (self.items, itemOf), among: (users, items))
    return try RatingLists(
      caseCount: users.count, siteCount: items.count, levelCount: 1, cases: pairs.users, sites: pairs.items,
      levels: [UInt8](repeating: 0, count: pairs.places.count))
  }
}
