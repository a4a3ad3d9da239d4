public import BoltzmannReference
internal import Foundation

extension ReferenceRBM {
  /// A machine with normally distributed weights and biases, mean 0, for tests.
  public static func normal(
    visible: Int, hidden: Int, weightDeviation: Double = 1, biasDeviation: Double = 1, seed: UInt64
  ) -> ReferenceRBM {
    let random = ReferenceRandom(seed: seed)
    func numbers(_ count: Int, row: Int, deviation: Double) -> [Double] {
      (0..<count).map { deviation * random.normal(unit: $0, row: row) }
    }
    return ReferenceRBM(
      weights: (0..<visible).map { numbers(hidden, row: $0, deviation: weightDeviation) },
      visibleBias: numbers(visible, row: visible, deviation: biasDeviation),
      hiddenBias: numbers(hidden, row: visible + 1, deviation: biasDeviation))
  }
}

extension ReferenceRandom {
  /// A number between 0 and 1, both excluded, from a stream that no sampler uses.
  public func uniform(unit: Int, row: Int, step: Int = 0) -> Double {
    (Double(word(unit: unit, row: row, step: step, stream: 255)) + 0.5) / 0x1p32
  }

  /// A standard normal number, by the method of Box and Muller.
  public func normal(unit: Int, row: Int) -> Double {
    (-2 * log(uniform(unit: unit, row: row, step: 1))).squareRoot()
      * cos(2 * Double.pi * uniform(unit: unit, row: row, step: 2))
  }

  /// The index of a category, drawn with the given probabilities.
  public func category(_ probabilities: [Double], row: Int) -> Int {
    var remainder = uniform(unit: 0, row: row)
    for (index, probability) in probabilities.enumerated() {
      remainder -= probability
      if remainder < 0 { return index }
    }
    return probabilities.count - 1
  }
}
