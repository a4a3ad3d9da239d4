import BoltzmannReference
import BoltzmannTestSupport
import Foundation
import Testing

@Suite("Rectified units from −∞ to +∞")
struct RectifiedUnitsTests {
  static let unit = ReferenceUnits(.relu, bias: [0])

  /// a, log Q/φ, h − a and 1 − (h − a)h of the standard normal tail beyond a, from 60-digit arithmetic.
  static let digits: [(a: Double, log: Double, excess: Double, variance: Double)] = [
    (-40, 800.91893853320467, 40, 1),
    (-3, 5.4175877232399245, 3.0044378390421257, 0.98666678845825919),
    (0, 0.22579135264472743, 0.79788456080286536, 0.36338022763241866),
    (4.9, -1.6272441561506381, 0.18982860012988329, 0.033804961936300752),
    (5.1, -1.6645485586667948, 0.18328761690915736, 0.031638803251059415),
    (30, -3.4023054231385244, 0.033259667433677037, 0.001103771511890091),
    (2_000, -7.6009027095419261, 0.0004999997500003125, 2.4999962500078125e-7),
    (1e8, -18.420680743952366, 9.999999999999998e-9, 9.9999999999999617e-17),
  ]

  @Test("log-normaliser, mean and variance keep their digits", arguments: digits)
  func accuracy(_ a: Double, _ log: Double, _ excess: Double, _ variance: Double) {
    // Where a < 3, h is good to 2e-15 of itself, below 7e-15; h − a is above 0.28. The variance's slope along h is
    // 2h − a, below 4, and itself it is above 0.07: 4e-13. Beyond, nothing cancels.
    let tolerance = a < 3 ? 4e-13 : 4e-15
    #expect(abs(Self.unit.logNormalizer([-a]) - log) <= 4e-15 * max(1, abs(log)))
    #expect(abs(Self.unit.mean([-a])[0] - excess) <= tolerance * excess)
    #expect(abs(Self.unit.variance([-a])[0] - variance) <= tolerance * variance)
  }

  @Test("a precision γ is a change of the unit of measurement", arguments: [-50.0, -1, 0, 3, 80])
  func precision(_ input: Double) {
    let unit = ReferenceUnits(.relu, bias: [0], precision: [16])
    // Powers of two are exact.
    #expect(unit.mean([4 * input]) == Self.unit.mean([input]).map { $0 / 4 })
    #expect(unit.variance([4 * input]) == Self.unit.variance([input]).map { $0 / 16 })
    let shift = Self.unit.logNormalizer([input]) - unit.logNormalizer([4 * input])
    #expect(abs(shift - log(4)) <= 1e-12)
  }

  @Test("infinite inputs give limits, not NaN")
  func limits() {
    #expect(Self.unit.mean([-.infinity]) == [0] && Self.unit.variance([-.infinity]) == [0])
    #expect(Self.unit.logNormalizer([-.infinity]) == -.infinity)
    #expect(Self.unit.mean([.infinity]) == [.infinity] && Self.unit.variance([.infinity]) == [1])
    #expect(Self.unit.logNormalizer([.infinity]) == .infinity)
  }

  @Test("draws far out are exponential, and near the middle of a wide normal normal", arguments: [-1e6, 1e6])
  func draws(_ input: Double) {
    let random = ReferenceRandom(seed: 45)
    for row in 0..<100 {
      let draw = ReferenceUnits.Draw(random, row: row, step: 0, stream: 1)
      let state = Self.unit.sample([input], draw)[0]
      if input < 0 {
        // Q(a + s)/Q(a) = e^{−as}·(1 + O(s/a) + O(s²)), s below 22/a: relative 5e-10.
        #expect(abs(state * 1e6 + log(draw.uniform(0))) <= 1e-8)
      } else {
        // s = a + z with Q(z) = u; a rounds z to 1e-10, and |z| < 6.4, so Q is off by 1e-10.
        #expect(abs(erfc((state - input) / 2.0.squareRoot()) / 2 - draw.uniform(0)) <= 1e-9)
      }
    }
  }
}
