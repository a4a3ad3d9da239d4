internal import Foundation

/// A machine whose visibles are ratings, of which most are missing, in plain loops.
///
/// A case has rated some sites, each with one of K levels; what it has not rated is no part of its machine.
/// ```
/// E(V, h) = −Σ_{i ∈ R} (b_i^{k(i)} + Σ_j W_ij^{k(i)} h_j) − Σ_j (c_j + Σ_{i ∈ R} D_ij) h_j  (+ ½ Σ_j h_j², Gaussian)
/// P(V, h | R) = e^{−E(V, h)} / Z_R
/// ```
/// Every case has a Z of its own: the sum is over the levels of what it rated.
///
/// Source: Salakhutdinov, Mnih & Hinton, "Restricted Boltzmann machines for collaborative filtering", ICML 2007.
public struct ReferenceRatingRBM: Equatable, Sendable {
  /// What a case rated: sites and the level of each.
  public typealias Ratings = [(site: Int, level: Int)]

  /// W, `[site][level][hidden]`.
  public var weights: [[[Double]]]
  /// D, `[site][hidden]`: what it means that a site was rated at all.
  public var conditional: [[Double]]
  /// b, `[site][level]`.
  public var visibleBias: [[Double]]
  /// c, `[hidden]`.
  public var hiddenBias: [Double]
  /// Whether hidden units are normal with variance 1 rather than 0 or 1.
  public var isGaussian: Bool

  public init(
    weights: [[[Double]]], conditional: [[Double]], visibleBias: [[Double]], hiddenBias: [Double],
    isGaussian: Bool = false
  ) {
    self.weights = weights
    self.conditional = conditional
    self.visibleBias = visibleBias
    self.hiddenBias = hiddenBias
    self.isGaussian = isGaussian
  }

  public var siteCount: Int { visibleBias.count }
  public var levelCount: Int { visibleBias[0].count }
  public var hiddenCount: Int { hiddenBias.count }

  /// All parameters in one row: W, D, b, c.
  public var parameters: [Double] {
    get { (weights.flatMap { $0 } + conditional + visibleBias + [hiddenBias]).flatMap { $0 } }
    set {
      var rest = newValue[...]
      func take(_ count: Int) -> [Double] {
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
      }
      weights = weights.map { $0.map { take($0.count) } }
      conditional = conditional.map { take($0.count) }
      visibleBias = visibleBias.map { take($0.count) }
      hiddenBias = take(hiddenCount)
    }
  }
}

// MARK: Energy and conditionals

extension ReferenceRatingRBM {
  /// x_j = c_j + Σ_{i ∈ R} (D_ij + W_ij^{k(i)}), `[hidden]`.
  public func hiddenInputs(given ratings: Ratings) -> [Double] {
    var inputs = hiddenBias
    for (site, level) in ratings {
      for j in 0..<hiddenCount { inputs[j] += conditional[site][j] + weights[site][level][j] }
    }
    return inputs
  }

  /// E(V, h), in nats.
  public func energy(of ratings: Ratings, hidden: [Double]) -> Double {
    let bias = ratings.reduce(0) { $0 + visibleBias[$1.site][$1.level] }
    let quadratic = isGaussian ? 0.5 * dot(hidden, hidden) : 0
    return quadratic - bias - dot(hiddenInputs(given: ratings), hidden)
  }

  /// P(h_j = 1 | V) = σ(x_j), or the mean x_j of Gaussian ones, `[hidden]`.
  public func hiddenMeans(given ratings: Ratings) -> [Double] {
    hiddenInputs(given: ratings).map { isGaussian ? $0 : logistic($0) }
  }

  /// p(v_i^k = 1 | h), the softmax over the levels of one site, `[level]`.
  public func levelProbabilities(of site: Int, givenHidden hidden: [Double]) -> [Double] {
    let logits = (0..<levelCount).map { visibleBias[site][$0] + dot(weights[site][$0], hidden) }
    return logits.map { exp($0 - logSumExp(logits)) }
  }

  /// log Σ_h e^{−E(V, h)} up to a constant, hidden units summed out, in nats.
  /// ```
  /// −F(V) = Σ_{i ∈ R} b_i^{k(i)} + Σ_j log(1 + e^{x_j})             Gaussian: ½ Σ_j x_j²
  /// ```
  public func negativeFreeEnergy(of ratings: Ratings) -> Double {
    let inputs = hiddenInputs(given: ratings)
    let bias = ratings.reduce(0) { $0 + visibleBias[$1.site][$1.level] }
    return bias + sum(inputs.map { isGaussian ? 0.5 * $0 * $0 : softplus($0) })
  }
}

// MARK: Sites seen

extension ReferenceRatingRBM {
  /// The machine of a case that is known to have rated some sites, too, although the ratings are not known: they take no
  /// part but by D, which shifts the hidden units' biases.
  /// ```
  /// c_j + Σ_{i ∈ S} D_ij
  /// ```
  public func seeing(_ sites: [Int]) -> ReferenceRatingRBM {
    var machine = self
    for site in sites {
      for j in 0..<hiddenCount { machine.hiddenBias[j] += conditional[site][j] }
    }
    return machine
  }

