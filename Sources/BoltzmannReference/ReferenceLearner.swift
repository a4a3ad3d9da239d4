/// A machine that learns, with everything that is carried from one learning step to the next.
public struct ReferenceLearner: Equatable, Sendable {
  /// The machine, always in the plain parameters of `ReferenceRBM`.
  public var model: ReferenceRBM
  /// The last change of the centred parameters.
  public var velocity: ReferenceGradient
  /// The offsets μ and λ of the centred gradient.
  public var offsets: ReferenceOffsets
  /// The running mean activity q of the hidden units, `[hidden]`; `nil` before the first sparse step.
  public var hiddenActivity: [Double]?
  /// The visible states of the persistent chains, `[chain][visible]`.
  public var chains: [[Double]]

  /// A learner at rest, with offsets zero unless given.
  public init(_ model: ReferenceRBM, offsets: ReferenceOffsets? = nil, chains: [[Double]] = []) {
    self.model = model
    self.velocity = .zero(like: model)
    self.offsets = offsets ?? .zero(like: model)
    self.chains = chains
  }
}

// MARK: A run

extension ReferenceLearner {
  /// Learns from a list of minibatches, one step each.
  ///
  /// Update s draws its random numbers from step `firstStep + s · stepsPerUpdate` on.
  public mutating func train(
    _ minibatches: [ReferenceMinibatch], estimator: ReferenceEstimator, settings: ReferenceLearningSettings,
    random: ReferenceRandom, firstStep: Int = 0, stepsPerUpdate: Int
  ) {
    for (s, minibatch) in minibatches.enumerated() {
      let phases = phases(
        minibatch, estimator: estimator, random: random, firstStep: firstStep + s * stepsPerUpdate)
      update(phases, settings: settings)
    }
  }

  /// The two phases of one learning step, with the model as it is now; moves the persistent chains.
  public mutating func phases(
    _ minibatch: ReferenceMinibatch, estimator: ReferenceEstimator, random: ReferenceRandom, firstStep: Int
  ) -> ReferencePhases {
    switch estimator {
    case .contrastiveDivergence(let steps):
      model.contrastiveDivergence(minibatch, steps: steps, firstStep: firstStep, random: random)
    case .persistentContrastiveDivergence(let steps):
      model.persistentContrastiveDivergence(
        minibatch, chains: &chains, steps: steps, firstStep: firstStep, random: random)
    case .exact:
      model.exactPhases(minibatch)
    }
  }
}

// MARK: A step

extension ReferenceLearner {
  /// One learning step along the centred gradient.
  ///
  /// The plain gradient of a weight depends on how often its units are on, and changes when ones and zeros
  /// trade places. The centred gradient does not: it belongs to the same machine written as
  /// ```
  /// E = −(v−μ)ᵀb_v − (h−λ)ᵀb_h − (v−μ)ᵀW(h−λ)          b_v = b + Wλ,   b_h = c + Wᵀμ
  /// ```
  /// which has the same distribution for all offsets. With offsets zero the step is the plain one.
  ///
  /// Source: Montavon & Müller 2012; Melchior, Fischer & Wiskott, "How to center deep Boltzmann machines",
  /// JMLR 2016, algorithm 1.
  public mutating func update(_ phases: ReferencePhases, settings: ReferenceLearningSettings) {
    moveOffsets(towards: phases.positive, rate: settings.offsetRate)
    var gradient = phases.gradient(around: offsets)
    if let sparsity = settings.sparsity {
      addSparsity(sparsity, of: phases.positive, to: &gradient)
    }
    subtractDecay(settings, from: &gradient)
    velocity = velocity.combined(with: gradient) { settings.momentum * $0 + settings.learningRate * $1 }
    fold(velocity)
  }

  /// Moves the offsets towards the means of the data.
  /// ```
  /// μ ← μ + ν(⟨v⟩ − μ)      λ ← λ + ν(⟨ĥ⟩ − λ)
  /// ```
  private mutating func moveOffsets(towards data: ReferencePhase, rate: Double) {
    func move(_ offset: Double, _ mean: Double) -> Double { offset + rate * (mean - offset) }
    offsets.visible = zip(offsets.visible, data.visibleMean).map(move)
    offsets.hidden = zip(offsets.hidden, data.hiddenMean).map(move)
  }

  /// Adds the pull of the mean activity q towards the target p.
  ///
  /// The penalty is the cross-entropy −p log q − (1−p) log(1−q), whose slope along a unit's input is q − p:
  /// ```
  /// q ← decay·q + (1−decay)⟨ĥ⟩      ∇c_j += cost(p − q_j)      ∇W_ij += cost(p − q_j)(⟨v_i⟩ − μ_i)
  /// ```
  /// The first sparse step takes q from its own minibatch.
  private mutating func addSparsity(
    _ sparsity: ReferenceLearningSettings.Sparsity, of data: ReferencePhase,
    to gradient: inout ReferenceGradient
  ) {
    let visible = data.visibleMean
    let activity = zip(hiddenActivity ?? data.hiddenMean, data.hiddenMean).map {
      sparsity.decay * $0 + (1 - sparsity.decay) * $1
    }
    for j in activity.indices {
      let pull = sparsity.cost * (sparsity.target - activity[j])
      gradient.hiddenBias[j] += pull
      for i in visible.indices {
        gradient.weights[i][j] += pull * (visible[i] - offsets.visible[i])
      }
    }
    hiddenActivity = activity
  }

  /// Subtracts the slope of the weight penalties; biases are left free.
  /// ```
  /// ∇W −= l₂·W + l₁·sign(W)
  /// ```
  private func subtractDecay(
    _ settings: ReferenceLearningSettings, from gradient: inout ReferenceGradient
  ) {
    for i in 0..<model.visibleCount {
      for j in 0..<model.hiddenCount {
        let weight = model.weights[i][j]
        gradient.weights[i][j] -= settings.l2 * weight + settings.l1 * sign(weight)
      }
    }
  }

  /// Applies a change of the centred parameters to the plain ones.
  /// ```
  /// W += ΔW      b += Δb_v − ΔW·λ      c += Δb_h − ΔWᵀ·μ
  /// ```
  private mutating func fold(_ change: ReferenceGradient) {
    for i in 0..<model.visibleCount {
      model.visibleBias[i] += change.visibleBias[i] - dot(change.weights[i], offsets.hidden)
    }
    for j in 0..<model.hiddenCount {
      model.hiddenBias[j] += change.hiddenBias[j] - dot(change.weights.map { $0[j] }, offsets.visible)
    }
    for i in 0..<model.visibleCount {
      for j in 0..<model.hiddenCount {
        model.weights[i][j] += change.weights[i][j]
      }
    }
  }
}

private func sign(_ x: Double) -> Double {
  x > 0 ? 1 : x < 0 ? -1 : 0
}
