import Boltzmann
import BoltzmannRecommendation
import Testing

@Suite("Splits of ratings")
struct RatingSplitTests {
  /// 20 users with 1 … 20 ratings each, times backwards.
  static func table() throws -> RatingTable {
    let lines = (1...20).flatMap { user in
      (1...user).map { "u\(user),i\($0),\($0 % 5 + 1),\(1000 - 30 * user - $0)" }
    }
    return try RatingTable.decode(Array(lines.joined(separator: "\n").utf8), path: "r")
  }

  @Test("have the size that was asked for, and follow the seed")
  func holdOut() throws {
    let table = try Self.table(), split = RatingSplit.holdOut(0.2)
    let parts = try split.parts(of: table, seed: 1)
    #expect(parts.count == 210 && parts.count { $0 == 1 } == 42 && split.parts == 2)
    #expect(try split.parts(of: table, seed: 1) == parts && split.parts(of: table, seed: 2) != parts)
  }

  @Test("folds are of the same size and hold every rating once")
  func folds() throws {
    let parts = try RatingSplit.folds(5).parts(of: Self.table(), seed: 1)
    #expect((0..<5).map { fold in parts.count { $0 == fold } } == [42, 42, 42, 42, 42])
  }

  @Test("n of every user who has more", arguments: [false, true])
  func leaveOut(latest: Bool) throws {
    let table = try Self.table(),
      parts = try RatingSplit.leaveOut(3, latest: latest).parts(of: table, seed: 1)
    for user in 0..<20 {
      let own = (0..<table.count).filter { table.userOf[$0] == UInt32(user) }
      #expect(own.count { parts[$0] == 1 } == (own.count > 3 ? 3 : 0))
      guard latest else { continue }
      // Times fall along the file, so that the latest are the first.
      #expect(own.count <= 3 || own.prefix(3).allSatisfy { parts[$0] == 1 })
    }
  }

  @Test("by time nothing is learned from what is later than what is predicted")
  func latest() throws {
    let table = try Self.table(), parts = try RatingSplit.latest(0.25).parts(of: table, seed: 1)
    let learned = (0..<210).filter { parts[$0] == 0 }.map { table.times[$0] }
    let predicted = (0..<210).filter { parts[$0] == 1 }.map { table.times[$0] }
    #expect(predicted.count == 53 && learned.max()! <= predicted.min()!)
  }

  @Test("what cannot be is refused")
  func refusals() throws {
    let table = try Self.table()
    var timeless = table
    timeless.times = []
    for split in [
      RatingSplit.holdOut(0), .holdOut(1), .holdOut(0.001), .folds(1), .folds(211),
      .leaveOut(0, latest: false), .leaveOut(20, latest: false),
    ] {
      #expect(throws: SettingsError.self) { try split.parts(of: table, seed: 0) }
    }
    #expect(throws: SettingsError.self) { try RatingSplit.latest(0.5).parts(of: timeless, seed: 0) }
  }
}
