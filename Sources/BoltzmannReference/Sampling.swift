extension ReferenceRBM {
  /// A hidden state drawn from P(h | v), with the random numbers of `row` and `step`.
  public func sampleHiddens(
    given visible: [Double], row: Int, step: Int, random: ReferenceRandom
  ) -> [Double] {
    random.bernoulli(
      hiddenMeans(given: visible), row: row, step: step, stream: ReferenceRandom.Stream.hidden)
  }

  /// A visible state drawn from P(v | h), with the random numbers of `row` and `step`.
  public func sampleVisibles(
    given hidden: [Double], row: Int, step: Int, random: ReferenceRandom
  ) -> [Double] {
    random.bernoulli(
      visibleMeans(given: hidden), row: row, step: step, stream: ReferenceRandom.Stream.visible)
  }

  /// One step of block Gibbs sampling: all hidden units given the visible ones, then the other way round.
  /// ```
  /// h ~ P(h | v)      v′ ~ P(v | h)
  /// ```
  /// It leaves the machine's distribution alone: if v is distributed as P(v), so is v′.
  public func gibbsStep(
    from visible: [Double], row: Int, step: Int, random: ReferenceRandom
  ) -> (hidden: [Double], visible: [Double]) {
    let hidden = sampleHiddens(given: visible, row: row, step: step, random: random)
    return (hidden, sampleVisibles(given: hidden, row: row, step: step, random: random))
  }

  /// The visible state at the end of a chain of Gibbs steps.
  ///
  /// Step t = 0 … steps − 1 uses the random numbers of `firstStep + t`.
  public func gibbsChain(
    from visible: [Double], steps: Int, row: Int, firstStep: Int, random: ReferenceRandom
  ) -> [Double] {
    (0..<steps).reduce(visible) { state, t in
      gibbsStep(from: state, row: row, step: firstStep + t, random: random).visible
    }
  }
}
