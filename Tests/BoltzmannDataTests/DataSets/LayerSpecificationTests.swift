import Boltzmann
import Foundation
import Testing

@Suite struct LayerSpecificationTests {
  private static let spellings = [
    "bernoulli", "spin", "categorical", "gaussian", "relu", "categorical:21", "categorical:65536", "spin*1",
    "relu*1099511627776", "bernoulli*12,categorical*2,gaussian",
    "bernoulli*12,categorical:4*2,categorical*3,gaussian", "gaussian,spin*2", "categorical:1*3,relu*4",
  ]

  @Test(arguments: spellings)
  func describedAsSpelled(text: String) throws {
    let specification = try #require(LayerSpecification(text))
    #expect("\(specification)" == text)
    let json = try JSONEncoder().encode([specification])
    #expect(try JSONDecoder().decode([LayerSpecification].self, from: json) == [specification])
  }

  @Test(arguments: [
    "", ",", "bernoulli,", ",bernoulli", "bernoulli*2,,spin", "magic", "mixed", "Bernoulli", " bernoulli",
    "bernoulli ", "bernoulli*", "bernoulli*0", "bernoulli*-1", "bernoulli*1.5", "bernoulli*two",
    "bernoulli*2*3", "*3", "*", ":4", "categorical:", "categorical:0", "categorical:-2", "categorical:four",
    "categorical:4:5", "categorical:65537", "categorical*2:4", "bernoulli:2", "gaussian:3*2",
    "bernoulli,spin", "bernoulli,bernoulli*2,spin", "bernoulli*99999999999999999999",
    "bernoulli*1099511627777", "spin*9223372036854775807,relu*9223372036854775807",
    "categorical:9223372036854775808", "bernoulli;spin*2",
  ])
  func malformed(text: String) {
    #expect(LayerSpecification(text) == nil)
    let json = Data("[\"\(text)\"]".utf8)
    #expect(throws: (any Error).self) { try JSONDecoder().decode([LayerSpecification].self, from: json) }
  }

  @Test func parts() throws {
    let parts = try #require(LayerSpecification("bernoulli*12,categorical:4*2,categorical*3,gaussian")).parts
    #expect(parts.map(\.kind) == ["bernoulli", "categorical", "categorical", "gaussian"])
    #expect(parts.map(\.states) == [nil, 4, nil, nil])
    #expect(parts.map(\.count) == [12, 2, 3, nil])
  }

  @Test func ofBlocks() {
    let blocks = [
      UnitBlock(kind: "bernoulli", count: 2), UnitBlock(kind: "categorical", states: [3, 2]),
      UnitBlock(kind: "gaussian", count: 4),
    ]
    #expect(
      "\(LayerSpecification(blocks))" == "bernoulli*2,categorical:3*1,categorical:2*1,gaussian*4")
  }

  // MARK: - Over columns

  /// The part without a count takes what the others leave, wherever it stands.
  @Test(arguments: [
    ("bernoulli", 7, [0..<7]), ("spin*3", 3, [0..<3]), ("spin*3,gaussian", 5, [0..<3, 3..<5]),
    ("gaussian,spin*3", 5, [0..<2, 2..<5]), ("relu*1,spin,categorical:4*2", 4, [0..<1, 1..<2, 2..<4]),
  ])
  func ranges(text: String, count: Int, expected: [Range<Int>]) throws {
    let specification = try #require(LayerSpecification(text))
    let found = try specification.ranges(over: count)
    #expect(found.map(\.range) == expected)
    #expect(found.map(\.part) == specification.parts)
  }

  @Test(arguments: [
    ("bernoulli*3", 2, "\"bernoulli*3\" names 3 columns, not 2"),
    ("bernoulli*3", 4, "\"bernoulli*3\" names 3 columns, not 4"),
    ("spin*3,gaussian", 3, "\"spin*3,gaussian\" names at least 4 columns, not 3"),
    ("spin*3,gaussian,relu*2", 1, "\"spin*3,gaussian,relu*2\" names at least 6 columns, not 1"),
    ("gaussian", 0, "\"gaussian\" names at least 1 columns, not 0"),
    ("spin*1099511627776,gaussian", 5, "names at least 1099511627777 columns, not 5"),
  ])
  func rangesThatDoNotAddUp(text: String, count: Int, expected: String) throws {
    let specification = try #require(LayerSpecification(text))
    #expect(message { _ = try specification.ranges(over: count) }?.contains(expected) == true)
    #expect(message { _ = try specification.blocks(units: count) }?.contains(expected) == true)
  }

  @Test func blocks() throws {
    let specification = try #require(LayerSpecification("spin*2,categorical:4*3,gaussian"))
    let expected = [
      UnitBlock(kind: "spin", count: 2), UnitBlock(kind: "categorical", states: [4, 4, 4]),
      UnitBlock(kind: "gaussian", count: 5),
    ]
    #expect(try specification.blocks(units: 10) == expected)
    #expect(expected.map(\.columns) == [2, 12, 5])
  }

  /// Hidden sites have no data that could tell how many states they have.
  @Test func blocksWithoutStates() throws {
    let specification = try #require(LayerSpecification("spin*2,categorical"))
    #expect(
      message { _ = try specification.blocks(units: 5) }
        == "\"spin*2,categorical\" does not say how many states a site has (categorical:4)")
  }

  @Test func columnsAndRealUnits() throws {
    func specification(_ text: String) throws -> LayerSpecification { try #require(LayerSpecification(text)) }
    for text in ["bernoulli", "spin", "categorical", "categorical:4,spin*2"] {
      #expect(try !specification(text).hasRealUnits)
    }
    for text in ["gaussian", "relu", "categorical:4*1,gaussian", "relu*2,spin"] {
      #expect(try specification(text).hasRealUnits)
    }
    #expect(try specification("spin").mostColumns(units: 9) == 9)
    #expect(try specification("spin*2,categorical:4*1,categorical:7*3").mostColumns(units: 6) == 42)
    #expect(try specification("categorical:65536").mostColumns(units: .max) == 0x1p63 * 65536)
  }
}
