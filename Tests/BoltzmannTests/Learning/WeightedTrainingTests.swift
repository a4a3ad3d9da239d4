import Boltzmann
import BoltzmannReference
import BoltzmannTestSupport
import Testing

@Suite("Trainings with weighted samples")
struct WeightedTrainingTests {
  @Test(
    "are those with as many copies, but for rounding",
    arguments: LayeredCase.summable)
  func copies(_ test: LayeredCase) throws {
    let counts = test.states.indices.map { 1 + $0 % 3 }
    let copies = zip(test.states, counts).flatMap { [[Double]](repeating: $0, count: $1) }
    let weighted = try train(test, WeightedSamples(test.samples, weights: counts.map { Float($0) }))
    let replicated = try train(test, FloatSamples(copies))
    let largest = replicated.parameters.reduce(1) { max($0, abs($1)) }
    let moments = test.pair.reference.moments(of: copies)
    // Ten steps at a rate of 0.01 from gradients that differ by 4 bounds each; differences of parameters change the
    // gradient by less than themselves a step. Scales and offsets pass a few roundings more.
    let bound = 10 * 0.01 * 4 * test.momentBound(moments) * 4 + 100 * FloatBounds.roundoff * largest
    #expect(largestDifference(weighted.parameters, replicated.parameters) <= bound)
  }

  private func train(_ test: LayeredCase, _ samples: some Samples) throws -> ReferenceLayeredRBM {
    var settings = TrainingSettings.estimator("exact", batchSize: samples.count)
    settings.epochs = 10
    settings.learningRate = 0.01
    settings.momentum = StepSchedule(0)
    settings.shuffles = false
    var trainer = try Trainer(model: test.pair.engine, samples: samples, settings: settings)
    while !trainer.isFinished { try trainer.step(samples: samples) }
    return ReferenceLayeredRBM(trainer.model)
  }
}
