import Boltzmann
import BoltzmannRecommendation
import Testing

@Suite("Lists of ratings")
struct RatingListsTests {
  static let triples: [(UInt32, UInt32, UInt8)] = [(2, 1, 0), (0, 3, 2), (2, 0, 1), (0, 1, 1), (3, 3, 0)]

  static func lists() throws -> RatingLists {
    try RatingLists(
      caseCount: 4, siteCount: 5, levelCount: 3, cases: triples.map(\.0), sites: triples.map(\.1),
      levels: triples.map(\.2))
  }

  @Test("lie by case, in the order of the sites, whatever order they came in")
  func order() throws {
    let lists = try Self.lists()
    #expect(lists.caseCount == 4 && lists.count == 5)
    #expect((0..<4).map { Array(lists.rows(of: $0)) } == [[4, 11], [], [1, 3], [9]])
    #expect(lists.ratings(of: 0).map(\.site) == [1, 3] && lists.ratings(of: 0).map(\.level) == [1, 2])
    #expect(lists.siteCounts() == [1, 2, 0, 2, 0])
    #expect(lists.rowCounts().enumerated().filter { $0.element > 0 }.map(\.offset) == [1, 3, 4, 9, 11])
  }

  @Test("know the level of every pair")
  func levels() throws {
    let lists = try Self.lists()
    for c in 0..<4 {
      for s in 0..<5 {
        let expected = Self.triples.first { $0.0 == c && $0.1 == s }.map { Int($0.2) }
        #expect(lists.level(of: c, site: s) == expected)
      }
    }
  }

  @Test("are the same after being transposed twice, and the other way round after once")
  func transposed() throws {
    let lists = try RatingLists.random(cases: 17, sites: 11, levels: 5, density: 0.3, seed: 1)
    let others = lists.transposed()
    #expect(others.caseCount == 11 && others.siteCount == 17 && others.transposed() == lists)
    for c in 0..<17 {
      #expect((0..<11).allSatisfy { lists.level(of: c, site: $0) == others.level(of: $0, site: c) })
    }
  }

  @Test("refuse more rows than 32 bits count")
  func tooMany() {
    #expect(throws: SettingsError.self) {
      try RatingLists(
        caseCount: 1, siteCount: 1 << 31, levelCount: 5, cases: [], sites: [], levels: [])
    }
  }
}

@Suite("The scale of ratings")
struct RatingScaleTests {
  @Test("is written as a range, with a step, or one by one")
  func spelling() throws {
    #expect(RatingScale("1...5")?.values == [1, 2, 3, 4, 5])
    #expect(RatingScale("0.5...2:0.5")?.values == [0.5, 1, 1.5, 2])
    #expect(RatingScale("1,2,4")?.values == [1, 2, 4] && RatingScale("-1,1")?.values == [-1, 1])
    for text in [
      "", "5", "5...1", "1...2:0.3", "1...5:0", "1...x", "1,1", "a,b", "0...300", "1...5:1:1", "1,inf",
    ] {
      #expect(RatingScale(text) == nil, "\(text)")
    }
    for text in ["1...5", "0.5,1,1.5", "1,2"] { #expect(RatingScale(text)?.description == text) }
  }

  @Test("knows the level of a value, also one that Float has rounded")
  func levels() throws {
    let tenths = try #require(RatingScale("0...1:0.1"))
    for k in 0...10 { #expect(tenths.level(of: Double(Float(Double(k) / 10))) == k) }
    for value in [-0.1, 0.05, 1.1, 100] { #expect(tenths.level(of: value) == nil) }
  }

  @Test("counts the upper part as liked")
  func liked() {
    #expect(RatingScale("1...5")?.likedLevel == 3 && RatingScale("0.5...5:0.5")?.likedLevel == 7)
    #expect(RatingScale("0,1")?.likedLevel == 1)
  }

  @Test("what was met is what was rated and what was seen, once each")
  func met() throws {
    let lists = try RatingLists([[(0, 1), (3, 2)], [], [(2, 0)]], sites: 4, levels: 3)
    let seen = try RatingLists([[(2, 0), (3, 0)], [(1, 0)], []], sites: 4, levels: 1)
    func sites(_ lists: RatingLists) -> [[Int]] {
      (0..<lists.caseCount).map { lists.ratings(of: $0).map(\.site) }
    }
    #expect(sites(lists.sites) == [[0, 3], [], [2]] && lists.met(also: nil) == lists.sites)
    #expect(sites(lists.met(also: seen)) == [[0, 2, 3], [1], [2]])
    #expect(lists.met(also: seen).levelCount == 1)
    #expect(sites(seen.withoutSites(of: lists)) == [[2], [1], []])
  }
}
