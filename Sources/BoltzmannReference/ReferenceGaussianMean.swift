internal import Foundation

/// The mean of a Gaussian of known precision, learned from samples: the smallest energy that shows everything.
///
/// One dimension is enough, as the coordinates do not know of each other.
/// ```
/// E(x; μ) = ½ τ (x − μ)²          P(x) = e^{−E(x; μ)} / Z          Z = ∫ e^{−E(x; μ)} dx = √(2π/τ)
/// ```
/// The gradient of the loss −L is *population mean minus sample mean*, and the chains' ends of contrastive divergence
/// have a law in closed form.
public struct ReferenceGaussianMean: Equatable, Sendable {
  /// The mean μ.
  public var mean: Double
  /// The precision τ.
  public let precision: Double

  public init(mean: Double, precision: Double) {
    precondition(precision > 0, "a precision is positive")
    self.mean = mean
    self.precision = precision
  }

  /// E(x; μ) = ½ τ (x − μ)², in nats.
  public func energy(of x: Double) -> Double { 0.5 * precision * (x - mean) * (x - mean) }

  /// log Z = ½ log(2π/τ), in nats.
  public func logPartition() -> Double { 0.5 * log(2 * Double.pi / precision) }

  /// The mean log-likelihood of samples, in nats a sample.
  /// ```
  /// L = −⟨E(x; μ)⟩_data − log Z
  /// ```
  public func meanLogLikelihood(of samples: [Double]) -> Double {
    -sum(samples.map(energy)) / Double(samples.count) - logPartition()
  }

  /// The gradient of the mean log-likelihood; that of −L is τ(μ − ⟨x⟩).
  /// ```
  /// ∂L/∂μ = ⟨τ(x − μ)⟩_data − E_model[τ(x − μ)] = τ(⟨x⟩ − μ) − 0
  /// ```
  public func logLikelihoodGradient(of samples: [Double]) -> Double {
    precision * (sum(samples) / Double(samples.count) - mean)
  }
}

// MARK: - Langevin steps

// A step of length ε is x ← x − (ε/2) τ (x − μ) + √ε ξ. The deviation from μ shrinks by ρ = 1 − ετ/2 at each step, and
// its variance follows s² ← ρ² s² + ε.

extension ReferenceGaussianMean {
  /// By how much an unadjusted Langevin step shrinks the deviation from the mean.
  /// ```
  /// ρ = 1 − ετ/2          E[x_k − μ | x_0] = ρᵏ (x_0 − μ)
  /// ```
  public func langevinDecay(stepSize: Double) -> Double { 1 - stepSize * precision / 2 }

  /// The variance of a state after k unadjusted Langevin steps from a fixed one.
  /// ```
  /// Var[x_k | x_0] = ε (1 + ρ² + … + ρ^{2(k−1)})
  /// ```
  public func langevinVariance(stepSize: Double, steps: Int) -> Double {
    let decay = langevinDecay(stepSize: stepSize)
    return (0..<steps).reduce(0) { sum, _ in decay * decay * sum + stepSize }
  }

  /// The variance of unadjusted Langevin chains that have run for ever; finite for ε < 4/τ.
  /// ```
  /// s² = ε/(1 − ρ²) = 1/(τ(1 − ετ/4))          the model's own: 1/τ
  /// ```
  public func stationaryLangevinVariance(stepSize: Double) -> Double {
    1 / (precision * (1 - stepSize * precision / 4))
  }

  /// What CD-k with unadjusted Langevin steps estimates on average, instead of the gradient τ(⟨x⟩ − μ).
  /// ```
  /// τ(⟨x⟩ − μ) − τ ρᵏ(⟨x⟩ − μ) = τ(1 − ρᵏ)(⟨x⟩ − μ)
  /// ```
  /// Same sign as the gradient while 0 ≤ ρ < 1, and zero where the gradient is: CD is slower here, not wrong.
  public func expectedContrastiveDivergence(
    of samples: [Double], stepSize: Double, steps: Int
  ) -> Double {
    (1 - pow(langevinDecay(stepSize: stepSize), Double(steps))) * logLikelihoodGradient(of: samples)
  }
}
