/// A path of machines from one that is solved to the one of interest, for annealed importance sampling.
///
/// At every inverse temperature β the path is itself a machine: a base without weights, of visible bias a, into
/// which the model is mixed.
/// ```
/// E_β(v, h) = −[(1−β)a + βb]ᵀv − βcᵀh − βvᵀWh
/// ```
/// At β = 0 all units are independent and Z is known; at β = 1 this is the model.
///
/// Source: Salakhutdinov & Murray, "On the quantitative analysis of deep belief networks", ICML 2008; Neal,
/// "Annealed importance sampling", 2001.
public struct ReferenceAnnealing: Equatable, Sendable {
  public var model: ReferenceRBM
  /// The visible bias a of the base machine, `[visible]`; best the log-odds of the training means.
  public var baseVisibleBias: [Double]

  public init(model: ReferenceRBM, baseVisibleBias: [Double]) {
    precondition(
      baseVisibleBias.count == model.visibleCount, "a base needs \(model.visibleCount) visible biases")
    self.model = model
    self.baseVisibleBias = baseVisibleBias
  }

  /// The base rates: the log-odds of the samples' means, which are kept within [0.001, 0.999].
  public static func baseRates(of samples: [[Double]]) -> [Double] {
    weightedMean(samples, samples.map { _ in 1 }).map { logit(min(max($0, 0.001), 0.999)) }
  }

  /// The machine at an inverse temperature.
  /// ```
  /// W_β = βW      b_β = (1−β)a + βb      c_β = βc
  /// ```
  public func machine(at beta: Double) -> ReferenceRBM {
    ReferenceRBM(
      weights: model.weights.map { $0.map { beta * $0 } },
      visibleBias: zip(baseVisibleBias, model.visibleBias).map { (1 - beta) * $0 + beta * $1 },
      hiddenBias: model.hiddenBias.map { beta * $0 })
  }

  /// The log partition function at β = 0, in nats.
  /// ```
  /// log Z₀ = Σ_i softplus(a_i) + n log 2
  /// ```
  public var baseLogPartition: Double {
    sum(baseVisibleBias.map(softplus)) + Double(model.hiddenCount) * softplus(0)
  }
}

// MARK: Annealing

extension ReferenceAnnealing {
  /// The log importance weights ω of independent annealing chains, `[chain]`, with E e^ω = Z / Z₀.
  /// ```
  /// v ~ P₀;   for k = 1 … K:   ω += F_{k−1}(v) − F_k(v),   then, if k < K, one Gibbs step at β_k
  /// ```
  /// Chain r draws with row r: the start with the visible draw of step 0, the Gibbs step at β_k with step k.
  /// - Parameter inverseTemperatures: β₀ = 0 < β₁ < … < β_K = 1.
  public func logWeights(
    chainCount: Int, inverseTemperatures: [Double], random: ReferenceRandom
  ) -> [Double] {
    precondition(isSchedule(inverseTemperatures), "inverse temperatures rise from 0 to 1")
    var chains = (0..<chainCount).map { baseSample(row: $0, random: random) }
    var logWeights = chains.map { _ in 0.0 }
    var machine = machine(at: 0)
    for k in 1..<inverseTemperatures.count {
      let next = self.machine(at: inverseTemperatures[k])
      for row in chains.indices {
        logWeights[row] += machine.freeEnergy(visible: chains[row]) - next.freeEnergy(visible: chains[row])
        // The step at the last temperature would move the chain after its last weight: it is left out.
        if k < inverseTemperatures.count - 1 {
          chains[row] = next.gibbsStep(from: chains[row], row: row, step: k, random: random).visible
        }
      }
      machine = next
    }
    return logWeights
  }

  /// A visible state of the base machine, v ~ P₀.
  private func baseSample(row: Int, random: ReferenceRandom) -> [Double] {
    random.bernoulli(
      baseVisibleBias.map(logistic), row: row, step: 0, stream: ReferenceRandom.Stream.visible)
  }

  /// The estimate of log Z from a number of chains.
  /// - Parameter inverseTemperatures: β₀ = 0 < β₁ < … < β_K = 1.
  public func estimate(
    chainCount: Int, inverseTemperatures: [Double], random: ReferenceRandom
  ) -> ReferencePartitionEstimate {
    ReferencePartitionEstimate(
      baseLogPartition: baseLogPartition,
      logWeights: logWeights(
        chainCount: chainCount, inverseTemperatures: inverseTemperatures, random: random))
  }

  private func isSchedule(_ betas: [Double]) -> Bool {
    betas.first == 0 && betas.last == 1 && zip(betas, betas.dropFirst()).allSatisfy { $0 < $1 }
  }
}

// MARK: Schedules

extension ReferenceAnnealing {
  /// Inverse temperatures at equal distances, `stepCount` + 1 of them.
  public static func linearSchedule(stepCount: Int) -> [Double] {
    rise(from: 0, to: 1, stepCount: stepCount) + [1]
  }

  /// The 14,500 steps of Salakhutdinov & Murray 2008: 500 up to 0.5, 4,000 up to 0.9, 10,000 up to 1.
  public static func salakhutdinovMurraySchedule() -> [Double] {
    rise(from: 0, to: 0.5, stepCount: 500) + rise(from: 0.5, to: 0.9, stepCount: 4_000)
      + rise(from: 0.9, to: 1, stepCount: 10_000) + [1]
  }

  /// The starts of equal steps from one value to another.
  private static func rise(from start: Double, to end: Double, stepCount: Int) -> [Double] {
    (0..<stepCount).map { start + (end - start) * Double($0) / Double(stepCount) }
  }
}
