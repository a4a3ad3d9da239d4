public import BoltzmannCompute

/// A Gibbs step as the model supplies it: every draw is from a conditional, and none is rejected.
///
/// Source: Geman & Geman 1984.
public struct GibbsTransition<Model: GibbsModel>: Transition {
  public init() {}

  public var leavesLawInvariant: Bool { true }

  public func move(_ states: MutableMatrixView, of model: Model, random: TransitionRandom) -> Int {
    model.gibbsStep(states, random: random)
    return states.rows
  }
}
