// The gradient of the log-likelihood is a difference of two averages of v ĥᵀ, v and ĥ: one over the data (the
// positive phase, where learning raises the probability) and one over the model (the negative phase, where it
// lowers it). All methods of learning share the positive phase and differ in how they come by the negative.

/// One phase of the gradient: a weighted list of visible states, each with its hidden means.
public struct ReferencePhase: Equatable, Sendable {
  /// The visible states (or means) v, `[row][visible]`.
  public var visibles: [[Double]]
  /// The hidden means (or states) ĥ, `[row][hidden]`.
  public var hiddens: [[Double]]
  /// The weight of each row, `[row]`; only the ratios matter.
  public var rowWeights: [Double]

  public init(visibles: [[Double]], hiddens: [[Double]], rowWeights: [Double]) {
    self.visibles = visibles
    self.hiddens = hiddens
    self.rowWeights = rowWeights
  }

  /// The mean visible state ⟨v⟩, `[visible]`.
  public var visibleMean: [Double] { weightedMean(visibles, rowWeights) }

  /// The mean hidden state ⟨ĥ⟩, `[hidden]`.
  public var hiddenMean: [Double] { weightedMean(hiddens, rowWeights) }

  /// The averages that belong to the parameters; the weights' average is taken around offsets μ and λ.
  /// ```
  /// weights ⟨(v − μ)(ĥ − λ)ᵀ⟩      visible bias ⟨v⟩      hidden bias ⟨ĥ⟩
  /// ```
  public func moments(around offsets: ReferenceOffsets) -> ReferenceGradient {
    ReferenceGradient(
      weights: correlation(around: offsets), visibleBias: visibleMean, hiddenBias: hiddenMean)
  }

  private func correlation(around offsets: ReferenceOffsets) -> [[Double]] {
    var correlation = offsets.visible.map { _ in offsets.hidden.map { _ in 0.0 } }
    for row in visibles.indices {
      for i in offsets.visible.indices {
        for j in offsets.hidden.indices {
          correlation[i][j] +=
            rowWeights[row] * (visibles[row][i] - offsets.visible[i]) * (hiddens[row][j] - offsets.hidden[j])
        }
      }
    }
    let total = sum(rowWeights)
    return correlation.map { $0.map { $0 / total } }
  }
}

/// The two phases of a gradient.
public struct ReferencePhases: Equatable, Sendable {
  /// The data with their hidden means.
  public var positive: ReferencePhase
  /// The model, or what a sampler takes for it.
  public var negative: ReferencePhase

  public init(positive: ReferencePhase, negative: ReferencePhase) {
    self.positive = positive
    self.negative = negative
  }

  /// The gradient of the mean log-likelihood in the centred parameters of the given offsets.
  /// ```
  /// ∇W = ⟨(v−μ)(ĥ−λ)ᵀ⟩_data − ⟨(v−μ)(ĥ−λ)ᵀ⟩_model      ∇b = ⟨v⟩_data − ⟨v⟩_model      ∇c = ⟨ĥ⟩_data − ⟨ĥ⟩_model
  /// ```
  /// With offsets zero it is the plain gradient.
  public func gradient(around offsets: ReferenceOffsets) -> ReferenceGradient {
    positive.moments(around: offsets) - negative.moments(around: offsets)
  }
}

/// The points that count as zero for the centred gradient.
public struct ReferenceOffsets: Equatable, Sendable {
  /// The visible offsets μ, `[visible]`.
  public var visible: [Double]
  /// The hidden offsets λ, `[hidden]`.
  public var hidden: [Double]

  public init(visible: [Double], hidden: [Double]) {
    self.visible = visible
    self.hidden = hidden
  }

  /// No offsets, for the plain gradient.
  public static func zero(like model: ReferenceRBM) -> Self {
    Self(visible: model.visibleBias.map { _ in 0 }, hidden: model.hiddenBias.map { _ in 0 })
  }
}

/// The weighted mean of a list of vectors.
func weightedMean(_ vectors: [[Double]], _ weights: [Double]) -> [Double] {
  precondition(!vectors.isEmpty && vectors.count == weights.count, "a mean needs vectors, a weight for each")
  var mean = vectors[0].map { _ in 0.0 }
  for (vector, weight) in zip(vectors, weights) {
    for k in mean.indices {
      mean[k] += weight * vector[k]
    }
  }
  let total = sum(weights)
  return mean.map { $0 / total }
}
