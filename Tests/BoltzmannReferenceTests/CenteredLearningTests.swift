import BoltzmannReference
import BoltzmannTestSupport
import Testing

@Suite("The centred gradient")
struct CenteredLearningTests {
  static let machine = ReferenceRBM.normal(visible: 4, hidden: 3, seed: 50)
  static let minibatch = ReferenceMinibatch([3, 9, 14].map { binaryStates(4)[$0] })
  static let offsets = ReferenceOffsets(visible: [0.3, 0.9, 0.1, 0.5], hidden: [0.5, 0.2, 0.7])

  // Numbers below 10 after a few dozen operations, each rounded to 2⁻⁵³ relative.
  static let tolerance = 4e-14

  @Test("moving the offsets alone leaves the machine alone")
  func offsetsOnly() {
    var learner = ReferenceLearner(Self.machine, offsets: Self.offsets)
    let phases = Self.machine.exactPhases(Self.minibatch)
    learner.update(phases, settings: ReferenceLearningSettings(learningRate: 0, offsetRate: 0.5))
    #expect(learner.model == Self.machine)
    // Half of the way to the means of the data: samples 3, 9 and 14 have the mean (2, 2, 1, 2)/3.
    for (i, mean) in [2 / 3.0, 2 / 3.0, 1 / 3.0, 2 / 3.0].enumerated() {
      #expect(abs(learner.offsets.visible[i] - (Self.offsets.visible[i] + mean) / 2) <= Self.tolerance)
    }
    for j in 0..<3 {
      let expected = (Self.offsets.hidden[j] + phases.positive.hiddenMean[j]) / 2
      #expect(abs(learner.offsets.hidden[j] - expected) <= Self.tolerance)
    }
  }

  @Test("the gradient is taken around the offsets after their move")
  func offsetsMoveFirst() {
    let phases = Self.machine.exactPhases(Self.minibatch)
    var moving = ReferenceLearner(Self.machine, offsets: Self.offsets)
    moving.update(phases, settings: ReferenceLearningSettings(learningRate: 0.3, offsetRate: 0.5))
    var moved = ReferenceLearner(Self.machine, offsets: moving.offsets)
    moved.update(phases, settings: ReferenceLearningSettings(learningRate: 0.3))
    #expect(moving.model == moved.model)
  }

  @Test("a step is a step of the centred machine's own parameters")
  func centredParameters() {
    let phases = Self.machine.exactPhases(Self.minibatch)
    var learner = ReferenceLearner(Self.machine, offsets: Self.offsets)
    learner.update(phases, settings: ReferenceLearningSettings(learningRate: 0.3))
    var centred = CentredMachine(Self.machine, offsets: Self.offsets)
    centred.ascend(phases.gradient(around: Self.offsets), rate: 0.3)
    // The two energies may differ by a constant, the same for all 2⁷ states.
    let zero = ([Double](repeating: 0, count: 4), [Double](repeating: 0, count: 3))
    let constant =
      centred.energy(visible: zero.0, hidden: zero.1) - learner.model.energy(visible: zero.0, hidden: zero.1)
    for visible in binaryStates(4) {
      for hidden in binaryStates(3) {
        let difference =
          centred.energy(visible: visible, hidden: hidden)
          - learner.model.energy(visible: visible, hidden: hidden)
        #expect(abs(difference - constant) <= Self.tolerance)
      }
    }
  }

  @Test("the sparsity target pulls on the centred parameters, too")
  func sparsity() {
    let phases = Self.machine.exactPhases(Self.minibatch)
    let sparsity = ReferenceLearningSettings.Sparsity(target: 0.1, cost: 0.5)
    var free = ReferenceLearner(Self.machine, offsets: Self.offsets)
    var sparse = free
    free.update(phases, settings: ReferenceLearningSettings(learningRate: 0.3))
    sparse.update(phases, settings: ReferenceLearningSettings(learningRate: 0.3, sparsity: sparsity))
    let visibleMean = phases.positive.visibleMean
    for j in 0..<3 {
      let pull = 0.3 * 0.5 * (0.1 - phases.positive.hiddenMean[j])
      var hiddenBias = free.model.hiddenBias[j] + pull
      for i in 0..<4 {
        let change = pull * (visibleMean[i] - Self.offsets.visible[i])
        hiddenBias -= change * Self.offsets.visible[i]
        #expect(abs(sparse.model.weights[i][j] - free.model.weights[i][j] - change) <= Self.tolerance)
      }
      #expect(abs(sparse.model.hiddenBias[j] - hiddenBias) <= Self.tolerance)
    }
  }

