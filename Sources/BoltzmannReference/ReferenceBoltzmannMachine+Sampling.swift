extension ReferenceRandom.Stream {
  /// Draws of single sites.
  public static let site = 30
}

extension ReferenceBoltzmannMachine {
  /// One sweep of single-site Gibbs sampling: every unit in turn, visibles first, given all others as they then are.
  /// ```
  /// x_a ~ P(x_a | x_−a)      a = 0, 1, …, m + n − 1
  /// ```
  /// Each draw leaves the law alone, hence so does the sweep. The fixed order gives up detailed balance, which
  /// stationarity does not need. Of the random numbers' address the chain is the unit and the unit is the row.
  ///
  /// Source: Geman & Geman 1984.
  public func sweep(_ state: [Double], chain: Int, sweep: Int, random: ReferenceRandom) -> [Double] {
    (0..<unitCount).reduce(state) { state, unit in
      let word = random.word(unit: chain, row: unit, step: sweep, stream: ReferenceRandom.Stream.site)
      let isHigh = ReferenceRandom.isOn(word, probability: probabilityOfHigh(unit, in: state))
      var next = state
      next[unit] = isHigh ? kind(unit).high : kind(unit).low
      return next
    }
  }
}
