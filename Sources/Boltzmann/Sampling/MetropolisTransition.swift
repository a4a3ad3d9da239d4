public import BoltzmannCompute

/// A symmetric proposal that is accepted by its energy: all it takes is the energy itself.
/// ```
/// accept y with probability min(1, e^{E(x) − E(y)})
/// ```
/// Detailed balance makes it leave P as it is (Metropolis, Rosenbluth, Rosenbluth, Teller & Teller 1953). E(x) is
/// computed anew at each step: a value without memory can be followed by any other.
public struct MetropolisTransition<Model: EnergyModel>: Transition {
  public enum Proposal: Sendable {
    /// y = x + s·ξ, ξ standard normal, s the step size: for real states.
    case walk(stepSize: Double)
    /// One entry, chosen uniformly, changes from one of two values to the other: for binary states.
    case flip(Float, Float)
  }

  public let proposal: Proposal

  public init(_ proposal: Proposal) { self.proposal = proposal }

  /// Flips between 0 and 1.
  public static var flips: Self { Self(.flip(0, 1)) }

  public var leavesLawInvariant: Bool { true }

  public func move(_ states: MutableMatrixView, of model: Model, random: TransitionRandom) -> Int {
    let proposals = MutableMatrixView(rows: states.rows, columns: states.columns)
    proposals.copy(states.view)
    for row in 0..<states.rows { propose(proposals.rows(row..<(row + 1)), row, random) }
    let ratios = zip(model.energies(of: states.view), model.energies(of: proposals.view)).map { $0 - $1 }
    return states.accept(proposals.view, logRatios: ratios, random: random)
  }

  /// Changes the copy of a state, `[1, stateWidth]`.
  private func propose(_ state: MutableMatrixView, _ row: Int, _ random: TransitionRandom) {
    switch proposal {
    case .walk(let stepSize):
      for (index, normal) in random.normals(row: row, count: state.columns).enumerated() {
        state[0, index] = Float(Double(state[0, index]) + stepSize * normal)
      }
    case .flip(let one, let other):
      let choice = random.uniform(.transitionProposal, row: row) * Double(state.columns)
      let index = min(Int(choice), state.columns - 1)
      state[0, index] = state[0, index] == one ? other : one
    }
  }
}
