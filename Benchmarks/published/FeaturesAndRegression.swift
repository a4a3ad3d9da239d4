internal import Boltzmann
internal import BoltzmannCompute

/// Hidden means of a machine that never saw a label as features for logistic regression: 784 × 1,024 by CD-1 on grey
/// MNIST, then the digits from E[h | v].
///
/// Hidden units are held to a mean activity of 0.1: features that are on for half of all images tell digits apart far
/// less well. The first 50,000 images are learned from; the other 10,000 chose the regression's weight decay and say
/// which of its epochs was best.
struct FeaturesAndRegression: Experiment {
  var name: String { "features-and-regression" }
  var isQuick: Bool { false }
  var needsMNIST: Bool { true }

  func run(in laboratory: Laboratory) throws -> [Finding] {
    let training = try laboratory.mnist.labelled(.training, 0..<50_000)
    let validation = try laboratory.mnist.labelled(.training, 50_000..<60_000)
    let test = try laboratory.mnist.labelled(.test, 0..<10_000)
    let (score, seconds) = try laboratory.timed {
      let machine = try machine(training.samples, laboratory)
      func features(_ images: LabelledImages) -> Matrix {
        machine.hiddenMeans(given: images.samples, parallel: laboratory.parallel)
      }
      let best = regression(
        features(training), training.classes, features(validation), validation.classes, laboratory)
      return best.score(features(test), test.classes)
    }
    return [
      Finding(
        experiment: "\(name), test error in %", published: figure(1.83), ours: 100 * score.error,
        tolerance: .atMost(2.05), seconds: seconds)
    ]
  }

  private func machine(_ samples: any Samples, _ laboratory: Laboratory) throws -> RBM {
    let start = RBM.initialized(
      dataMeans: samples.means(parallel: laboratory.parallel), hidden: 1024, seed: laboratory.seed)
    var settings = TrainingSettings()
    settings.epochs = 20
    settings.learningRate = 0.1
    settings.schedule = .linear
    settings.l2 = 2e-4
    settings.sparsityTarget = 0.1
    settings.sparsityCost = 0.1
    settings.seed = laboratory.seed
    return try laboratory.train(start, on: samples, settings: settings, name: name)
  }

  private func regression(
    _ features: Matrix, _ classes: [Int], _ others: Matrix, _ otherClasses: [Int], _ laboratory: Laboratory
  ) -> SoftmaxRegression {
    var trainer = SoftmaxRegression.Trainer(features: 1024, classes: 10, seed: laboratory.seed)
    var stopping = EarlyStopping<SoftmaxRegression, ClassificationScore>(patience: 15)
    for epoch in 1...200 where !stopping.isOver {
      trainer.epoch(features, classes)
      let score = trainer.model.score(others, otherClasses)
      stopping.observe(trainer.model, score: score, epoch: epoch)
      laboratory.note("\(name): regression \(epoch), \(figure(100 * score.error)) % of the validation images")
    }
    return stopping.best?.model ?? trainer.model
  }
}
