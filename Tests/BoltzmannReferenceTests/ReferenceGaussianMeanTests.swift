import BoltzmannReference
import BoltzmannTestSupport
import Foundation
import Testing

@Suite("The mean of a Gaussian")
struct ReferenceGaussianMeanTests {
  static let model = ReferenceGaussianMean(mean: -0.75, precision: 2.5)
  static let samples = [0.5, -2, 1.25, 3]

  @Test("Z = ∫ e^{−E(x)} dx")
  func normalizer() {
    let integral = integrate { exp(-Self.model.energy(of: $0)) }
    // The trapezoid sum of a Gaussian is exact to e^{−2π²σ²/h²} < 10⁻¹⁰⁰⁰; the tails beyond 10σ are below 10⁻²².
    #expect(abs(log(integral) - Self.model.logPartition()) <= 1e-13)
  }

  @Test("the gradient is the slope of the likelihood, and zero at the sample mean")
  func gradient() {
    var moved = Self.model
    let slope = centralDifference(at: Self.model.mean, step: 1e-4) {
      moved.mean = $0
      return moved.meanLogLikelihood(of: Self.samples)
    }
    // L is quadratic in μ: only rounding is left, 10⁻¹⁵·10 nats/10⁻⁴.
    #expect(abs(Self.model.logLikelihoodGradient(of: Self.samples) - slope) <= 1e-10)
    let best = ReferenceGaussianMean(mean: 0.6875, precision: 2.5)
    #expect(best.logLikelihoodGradient(of: Self.samples) == 0)
  }

  @Test("∂L/∂μ = sample mean − population mean of ∂ log f_x/∂μ")
  func populationMean() {
    let model = Self.model
    let slope: (Double) -> Double = { model.precision * ($0 - model.mean) }
    let population = integrate { exp(-model.energy(of: $0) - model.logPartition()) * slope($0) }
    let sample = Self.samples.map(slope).reduce(0, +) / 4
    // The integrand is odd about μ and below 1; 4,000 terms round by 10⁻¹⁶ each.
    #expect(abs(sample - population - model.logLikelihoodGradient(of: Self.samples)) <= 1e-12)
  }

  @Test("the law of Langevin chains is a fixed point of their recursion", arguments: [0.1, 0.7, 1.5])
  func langevin(_ stepSize: Double) {
    let decay = Self.model.langevinDecay(stepSize: stepSize)
    let variance = Self.model.stationaryLangevinVariance(stepSize: stepSize)
    // A few operations on numbers below 10.
    #expect(abs(decay * decay * variance + stepSize - variance) <= 1e-14)
    #expect(abs(Self.model.langevinVariance(stepSize: stepSize, steps: 2_000) - variance) <= 1e-12)
    #expect(Self.model.langevinVariance(stepSize: stepSize, steps: 1) == stepSize)
  }

  @Test("CD tends to the gradient with the number of steps")
  func contrastiveDivergence() {
    let exact = Self.model.logLikelihoodGradient(of: Self.samples)
    let estimates = [1, 2, 100].map {
      Self.model.expectedContrastiveDivergence(of: Self.samples, stepSize: 0.4, steps: $0)
    }
    // ρ = ½: 1 − ½, 1 − ¼, 1 − 2⁻¹⁰⁰.
    #expect(estimates == [exact / 2, exact * 0.75, exact])
  }

  /// ∫ over ±10 standard deviations about the mean, by the trapezoid rule.
  private func integrate(_ function: (Double) -> Double) -> Double {
    let width = 10 / Self.model.precision.squareRoot(), h = width / 2_000
    return h * (-2_000...2_000).reduce(0) { $0 + function(Self.model.mean + h * Double($1)) }
  }
}
