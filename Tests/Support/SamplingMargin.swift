public import BoltzmannReference

// Two programs that follow the same random numbers draw the same states unless a probability lies so near a
// word that their roundings fall on different sides. Tests show that no draw is so near.

extension ReferenceRandom {
  /// How near a layer's draws come to falling out the other way: the smallest |p − word/2³²|.
  ///
  /// The rule word < ⌊p·2³²⌋ itself moves p by less than 2⁻³².
  public func margin(_ probabilities: [Double], row: Int, step: Int, stream: Int) -> Double {
    probabilities.indices.reduce(1) { smallest, unit in
      let word = word(unit: unit, row: row, step: step, stream: stream)
      return min(smallest, abs(probabilities[unit] - Double(word) * 0x1p-32))
    }
  }
}

extension ReferenceRBM {
  /// The smallest margin of all draws of a chain of Gibbs steps.
  public func margin(
    from visible: [Double], steps: Int, row: Int, firstStep: Int, random: ReferenceRandom
  ) -> Double {
    var smallest = 1.0
    var state = visible
    for step in firstStep..<(firstStep + steps) {
      let next = gibbsStep(from: state, row: row, step: step, random: random)
      let up = random.margin(hiddenMeans(given: state), row: row, step: step, stream: 0)
      let down = random.margin(visibleMeans(given: next.hidden), row: row, step: step, stream: 1)
      smallest = min(smallest, up, down)
      state = next.visible
    }
    return smallest
  }

  /// The smallest margin over several chains, each with its own row.
  public func margin(
    from visibles: [[Double]], steps: Int, rows: [Int], firstStep: Int, random: ReferenceRandom
  ) -> Double {
    zip(visibles, rows).reduce(1) { smallest, chain in
      min(
        smallest,
        margin(from: chain.0, steps: steps, row: chain.1, firstStep: firstStep, random: random))
    }
  }
}

extension FloatBounds {
  /// What a draw's margin must exceed for the engine to draw as the reference does.
  public var draw: Double { max(hiddenMean, mirrored.hiddenMean) + 0x1p-32 }
}
