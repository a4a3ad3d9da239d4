// Where the sum over all inputs is out of reach, its mean is taken at the ends of short Gibbs chains, as in any
// restricted Boltzmann machine. The class is drawn along with the input.

extension ReferenceRandom.Stream {
  /// Draws of classes: unit 0 for those of Gibbs steps, unit 1 for the class that a chain starts with.
  public static let classes = 20
}

extension ReferenceRandom {
  /// A uniform number in [0, 1) with 53 bits: of words 2·unit and 2·unit + 1.
  public func uniform53(unit: Int, row: Int, step: Int, stream: Int) -> Double {
    let high = word(unit: 2 * unit, row: row, step: step, stream: stream)
    let low = word(unit: 2 * unit + 1, row: row, step: step, stream: stream)
    return Double((UInt64(high) << 32 | UInt64(low)) >> 11) * 0x1p-53
  }
}

/// The first category up to which probabilities sum to more than a uniform number in [0, 1).
func category(_ probabilities: [Double], uniform: Double) -> Int {
  var rest = uniform
  for (k, probability) in probabilities.enumerated() {
    rest -= probability
    if rest < 0 { return k }
  }
  return probabilities.count - 1
}

extension ReferenceClassificationRBM {
  /// One step of block Gibbs sampling: the hidden units, then input and class given them.
  /// ```
  /// h ~ P(h | v, y)      v′ ~ P(v | h),   y′ ~ P(y | h)
  /// ```
  public func gibbsStep(
    visible: [Double], class y: Int, row: Int, step: Int, random: ReferenceRandom
  ) -> (visible: [Double], class: Int) {
    let hidden = random.bernoulli(
      hiddenMeans(given: visible, class: y), row: row, step: step, stream: ReferenceRandom.Stream.hidden)
    let next = random.bernoulli(
      visibleMeans(given: hidden), row: row, step: step, stream: ReferenceRandom.Stream.visible)
    let uniform = random.uniform53(
      unit: 0, row: row, step: step, stream: ReferenceRandom.Stream.classes)
    return (next, category(classProbabilities(givenHidden: hidden), uniform: uniform))
  }

  /// The class that the chain of a sample without a label starts with, drawn from P(y | v).
  public func startClass(_ visible: [Double], row: Int, step: Int, random: ReferenceRandom) -> Int {
    let uniform = random.uniform53(
      unit: 1, row: row, step: step, stream: ReferenceRandom.Stream.classes)
    return category(classProbabilities(given: visible), uniform: uniform)
  }

  /// The estimate of CD-k of the gradient of log P(v, y), or of log P(v) where the class is nil.
  /// ```
  /// E[−∂E | v, y] − E[−∂E | v′, y′]      (v′, y′) after k Gibbs steps from (v, y)
  /// ```
  public func contrastiveDivergence(
    visible: [Double], class y: Int?, steps: Int, row: Int, firstStep: Int, random: ReferenceRandom
  ) -> ReferenceClassificationGradient {
    var gradient = ReferenceClassificationGradient(zeroLike: self)
    if let y {
      addMoments(1, given: visible, class: y, to: &gradient)
    } else {
      addMoments(1, given: visible, to: &gradient)
    }
    var end = (
      visible: visible, class: y ?? startClass(visible, row: row, step: firstStep, random: random)
    )
    for step in firstStep..<(firstStep + steps) {
      end = gibbsStep(visible: end.visible, class: end.class, row: row, step: step, random: random)
    }
    addMoments(-1, given: end.visible, class: end.class, to: &gradient)
    return gradient
  }
}
