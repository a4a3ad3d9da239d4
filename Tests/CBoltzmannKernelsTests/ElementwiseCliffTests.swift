import BoltzmannTestSupport
import CBoltzmannKernels
import Foundation
import Testing

// The arguments at which such functions go wrong: zeros, infinities, the ends of the ranges of eˣ, numbers
// without a leading one.
@Suite struct ElementwiseCliffTests {
  static let cliffs: [Float] = [
    0, 16, 17.4, 87.3, AllowedError.cutoff.magnitude.nextUp, AllowedError.cutoff.magnitude.nextDown,
    87.336_54,  // −log of the least normal Float
    88.722_84,  // the log of the greatest Float
    88.8, 103.278_93,  // beyond, e^{−x} is below any Float
    104, 1e4, .leastNonzeroMagnitude, .leastNormalMagnitude.nextDown, .leastNormalMagnitude, .ulpOfOne,
    .greatestFiniteMagnitude, .infinity,
  ].flatMap { [$0, -$0] }

  @Test(arguments: InstructionSet.available)
  func logisticIsAProbability(_ set: InstructionSet) {
    #expect(set.logistic(Self.cliffs).allSatisfy { $0 > 0 && $0 <= 1 })
  }

  @Test(arguments: InstructionSet.available)
  func logisticIsExactAtZeroAndFarAbove(_ set: InstructionSet) {
    #expect(set.logistic([0, -0.0]) == [0.5, 0.5])
    // 1 − σ(17.4) = 2.8e−8 is below half an ulp of [½, 1), 2⁻²⁵ = 3.0e−8.
    #expect(set.logistic([17.4, 87.3, 88.8, 1e4, .infinity]).allSatisfy { $0 == 1 })
  }

  /// Far below, σ stays at e^{−87.3}: never 0, so that it has a logarithm, and never without a leading one.
  @Test(arguments: InstructionSet.available)
  func logisticNeverReachesZero(_ set: InstructionSet) {
    let far = set.logistic([-87.3, -88.8, -1e4, -.greatestFiniteMagnitude, -.infinity])
    #expect(far.allSatisfy { $0 == far[0] })
    let error = Double(far[0]) / exp(Double(AllowedError.cutoff)) - 1
    #expect(far[0].isNormal && abs(error) <= 1.55 * unitRoundoff)
  }

  @Test(arguments: InstructionSet.available)
  func softplusIsAboveTheRamp(_ set: InstructionSet) {
    let y = set.softplus(Self.cliffs)
    #expect(zip(Self.cliffs, y).allSatisfy { $1 >= max($0, 0) && $1 > 0 })
  }

  /// log(1 + e^{−x}) ≤ e^{−16} = 1.1e−7 is below half an ulp of x ≥ 16, 2⁻²⁰ = 9.5e−7.
  @Test(arguments: InstructionSet.available)
  func softplusIsItsArgumentFarAbove(_ set: InstructionSet) {
    let x: [Float] = [16, 17.4, 87.3, 88.8, 103.278_93, 1e4, .greatestFiniteMagnitude, .infinity]
    #expect(set.softplus(x) == x)
  }

  @Test(arguments: InstructionSet.available)
  func cliffsStayWithinTheAllowedError(_ set: InstructionSet) {
    for row in AllowedError.table {
      let x = Self.cliffs.filter(row.range.contains)
      #expect(zip(x, row.function(x, with: set)).allSatisfy { row.excess($0, $1) <= 1 }, "\(row)")
    }
  }

  /// Also in the middle of a vector, and only there.
  @Test(arguments: InstructionSet.available)
  func notANumberStaysSo(_ set: InstructionSet) {
    for count in [1, 4, 16, 33] {
      for place in [0, count / 2, count - 1] {
        var x = [Float](repeating: 1, count: count)
        x[place] = .nan
        let expected = x.map(\.isNaN)
        #expect(set.logistic(x).map(\.isNaN) == expected)
        #expect(set.softplus(x).map(\.isNaN) == expected)
      }
    }
  }
}

// What holds of the order: σ never falls from one Float x ≥ 0 to the next (1 + e and its reciprocal round
// monotonically, and coarsely enough to hide the last places of e). For x < 0 the last places of e^{−|x|}
// show, and a neighbour may lie an ulp or two lower: within two allowed errors.
@Suite struct LogisticOrderTests {
  /// The places of the Floats from 2⁻¹⁰ to 20, beyond which σ is 1: all of them, or every 40th stretch.
  static let stretch = 3_000
  static let stretches = Array(
    Swift.stride(
      from: place(of: 0x1p-10), to: place(of: 20), by: Build.isOptimized ? stretch : 1_200_000))

  @Test(arguments: InstructionSet.available)
  func logisticNeverFallsAboveZero(_ set: InstructionSet) {
    #expect(deepestFall(set, sign: 1) == 0)
  }

  @Test(arguments: InstructionSet.available)
  func logisticFallsByAFewUlpsAtMostBelowZero(_ set: InstructionSet) {
    #expect(deepestFall(set, sign: -1) <= Int(2 * 3.6))
  }

  /// By how many places σ falls at most from a Float to the next larger one.
  private func deepestFall(_ set: InstructionSet, sign: Int) -> Int {
    Self.stretches.reduce(0) { deepest, begin in
      let x = (begin...begin + Self.stretch).map { value(at: sign * $0) }
      let y = set.logistic(x)
      let falls = zip(y, y.dropFirst()).lazy.map { sign * (place(of: $0) - place(of: $1)) }
      return max(deepest, falls.max() ?? 0)
    }
  }
}
