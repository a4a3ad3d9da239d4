internal import BoltzmannCompute

/// The gradient of a general Boltzmann machine by any of its methods: a value that holds the chains.
struct BoltzmannMachineGradient: Sendable {
  private let settings: BoltzmannMachineSettings
  /// The chains of the model's law, and how often the data's hiddens were swept.
  private var chains: SingleSiteGibbs.State?
  private var clampedSweep: UInt64 = 0
  /// How mean-field ended in the last positive phase.
  private(set) var meanField: MeanField.Info?

  init(_ settings: BoltzmannMachineSettings) { self.settings = settings }

  /// At `model`, for visibles `[rows, visible]`; pairs within layers that shall have no couplings are left out.
  mutating func callAsFunction(
    of model: BoltzmannMachine, visibles: Matrix, parallel: Parallel
  ) throws -> PairMoments {
    let gradient: PairMoments
    switch settings.method {
    case .exact:
      let enumeration = try BoltzmannMachineEnumeration(of: model, keeping: settings.lateral)
      gradient =
        try model.clampedMoments(of: visibles.view, parallel: parallel)
        - enumeration.moments(parallel: parallel)
    case .pseudoLikelihood:
      gradient = try BoltzmannMachinePseudoLikelihood(of: model).gradient(
        of: visibles.view, parallel: parallel)
    case .pcd:
      let data = positivePhase(of: model, visibles, parallel)
      gradient = data - negativePhase(of: model, parallel)
    }
    return gradient.keeping(settings.lateral, of: model)
  }

  /// The chains go on from where the last update left them.
  private mutating func negativePhase(of model: BoltzmannMachine, _ parallel: Parallel) -> PairMoments {
    let sampler = SingleSiteGibbs(model: model, seed: settings.seed, parallel: parallel)
    var state = chains ?? sampler.initialState(chains: settings.chains)
    chains = nil  // not shared while it is written, or it would be copied
    sampler.run(&state, sweeps: settings.steps)
    chains = state
    return PairMoments(columns: state.units.view, parallel: parallel)
  }

  /// Data in the visible rows, the hiddens inferred below them.
  private mutating func positivePhase(
    of model: BoltzmannMachine, _ visibles: Matrix, _ parallel: Parallel
  ) -> PairMoments {
    var state = SingleSiteGibbs.State(units: Matrix(rows: model.unitCount, columns: visibles.rows))
    state.units.withMutableView {
      $0.rows(model.visibleUnits).transpose(visibles.view)
      $0.rows(model.hiddenUnits).fill((model.hiddenKind.low + model.hiddenKind.high) / 2)
    }
    if model.hiddenCount > 0 {
      switch settings.positivePhase {
      case .meanField: inferMeans(of: model, &state, parallel)
      case .gibbs: sweepHiddens(of: model, &state, parallel)
      }
    }
    return PairMoments(columns: state.units.view, parallel: parallel)
  }

  private mutating func inferMeans(
    of model: BoltzmannMachine, _ state: inout SingleSiteGibbs.State, _ parallel: Parallel
  ) {
    meanField = state.units.withMutableView { units in
      model.hiddenMeanField(
        settings.meanField, given: units.view.rows(model.visibleUnits), from: units.rows(model.hiddenUnits),
        parallel: parallel)
    }
  }

  /// Clamped sweeps; the first draws see the middle of both values for units that are yet to be drawn.
  private mutating func sweepHiddens(
    of model: BoltzmannMachine, _ state: inout SingleSiteGibbs.State, _ parallel: Parallel
  ) {
    state.sweep = clampedSweep
    SingleSiteGibbs(model: model, seed: settings.seed, parallel: parallel)
      .runClamped(&state, sweeps: settings.steps)
    clampedSweep = state.sweep
  }
}
