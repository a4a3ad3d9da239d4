internal import Boltzmann
internal import BoltzmannCompute

/// The discriminative machine of Larochelle & Bengio (2008): 784 × 500 with 10 classes, trained on log P(y | v) alone.
///
/// Grey values in [0, 1], weights uniform in ±784^(−½), biases zero. The first 50,000 images are learned from, the
/// error on the other 10,000 says which epoch was best and, after 15 epochs without a better one, when to stop.
/// Their updates take single samples at a rate of 0.05; here ten at a time, each with that rate: 0.5 of the mean.
struct DiscriminativeRBM: Experiment {
  var name: String { "discriminative-rbm" }
  var isQuick: Bool { false }
  var needsMNIST: Bool { true }

  func run(in laboratory: Laboratory) throws -> [Finding] {
    let training = try laboratory.mnist.labelled(.training, 0..<50_000)
    let validation = try laboratory.mnist.labelled(.training, 50_000..<60_000)
    let test = try laboratory.mnist.labelled(.test, 0..<10_000)
    let (best, seconds) = try laboratory.timed { try learn(training, validation, laboratory) }
    let score = ClassificationScore(
      of: best.model, samples: test.samples, classes: test.classes, parallel: laboratory.parallel)
    return [
      Finding(
        experiment: "\(name), test error in %", published: figure(1.81), ours: 100 * score.error,
        tolerance: .atMost(2.05), seconds: seconds,
        note: "best of the validation images after epoch \(best.epoch), \(figure(100 * best.score.error)) %")
    ]
  }

  private func learn(
    _ training: LabelledImages, _ validation: LabelledImages, _ laboratory: Laboratory
  ) throws -> EarlyStopping<ClassificationRBM, ClassificationScore>.Best {
    var trainer = try ClassificationTrainer(
      model: start(laboratory.seed), samples: training.samples, classes: training.classes,
      settings: settings(laboratory.seed))
    var stopping = EarlyStopping<ClassificationRBM, ClassificationScore>(patience: 15)
    while !trainer.isFinished && !stopping.isOver {
      repeat {} while try !trainer.step(samples: training.samples, parallel: laboratory.parallel).endsEpoch
      let score = ClassificationScore(
        of: trainer.model, samples: validation.samples, classes: validation.classes,
        parallel: laboratory.parallel)
      stopping.observe(trainer.model, score: score, epoch: trainer.epoch)
      laboratory.note(
        "\(name): epoch \(trainer.epoch), \(figure(100 * score.error)) % of the validation images")
    }
    guard let best = stopping.best else { preconditionFailure("there was an epoch") }
    return best
  }

  private func start(_ seed: UInt64) -> ClassificationRBM {
    ClassificationRBM.initialized(
      dataMeans: [Float](repeating: 0.5, count: 784), classShares: [Float](repeating: 1, count: 10),
      hidden: 500,
      seed: seed)
  }

  private func settings(_ seed: UInt64) -> ClassificationSettings {
    var settings = ClassificationSettings()
    settings.epochs = 200
    settings.batchSize = 10
    settings.learningRate = 0.05 * Double(settings.batchSize)
    settings.momentum = StepSchedule(0)
    settings.seed = seed
    return settings
  }
}
