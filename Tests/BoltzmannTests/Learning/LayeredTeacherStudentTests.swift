import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Foundation
import Testing

/// A student that learns a teacher's law by the exact gradient: all visible states are the data, weighted by their
/// probabilities; of real visibles, the nodes of a grid.
struct TeacherStudent: Sendable, CustomTestStringConvertible {
  let shape: MachineShape
  let states: [[Double]]
  let weights: [Float]
  let epochs: Int
  let rate: Double

  init(_ visible: BlockShape, _ hidden: BlockShape, epochs: Int, rate: Double) {
    shape = MachineShape([visible], [hidden])
    (self.epochs, self.rate) = (epochs, rate)
    let teacher = LayeredPair(shape, weightDeviation: 1, seed: 470).reference
    // Of a Gaussian of deviation at least 0.7 at a spacing of 0.5/√γ the rule misses 2e^{−2π²·4·½}, 10⁻¹⁷.
    let all = teacher.visible.states(radius: 10, spacing: 0.5)
    // What is left out has a share of 10⁻¹² at most, node by node.
    let likely = zip(all.states, teacher.probabilities(of: all)).filter { $0.1 > 1e-12 }
    states = likely.map { $0.0.map { Double(Float($0)) } }
    weights = likely.map { Float($0.1) }
  }

  var testDescription: String { shape.description }

  static let all = [
    TeacherStudent(.bernoulli(4), .bernoulli(2), epochs: 20_000, rate: 0.5),
    TeacherStudent(.spin(4), .spin(2), epochs: 20_000, rate: 0.5),
    TeacherStudent(.categorical([3, 3]), .bernoulli(2), epochs: 20_000, rate: 0.5),
    TeacherStudent(.gaussian(2), .bernoulli(2), epochs: 20_000, rate: 0.5),
  ]

  /// Momentum to come near, none at the end.
  func student() throws -> ReferenceLayeredRBM {
    let samples = try WeightedSamples(FloatSamples(states), weights: weights)
    var settings = TrainingSettings.estimator("exact", batchSize: states.count)
    settings.epochs = epochs
    settings.learningRate = rate
    settings.momentum = StepSchedule("0.9,0@\(epochs - epochs / 10)")!
    settings.l2 = 0
    settings.shuffles = false
    let untrained = LayeredPair(shape, seed: 471).engine
    let machine = RBM.initialized(
      visible: untrained.visible, hidden: untrained.hidden, data: samples.statistics(),
      weights: .normal(standardDeviation: 0.5), seed: 472)
    let one = Parallel(threads: 1)
    var trainer = try Trainer(model: machine, samples: samples, settings: settings, parallel: one)
    while !trainer.isFinished { try trainer.step(samples: samples, parallel: one) }
    return ReferenceLayeredRBM(trainer.model)
  }
}

@Suite("Teacher and student of every kind", .enabled(if: Build.isOptimized))
struct LayeredTeacherStudentTests {
  /// What Float allows: the engine's moments are good to 5e-6 of the largest, and a training ends where they are
  /// equal to its data's.
  @Test("the student's moments become the data's", arguments: TeacherStudent.all)
  func moments(_ test: TeacherStudent) throws {
    let student = try test.student()
    let data = student.moments(of: test.states, rowWeights: test.weights.doubles)
    let model = try #require(student.modelMoments())
    let bound = 5e-6 * max(1, data.largest)
    #expect(largestDifference(model.visible, data.visible) <= bound)
    #expect(largestDifference(model.hidden, data.hidden) <= bound)
    #expect(largestDifference(model.product, data.product) <= bound)
    #expect(largestDifference(model.visibleSquare, data.visibleSquare) <= bound)
  }

  @Test("and its likelihood nearly the teacher's", arguments: TeacherStudent.all)
  func likelihood(_ test: TeacherStudent) throws {
    let teacher = LayeredPair(test.shape, weightDeviation: 1, seed: 470).reference
    let likelihoods = try [teacher, test.student()].map {
      try #require($0.meanLogLikelihood(of: test.states, rowWeights: test.weights.doubles))
    }
    // A stationary point is no global maximum, but of a law with so few parameters none is far below it.
    #expect(likelihoods[1] <= likelihoods[0] + 1e-6 && likelihoods[1] >= likelihoods[0] - 0.02)
  }
}
