internal import Foundation

/// A path of machines from one that is solved to the one of interest, for annealed importance sampling.
///
/// At the inverse temperature β the path mixes a base machine without weights, of visible bias a, into the
/// model:
/// ```
/// F_β(v) = −[(1−β)a + βb]ᵀv − Σ_j softplus(β(c_j + Σ_i v_i W_ij))
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
}

// MARK: The path

extension ReferenceAnnealing {
  /// The free energy F_β(v) of a visible state, in nats.
  public func freeEnergy(visible: [Double], inverseTemperature beta: Double) -> Double {
    let bias = zip(baseVisibleBias, model.visibleBias).map { (1 - beta) * $0 + beta * $1 }
    return -dot(bias, visible) - sum(model.hiddenInputs(given: visible).map { softplus(beta * $0) })
  }

  /// The probability of each hidden unit to be on.
  /// ```
  /// P_β(h_j = 1 | v) = σ(β(c_j + Σ_i v_i W_ij))
  /// ```
  public func hiddenMeans(given visible: [Double], inverseTemperature beta: Double) -> [Double] {
    model.hiddenInputs(given: visible).map { logistic(beta * $0) }
  }

  /// The probability of each visible unit to be on.
  /// ```
  /// P_β(v_i = 1 | h) = σ((1−β)a_i + β(b_i + Σ_j W_ij h_j))
  /// ```
  public func visibleMeans(given hidden: [Double], inverseTemperature beta: Double) -> [Double] {
    zip(baseVisibleBias, model.visibleInputs(given: hidden)).map { logistic((1 - beta) * $0 + beta * $1) }
  }

  /// The log partition function at β = 0, in nats.
  /// ```
  /// log Z₀ = Σ_i softplus(a_i) + n log 2
  /// ```
  public var baseLogPartition: Double {
    sum(baseVisibleBias.map(softplus)) + Double(model.hiddenCount) * log(2)
  }
}

// MARK: The chains

extension ReferenceAnnealing {
  /// The log importance weight ω of one annealing chain, with E e^ω = Z / Z₀.
  /// ```
  /// v ~ P₀;   for k = 1 … K:   ω += F_{k−1}(v) − F_k(v),   then, if k < K, one Gibbs step at β_k
  /// ```
  /// The start uses the visible draw of step 0, the Gibbs step at β_k the draws of step k.
  public func logWeight(row: Int, inverseTemperatures: [Double], random: ReferenceRandom) -> Double {
    var visible = random.bernoulli(
      baseVisibleBias.map(logistic), row: row, step: 0, stream: ReferenceRandom.Stream.visible)
    var logWeight = 0.0
    for k in 1..<inverseTemperatures.count {
      logWeight += freeEnergy(visible: visible, inverseTemperature: inverseTemperatures[k - 1])
      logWeight -= freeEnergy(visible: visible, inverseTemperature: inverseTemperatures[k])
      if k < inverseTemperatures.count - 1 {
        visible = gibbsStep(
          from: visible, inverseTemperature: inverseTemperatures[k], row: row, step: k, random: random)
      }
    }
    return logWeight
  }

  /// One step of block Gibbs sampling at an inverse temperature.
  public func gibbsStep(
    from visible: [Double], inverseTemperature beta: Double, row: Int, step: Int, random: ReferenceRandom
  ) -> [Double] {
    let hidden = random.bernoulli(
      hiddenMeans(given: visible, inverseTemperature: beta),
      row: row, step: step, stream: ReferenceRandom.Stream.hidden)
    return random.bernoulli(
      visibleMeans(given: hidden, inverseTemperature: beta),
      row: row, step: step, stream: ReferenceRandom.Stream.visible)
  }

  /// The estimate of log Z from a number of independent chains, numbered 0, 1, 2, …
  /// - Parameter inverseTemperatures: β₀ = 0 < β₁ < … < β_K = 1.
  public func estimate(
    chainCount: Int, inverseTemperatures: [Double], random: ReferenceRandom
  ) -> ReferencePartitionEstimate {
    precondition(
      inverseTemperatures.first == 0 && inverseTemperatures.last == 1
        && zip(inverseTemperatures, inverseTemperatures.dropFirst()).allSatisfy { $0 < $1 },
      "inverse temperatures rise from 0 to 1")
    let logWeights = (0..<chainCount).map {
      logWeight(row: $0, inverseTemperatures: inverseTemperatures, random: random)
    }
    return ReferencePartitionEstimate(baseLogPartition: baseLogPartition, logWeights: logWeights)
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
