public import BoltzmannCompute

/// Contrastive divergence for any energy: chains of a few steps stand for the model.
/// ```
/// ∂L/∂θ ≈ ⟨∂ log f_x/∂θ⟩ over x⁰ − ⟨∂ log f_x/∂θ⟩ over xᵏ          x⁰ = data (CD-k), or where the chains stood (PCD-k)
/// ```
/// Source: Hinton 2002; the persistent form Younes 1989 and Tieleman 2008.
public struct EnergyContrastiveDivergence<Kernel: Transition>: Sendable {
  public let transition: Kernel
  /// k.
  public let steps: Int
  public let seed: UInt64
  /// Chains that go on from update to update, `[chains, stateWidth]`; nil where they start at the data.
  public private(set) var chains: Matrix?
  /// Moves made so far.
  private var step: UInt64 = 0

  /// CD-k, or PCD-k where chains are given to go on from.
  public init(_ transition: Kernel, steps: Int = 1, persistent chains: Matrix? = nil, seed: UInt64) {
    precondition(steps >= 1, "contrastive divergence takes at least one step")
    self.transition = transition
    self.steps = steps
    self.chains = chains
    self.seed = seed
  }

  /// The estimate of ∂L/∂θ at `model` for a minibatch that is not empty.
  public mutating func gradient(
    of model: Kernel.Model, minibatch: Minibatch, parallel: Parallel = .all
  ) -> EnergyGradient {
    let data = minibatch.samples.matrix(minibatch.indices, epoch: minibatch.epoch)
    var state =
      chains.map { MarkovChains<Kernel>.State(states: $0, step: step) }
      ?? MarkovChains<Kernel>.State(states: data, numbers: minibatch.indices.map(UInt64.init), step: step)
    let info = MarkovChains(model: model, transition: transition, seed: seed, parallel: parallel)
      .run(&state, steps: steps)
    step = state.step
    if chains != nil { chains = state.states }
    return EnergyGradient(
      data: model.meanParameterGradient(over: data.view, parallel: parallel),
      model: model.meanParameterGradient(over: state.states.view, parallel: parallel),
      acceptanceRate: info.acceptanceRate)
  }
}