  @Test("is the slope of the log-likelihood along the centred parameters")
  func slope() {
    // A small step along a gradient raises the log-likelihood by rate · ‖∇‖², here the centred one. The
    // second derivative of the log-likelihood is a covariance of 19 numbers below 1, so the rest is below
    // rate²/2 · 19 · ‖∇‖²; the difference of log-likelihoods is rounded to 1e-14.
    let rate = 1e-6
    let phases = Self.machine.exactPhases(Self.minibatch)
    let gradient = phases.gradient(around: Self.offsets)
    let square = (gradient.weights + [gradient.visibleBias, gradient.hiddenBias]).joined().reduce(0) {
      $0 + $1 * $1
    }
    var learner = ReferenceLearner(Self.machine, offsets: Self.offsets)
    learner.update(phases, settings: ReferenceLearningSettings(learningRate: rate))
    let gain =
      learner.model.meanLogLikelihood(of: Self.minibatch.samples)
      - Self.machine.meanLogLikelihood(of: Self.minibatch.samples)
    #expect(abs(gain / rate - square) <= rate * 19 * square + 1e-14 / rate)
  }

  @Test("learns flipped data as it learns the data, which the plain gradient does not")
  func flippedData() {
    let none = ReferenceOffsets.zero(like: Self.machine)
    let plain = flippedDifference(offsetRate: 0, offsets: none, flipped: none)
    let mirrored = ReferenceOffsets(
      visible: Self.offsets.visible.map { 1 - $0 }, hidden: Self.offsets.hidden)
    let centred = flippedDifference(offsetRate: 0.1, offsets: Self.offsets, flipped: mirrored)
    // Twenty steps, each of which carries rounding errors of 1e-15 on by a factor near one.
    #expect(centred <= 1e-12)
    #expect(plain > 1e-3)
  }

  /// How far the log-likelihoods of data and of flipped data are apart after twenty exact steps from machines
  /// that are each other's mirror images.
  private func flippedDifference(
    offsetRate: Double, offsets: ReferenceOffsets, flipped flippedOffsets: ReferenceOffsets
  ) -> Double {
    let flipped = ReferenceMinibatch(Self.minibatch.samples.map { $0.map { 1 - $0 } })
    let pairs = [(Self.machine, offsets, Self.minibatch), (mirror(Self.machine), flippedOffsets, flipped)]
    let likelihoods = pairs.map { machine, offsets, minibatch in
      var learner = ReferenceLearner(machine, offsets: offsets)
      learner.train(
        Array(repeating: minibatch, count: 20), estimator: .exact,
        settings: ReferenceLearningSettings(learningRate: 0.1, momentum: 0.5, offsetRate: offsetRate),
        random: ReferenceRandom(seed: 0), stepsPerUpdate: 0)
      return learner.model.meanLogLikelihood(of: minibatch.samples)
    }
    return abs(likelihoods[0] - likelihoods[1])
  }

  /// The machine that gives 1 − v the probability that the given one gives v.
  private func mirror(_ machine: ReferenceRBM) -> ReferenceRBM {
    ReferenceRBM(
      weights: machine.weights.map { $0.map { -$0 } },
      visibleBias: machine.visibleBias.map { -$0 },
      hiddenBias: machine.hiddenInputs(given: machine.visibleBias.map { _ in 1 }))
  }
}

/// The machine as the papers write it: E = −(v−μ)ᵀb_v − (h−λ)ᵀb_h − (v−μ)ᵀW(h−λ).
private struct CentredMachine {
  var weights: [[Double]]
  var visibleBias: [Double]
  var hiddenBias: [Double]
  let offsets: ReferenceOffsets

  init(_ machine: ReferenceRBM, offsets: ReferenceOffsets) {
    weights = machine.weights
    visibleBias = machine.visibleInputs(given: offsets.hidden)
    hiddenBias = machine.hiddenInputs(given: offsets.visible)
    self.offsets = offsets
  }

  mutating func ascend(_ gradient: ReferenceGradient, rate: Double) {
    for i in visibleBias.indices { visibleBias[i] += rate * gradient.visibleBias[i] }
    for j in hiddenBias.indices { hiddenBias[j] += rate * gradient.hiddenBias[j] }
    for i in visibleBias.indices {
      for j in hiddenBias.indices { weights[i][j] += rate * gradient.weights[i][j] }
    }
  }

  func energy(visible: [Double], hidden: [Double]) -> Double {
    let v = zip(visible, offsets.visible).map { $0 - $1 }
    let h = zip(hidden, offsets.hidden).map { $0 - $1 }
    var energy = 0.0
    for i in v.indices { energy -= v[i] * visibleBias[i] }
    for j in h.indices { energy -= h[j] * hiddenBias[j] }
    for i in v.indices { for j in h.indices { energy -= v[i] * weights[i][j] * h[j] } }
    return energy
  }
}
