internal import Foundation

// Every unit has a number, and that number the random words it draws with. Bernoulli, spin and relu units take the
// word of their number, a categorical site that of its own, and of Gaussian units two neighbours share two.

extension ReferenceUnits {
  /// The random numbers of one layer: whom they are for.
  public struct Draw: Sendable {
    public var random: ReferenceRandom
    public var row: Int
    public var step: Int
    public var stream: Int
    /// The number of the first unit, a multiple of 4.
    public var firstUnit: Int

    public init(_ random: ReferenceRandom, row: Int, step: Int, stream: Int, firstUnit: Int = 0) {
      self.random = random
      self.row = row
      self.step = step
      self.stream = stream
      self.firstUnit = firstUnit
    }

    /// The word of a unit counted from the first.
    public func word(_ unit: Int) -> UInt32 {
      random.word(unit: firstUnit + unit, row: row, step: step, stream: stream)
    }

    /// The word as a number between 0 and 1, both excluded.
    /// ```
    /// u = (word + ½) / 2³²
    /// ```
    public func uniform(_ unit: Int) -> Double { (Double(word(unit)) + 0.5) / 0x1p32 }

    /// A standard normal number, by the method of Box and Muller: units 2i and 2i + 1 share a point in the plane.
    /// ```
    /// z_2i = r cos α     z_{2i+1} = r sin α          r = √(−2 log u_2i),   α = 2π u_{2i+1}
    /// ```
    public func normal(_ unit: Int) -> Double {
      let even = unit / 2 * 2
      let radius = (-2 * log(uniform(even))).squareRoot()
      let angle = 2 * Double.pi * uniform(even + 1)
      return radius * (unit == even ? cos(angle) : sin(angle))
    }
  }

  /// A state drawn from P(s | x), x the inputs with the biases.
  /// ```
  /// bernoulli      1 where the word < ⌊σ(x)·2³²⌋
  /// spin           +1 where the word < ⌊σ(2x)·2³²⌋, else −1
  /// categorical    the first state k with P(1) + … + P(k) > u
  /// gaussian       x/γ + z/√γ
  /// relu           the s with P(S > s) = u
  /// ```
  public func sample(_ inputs: [Double], _ draw: Draw) -> [Double] {
    switch kind {
    case .bernoulli: inputs.indices.map { isOn(inputs[$0], draw.word($0)) ? 1 : 0 }
    case .spin: inputs.indices.map { isOn(2 * inputs[$0], draw.word($0)) ? 1 : -1 }
    case .categorical:
      sites.indices.flatMap { site in
        let chosen = category(softmax(inputs[sites[site]]), draw.uniform(site))
        return oneHot(sites[site].lowerBound + chosen, in: sites[site])
      }
    case .gaussian:
      inputs.indices.map { inputs[$0] / precision[$0] + draw.normal($0) / precision[$0].squareRoot() }
    case .relu:
      inputs.indices.map { k in
        let root = precision[k].squareRoot()
        return truncatedQuantile(upperTail: draw.uniform(k), from: -inputs[k] / root) / root
      }
    }
  }
}

private func isOn(_ logOdds: Double, _ word: UInt32) -> Bool {
  ReferenceRandom.isOn(word, probability: logistic(logOdds))
}

/// The first k with p₀ + … + p_k > u.
private func category(_ probabilities: [Double], _ u: Double) -> Int {
  var cumulated = 0.0
  for (state, probability) in probabilities.enumerated() {
    cumulated += probability
    if cumulated > u { return state }
  }
  return probabilities.count - 1
}

/// The s with Q(a + s) = u·Q(a): how far beyond a a standard normal variable lies that is known to exceed a.
///
/// −log(Q(a + s)/Q(a)) has the slope h(a + s), which grows with s. So Newton's method, begun to the right of the root,
/// comes down to it without overshooting; 7 deviations to the right of 0, u is below 2⁻³³.
private func truncatedQuantile(upperTail u: Double, from a: Double) -> Double {
  var s = a < 0 ? 7 - a : -log(u) / normalHazard(a)
  for _ in 0..<100 {
    let step = (truncatedCumulativeHazard(s, from: a) + log(u)) / normalHazard(a + s)
    s = max(s - step, 0)
    if abs(step) <= 0x1p-53 * s { break }
  }
  return s
}