  /// The gradient of log P(V | R, S): D of a site seen has that of the biases which it shifts.
  public func exactGradient(of ratings: Ratings, seen sites: [Int]) -> ReferenceRatingRBM {
    seeing(sites).exactGradient(of: ratings).passingOn(to: sites)
  }

  /// What falls on the hidden units' biases falls on D of the sites that shift them.
  public func passingOn(to sites: [Int]) -> ReferenceRatingRBM {
    var gradient = self
    for site in sites {
      for j in 0..<hiddenCount { gradient.conditional[site][j] += hiddenBias[j] }
    }
    return gradient
  }
}

// MARK: By brute force

extension ReferenceRatingRBM {
  /// All ways to rate some sites; the first site's level is the slowest.
  public func allRatings(of sites: [Int]) -> [Ratings] {
    sites.reduce([[]]) { ways, site in
      ways.flatMap { way in (0..<levelCount).map { way + [(site, $0)] } }
    }
  }

  /// P(V | R) of all ways to rate some sites, in the order of `allRatings`.
  public func probabilities(of sites: [Int]) -> [Double] {
    let logs = allRatings(of: sites).map { negativeFreeEnergy(of: $0) }
    return logs.map { exp($0 - logSumExp(logs)) }
  }

  /// log P(V | R), in nats.
  public func logLikelihood(of ratings: Ratings) -> Double {
    let ways = allRatings(of: ratings.map(\.site))
    return negativeFreeEnergy(of: ratings) - logSumExp(ways.map { negativeFreeEnergy(of: $0) })
  }

  /// P(v_i | V) of a site that was not rated: every level tried in turn, `[level]`.
  public func predictive(of site: Int, given ratings: Ratings) -> [Double] {
    let logs = (0..<levelCount).map { negativeFreeEnergy(of: ratings + [(site, $0)]) }
    return logs.map { exp($0 - logSumExp(logs)) }
  }
}

// MARK: Gradients

extension ReferenceRatingRBM {
  /// self += scale · (−∂E/∂θ) at ratings and hidden states or means; a gradient has the shape of its machine.
  public mutating func add(_ scale: Double, ratings: Ratings, hidden: [Double]) {
    for j in 0..<hiddenCount { hiddenBias[j] += scale * hidden[j] }
    for (site, level) in ratings {
      visibleBias[site][level] += scale
      for j in 0..<hiddenCount {
        weights[site][level][j] += scale * hidden[j]
        conditional[site][j] += scale * hidden[j]
      }
    }
  }

  /// All parameters zero.
  public var zeros: ReferenceRatingRBM {
    var result = self
    result.parameters = parameters.map { _ in 0 }
    return result
  }

  /// The gradient of log P(V | R), exactly: E[−∂E | V] − E[−∂E | R].
  public func exactGradient(of ratings: Ratings) -> ReferenceRatingRBM {
    var gradient = zeros
    gradient.add(1, ratings: ratings, hidden: hiddenMeans(given: ratings))
    let sites = ratings.map(\.site)
    for (way, probability) in zip(allRatings(of: sites), probabilities(of: sites)) {
      gradient.add(-probability, ratings: way, hidden: hiddenMeans(given: way))
    }
    return gradient
  }

  /// One step of block Gibbs sampling of a case, h ~ P(h | V) and V ~ P(V | h), of binary hidden units.
  ///
  /// The l-th of the ratings, in their order, is unit l of the random numbers.
  public func gibbsStep(_ ratings: Ratings, row: Int, step: Int, random: ReferenceRandom) -> Ratings {
    let hidden = random.bernoulli(
      hiddenMeans(given: ratings), row: row, step: step, stream: ReferenceRandom.Stream.hidden)
    return ratings.enumerated().map { unit, rating in
      let word = random.word(unit: unit, row: row, step: step, stream: ReferenceRandom.Stream.visible)
      let uniform = (Double(word) + 0.5) * 0x1p-32
      let probabilities = levelProbabilities(of: rating.site, givenHidden: hidden)
      return (rating.site, category(probabilities, uniform: uniform))
    }
  }

  /// The estimate of CD-T of the gradient of log P(V | R): E[−∂E | V] − E[−∂E | V'], V' after T steps from `start`.
  public func contrastiveDivergence(
    _ ratings: Ratings, from start: Ratings? = nil, steps: Int, row: Int, firstStep: Int,
    random: ReferenceRandom
  ) -> ReferenceRatingRBM {
    var gradient = zeros, end = start ?? ratings
    gradient.add(1, ratings: ratings, hidden: hiddenMeans(given: ratings))
    for step in firstStep..<firstStep + steps { end = gibbsStep(end, row: row, step: step, random: random) }
    gradient.add(-1, ratings: end, hidden: hiddenMeans(given: end))
    return gradient
  }
}
