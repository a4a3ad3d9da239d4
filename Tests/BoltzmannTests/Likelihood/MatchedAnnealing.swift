import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport

/// The reference's annealing, drawn with the engine's streams of random numbers.
struct MatchedAnnealing {
  let annealing: ReferenceAnnealing
  let random: ReferenceRandom
  /// The smallest margin of all draws so far.
  private(set) var margin = 1.0

  init(_ annealing: ReferenceAnnealing, seed: UInt64) {
    self.annealing = annealing
    random = ReferenceRandom(seed: seed)
  }

  /// The log importance weight of one chain.
  mutating func logWeight(chain row: Int, inverseTemperatures betas: [Double]) -> Double {
    var visible = draw(annealing.machine(at: 0).visibleBias.map(logistic), row, 0, .annealingStart)
    var logWeight = 0.0
    for step in 1..<betas.count {
      let machine = annealing.machine(at: betas[step])
      logWeight += annealing.machine(at: betas[step - 1]).freeEnergy(visible: visible)
      logWeight -= machine.freeEnergy(visible: visible)
      guard step < betas.count - 1 else { break }
      let hidden = draw(machine.hiddenMeans(given: visible), row, step, .annealingHidden)
      visible = draw(machine.visibleMeans(given: hidden), row, step, .annealingVisible)
    }
    return logWeight
  }

  private mutating func draw(
    _ means: [Double], _ row: Int, _ step: Int, _ purpose: RandomPurpose
  ) -> [Double] {
    let stream = Int(purpose.rawValue)
    margin = min(margin, random.margin(means, row: row, step: step, stream: stream))
    return random.bernoulli(means, row: row, step: step, stream: stream)
  }

  private func logistic(_ x: Double) -> Double { BoltzmannReference.logistic(x) }
}
