import BoltzmannData
import Testing

/// Numbers in text are rounded as Swift's own correctly rounded conversion does.
@Suite struct DecimalNumberTests {
  private func parse(_ text: String) throws -> Float {
    try NumericTable.decode(Array("0.5,\(text)\n".utf8), path: "file").values[1]
  }

  @Test(arguments: [
    "1", "-1", "+1", "1.", ".5", "-.5", "1e3", "1E+3", "1e-3", "00012.500", "0", "-0", "0.0e99",
    "123456789012345", "0.1", "3.4028235e38", "1.17549435e-38", "1e-45", "1e-46", "1e-400", "16777217",
    "16777219",
    "33554435", "12345678901234567890123", "0.000000000000000000000000000000000001",
  ])
  func forms(text: String) throws {
    let value = try parse(text)
    #expect(Float(text)?.bitPattern == value.bitPattern)
  }

  @Test(arguments: [
    "", "-", ".", "e5", "1e", "1e+", "1.2.3", "1 2", "--1", "1-", "0x1p3", "1_000", "١", "nane", "infinit",
  ])
  func notNumbers(text: String) {
    #expect(tableError("0.5,\(text),1\n")?.hasPrefix("file: line 1, column 2: ") == true)
  }

  @Test(arguments: [
    "nan", "NaN", "-nan", "inf", "+Infinity", "1e39", "3.4028236e38", "-1e99999999999999999999",
  ])
  func notFinite(text: String) {
    #expect(tableError("0.5,\(text)\n")?.hasSuffix("is not a finite number (32 bits)") == true)
  }

  @Test func shortestFormsReadBack() throws {
    var random = SplitMix(state: 4)
    for _ in 0..<2000 {
      let value = Float(bitPattern: UInt32(truncatingIfNeeded: random.next()))
      if value.isFinite { #expect(try parse(value.description).bitPattern == value.bitPattern) }
    }
  }

  @Test func manyDigitsAreRoundedCorrectly() throws {
    var random = SplitMix(state: 5)
    for _ in 0..<2000 {
      let digits = String(random.next()) + String(random.next())
      let exponent = Int.random(in: -60...10, using: &random)
      let text = "\(digits.prefix(Int.random(in: 1...38, using: &random)))e\(exponent)"
      let expected = try #require(Float(text))
      if expected.isFinite { #expect(try parse(text).bitPattern == expected.bitPattern) }
    }
  }

  /// Between two floats 2⁻²³ apart; 60 digits decide which one is nearer.
  @Test func halfwayCases() throws {
    let half = "1.00000005960464477539062"
    #expect(try parse(half + "5") == 1)
    #expect(try parse(half + "5" + String(repeating: "0", count: 40) + "1") == 1 + 0x1p-23)
    #expect(try parse(half + "4999999999999999999999999999999999") == 1)
  }
}
