/// Names by number and numbers by name: users, or items.
public struct NameList: Sendable, Equatable {
  public let names: [String]
  private let numbers: [String: Int]

  /// Nil where two names are the same.
  public init?(_ names: [String]) {
    self.names = names
    numbers = Dictionary(zip(names, names.indices)) { first, _ in first }
    if numbers.count != names.count { return nil }
  }

  public var count: Int { names.count }

  public subscript(number: Int) -> String { names[number] }

  public func number(of name: String) -> Int? { numbers[name] }

  /// These names, and then those of `others` that are new.
  public func appending(_ others: NameList) -> NameList {
    let new = others.names.filter { numbers[$0] == nil }
    guard !new.isEmpty else { return self }
    guard let both = NameList(names + new) else { preconditionFailure("names of a list are distinct") }
    return both
  }

  public static func == (a: NameList, b: NameList) -> Bool { a.names == b.names }
}

/// Numbers names in the order in which they come.
struct NameNumbering {
  private(set) var names: [String] = []
  /// The numbers of names that are small integers: most are.
  private var ofIntegers: [UInt32] = []
  private var ofTexts: [String: UInt32] = [:]
  private static let none = UInt32.max
  private static let largestInteger = 1 << 22

  mutating func number(of name: ArraySlice<UInt8>) -> UInt32 {
    guard let integer = NameNumbering.integer(name) else {
      let text = String(decoding: name, as: UTF8.self)
      if let found = ofTexts[text] { return found }
      ofTexts[text] = UInt32(names.count)
      return add(text)
    }
    if integer >= ofIntegers.count {
      let room = max(integer + 1, min(2 * ofIntegers.count, NameNumbering.largestInteger))
      ofIntegers += [UInt32](repeating: NameNumbering.none, count: room - ofIntegers.count)
    }
    if ofIntegers[integer] == NameNumbering.none { ofIntegers[integer] = add("\(integer)") }
    return ofIntegers[integer]
  }

  private mutating func add(_ name: String) -> UInt32 {
    names.append(name)
    return UInt32(names.count - 1)
  }

  /// The value of a short decimal number that is written in the one usual way: `7`, not `07`.
  private static func integer(_ name: ArraySlice<UInt8>) -> Int? {
    guard (1...7).contains(name.count), name.count == 1 || name.first != UInt8(ascii: "0") else { return nil }
    var value = 0
    for byte in name {
      let digit = byte &- UInt8(ascii: "0")
      guard digit <= 9 else { return nil }
      value = 10 * value + Int(digit)
    }
    return value < largestInteger ? value : nil
  }
}

/// Pairs of users and items in the numbers of other lists of names.
struct NamedPairs {
  /// Which of the pairs have names in both lists, and their numbers there.
  private(set) var places: [Int] = []
  private(set) var users: [UInt32] = []
  private(set) var items: [UInt32] = []

  init(
    of users: (names: NameList, numbers: [UInt32]), _ items: (names: NameList, numbers: [UInt32]),
    among lists: (users: NameList, items: NameList)
  ) {
    let user = users.names.names.map { lists.users.number(of: $0) }
    let item = items.names.names.map { lists.items.number(of: $0) }
    for (place, pair) in zip(users.numbers, items.numbers).enumerated() {
      guard let u = user[Int(pair.0)], let i = item[Int(pair.1)] else { continue }
      places.append(place)
      self.users.append(UInt32(u))
      self.items.append(UInt32(i))
    }
  }
}
