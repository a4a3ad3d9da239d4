internal import Foundation

// The law that is nearest to the machine's among those whose units are independent.

extension ReferenceBoltzmannMachine {
  /// The variational lower bound of log Z for independent units with means μ, in nats.
  /// ```
  /// log Z ≥ −E(μ) + Σ_a H_a(μ_a)        H = −p log p − (1 − p) log(1 − p),  p = (μ − low) / (high − low)
  /// ```
  /// −E(μ) is the mean of −E(x) under them: each product in E has two different units, whose means multiply.
  /// The gap is the Kullback–Leibler divergence of the independent units from the machine.
  ///
  /// Source: Jordan, Ghahramani, Jaakkola & Saul 1999.
  public func lowerBound(means: [Double]) -> Double {
    -energy(of: means) + sum((0..<unitCount).map { entropy(of: $0, mean: means[$0]) })
  }

  private func entropy(of unit: Int, mean: Double) -> Double {
    let p = (mean - kind(unit).low) / (kind(unit).high - kind(unit).low)
    return -[p, 1 - p].filter { $0 > 0 }.reduce(0) { $0 + $1 * log($1) }
  }

  /// A unit's mean under its conditional, with means in place of the other units' states.
  public func meanFieldMean(of unit: Int, given means: [Double]) -> Double {
    kind(unit).low + (kind(unit).high - kind(unit).low) * probabilityOfHigh(unit, in: means)
  }

  /// Fixed points of mean-field: unit by unit, each time to the mean that is best given the others.
  ///
  /// Every update raises the bound, so that it converges; to which fixed point depends on the start.
  public func meanField(from start: [Double], sweeps: Int) -> [Double] {
    (0..<sweeps).reduce(start) { means, _ in
      (0..<unitCount).reduce(means) { means, unit in
        var next = means
        next[unit] = meanFieldMean(of: unit, given: means)
        return next
      }
    }
  }
}
