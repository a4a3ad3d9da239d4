import BoltzmannData
import Testing

@Suite struct DigitsTests {
  @Test func theBundledDigits() throws {
    let digits = try Digits.load()
    #expect(digits.images.rows == 1797 && digits.images.columns == 64 && digits.images.itemShape == [8, 8])
    #expect(digits.labels.count == 1797 && digits.labels.prefix(10).elementsEqual(0...9))
    // The counts of each digit that scikit-learn's load_digits has.
    let counts = (0...9).map { digit in digits.labels.count { $0 == digit } }
    #expect(counts == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180])
  }

  @Test func pixelsAreSixteenths() throws {
    let images = try Digits.load().images
    #expect((0..<8).map { images[0, $0] * 16 } == [0, 0, 5, 13, 9, 1, 0, 0])
    let sixteenths = (0..<images.values.count).map { images.values[$0] * 16 }
    #expect(sixteenths.allSatisfy { (0...16).contains($0) && $0 == $0.rounded() })
    // The sum of scikit-learn's load_digits().data.
    #expect(sixteenths.reduce(0) { $0 + Double($1) } == 561_718)
  }

  @Test func theirNameStandsForAPath() throws {
    #expect(try NumericTable.read("digits") == Digits.load().images)
  }
}
