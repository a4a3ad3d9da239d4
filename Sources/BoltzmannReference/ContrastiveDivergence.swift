/// The samples of one learning step.
public struct ReferenceMinibatch: Equatable, Sendable {
  /// The samples, `[sample][visible]`; grey values between 0 and 1 are taken as probabilities.
  public var samples: [[Double]]
  /// Each sample's own number, which addresses its random numbers wherever it stands in a minibatch.
  public var rows: [Int]
  /// How much each sample counts, `[sample]`; only the ratios matter.
  public var rowWeights: [Double]

  /// Samples that are numbered 0, 1, 2, … and count equally, unless told otherwise.
  public init(_ samples: [[Double]], rows: [Int]? = nil, rowWeights: [Double]? = nil) {
    self.samples = samples
    self.rows = rows ?? Array(samples.indices)
    self.rowWeights = rowWeights ?? samples.map { _ in 1 }
    precondition(
      self.rows.count == samples.count && self.rowWeights.count == samples.count,
      "a minibatch of \(samples.count) samples needs as many rows and weights")
  }
}

// The exact negative phase takes 2ⁿ terms. Both methods below replace it by the ends of short Gibbs chains. The
// last hidden layer enters as probabilities, not states: the same expectation with less noise.
//
// Random numbers: hidden draw t and visible draw t of a chain (t = 0 … k − 1) use step firstStep + t in their
// streams; the row is the sample's own number in CD and the chain's number in PCD.

extension ReferenceRBM {
  /// The phases of contrastive divergence, CD-k: chains that start anew at the samples.
  /// ```
  /// v⁰ = sample,   hᵗ ~ P(h | vᵗ),   vᵗ⁺¹ ~ P(v | hᵗ),   t = 0 … k − 1;   ĥ = P(h | vᵏ)
  /// ```
  /// A chain counts as much as the sample it started from. The estimate is biased towards the data, the more
  /// so the smaller k.
  ///
  /// Source: Hinton, "Training products of experts by minimizing contrastive divergence", 2002.
  public func contrastiveDivergence(
    _ minibatch: ReferenceMinibatch, steps: Int, firstStep: Int, random: ReferenceRandom
  ) -> ReferencePhases {
    let ends = zip(minibatch.samples, minibatch.rows).map { sample, row in
      gibbsChain(from: sample, steps: steps, row: row, firstStep: firstStep, random: random)
    }
    return ReferencePhases(
      positive: dataPhase(minibatch),
      negative: dataPhase(ReferenceMinibatch(ends, rowWeights: minibatch.rowWeights)))
  }

  /// The phases of persistent contrastive divergence, PCD-k: chains that go on where they last stopped.
  ///
  /// Every call moves all chains by k Gibbs steps. Their number is independent of the minibatch's, and each
  /// counts equally. As long as learning is slower than the chains forget, they stay near the model.
  ///
  /// Source: Tieleman, "Training restricted Boltzmann machines using approximations to the likelihood
  /// gradient", ICML 2008; Younes 1989 (stochastic maximum likelihood).
  /// - Parameter chains: the visible states of the chains, `[chain][visible]`.
  public func persistentContrastiveDivergence(
    _ minibatch: ReferenceMinibatch, chains: inout [[Double]], steps: Int, firstStep: Int,
    random: ReferenceRandom
  ) -> ReferencePhases {
    for chain in chains.indices {
      chains[chain] = gibbsChain(
        from: chains[chain], steps: steps, row: chain, firstStep: firstStep, random: random)
    }
    return ReferencePhases(
      positive: dataPhase(minibatch), negative: dataPhase(ReferenceMinibatch(chains)))
  }
}
