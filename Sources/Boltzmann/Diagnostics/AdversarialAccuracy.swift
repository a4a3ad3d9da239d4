public import BoltzmannCompute

/// How well a nearest neighbour tells samples from data (Yale et al. 2019).
/// ```
/// AA = ½(AA_truth + AA_syn)     AA_truth = 1/n Σ_i 1[d_TS(i) > d_TT(i)]     AA_syn = 1/n Σ_i 1[d_ST(i) > d_SS(i)]
/// ```
/// d_TS(i) is the distance of sample i of the data to the nearest of the machine's, d_TT(i) to the nearest other one of
/// the data. Of two sets of one law AA is ½; above, they can be told apart; below, the machine repeats the data. Equal
/// distances, as states often have, count half: else identical laws would not make ½.
public struct AdversarialAccuracy: Sendable {
  /// The share of the data whose nearest neighbour is of the data.
  public let truth: Double
  /// The share of the samples whose nearest neighbour is a sample.
  public let synthetic: Double
  /// That of AA. Two that are each other's nearest neighbours say the same twice, so that at least n/2 of the n answers
  /// are independent:
  /// ```
  /// s² = ¼(Var_truth + Var_syn)/(n/2)
  /// ```
  /// Over repeated draws AA scatters by 0.74 (normal laws of 50 dimensions) to 0.99 (10 bits) of it.
  public let standardError: Double
  /// n, of either set.
  public let samples: Int

  public var value: Double { 0.5 * (truth + synthetic) }

  /// Of the same number of each, at most 2,000, spread evenly; nil where that is not two.
  public init?(data: any Samples, samples: any Samples, parallel: Parallel = .all) {
    precondition(data.width == samples.width, "distances of samples of one width")
    let count = min(data.count, samples.count, 2000)
    guard count >= 2 else { return nil }
    let sets = [data, samples].map { $0.matrix($0.evenlySpread(count)) }
    let truth = nearerToOwn(sets[0], other: sets[1], parallel)
    let synthetic = nearerToOwn(sets[1], other: sets[0], parallel)
    self.truth = truth.mean
    self.synthetic = synthetic.mean
    standardError = ((truth.variance + synthetic.variance) / Double(2 * count)).squareRoot()
    self.samples = count
  }
}

/// The mean and variance of 1 for a row whose nearest neighbour is in its own set, ½ for a tie, else 0.
private func nearerToOwn(_ own: Matrix, other: Matrix, _ parallel: Parallel) -> (
  mean: Double, variance: Double
) {
  let inner = nearest(own, to: own, isOwn: true, parallel),
    outer = nearest(own, to: other, isOwn: false, parallel)
  let scores = zip(inner, outer).map { $0 < $1 ? 1.0 : $0 == $1 ? 0.5 : 0 }
  let center = mean(scores)
  return (center, mean(scores.map { ($0 - center) * ($0 - center) }))
}

/// ‖t‖² − 2qᵀt of the nearest t to each q, which is the squared distance but for ‖q‖²; exact for states in Float.
private func nearest(_ queries: Matrix, to targets: Matrix, isOwn: Bool, _ parallel: Parallel) -> [Float] {
  var norms = [Double](repeating: 0, count: targets.rows)
  targets.view.addRowDots(with: targets.view, to: &norms)
  let lengths = norms.map { Float($0) }
  return parallel.mapBlocks(of: queries.rows, size: rowsPerBlock) { range in
    let products = MutableMatrixView(rows: range.count, columns: targets.rows)
    products.multiply(queries.view.rows(range), targets.view.transposed, alpha: -2)
    products.apply { lengths[$0] + $1 }
    if isOwn {
      for row in range { products[row - range.lowerBound, row] = .infinity }
    }
    return (0..<range.count).map { products.view.rows($0..<($0 + 1)).values.min() ?? .infinity }
  }.flatMap { $0 }
}
