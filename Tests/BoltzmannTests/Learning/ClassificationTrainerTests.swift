import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Testing

/// A training with several blocks of samples, of chains and of the weights' rows, and samples without labels.
struct ClassificationExample {
  static let methods: [ClassificationMethod?] = [nil, .contrastiveDivergence, .persistent]
  static let samples = BitSamples(randomStates(130, width: 150, mean: 0.3, seed: 540))
  static let classes: [Int?] = (0..<130).map { $0 % 5 == 2 ? nil : $0 * 7 % 3 }

  /// All parts of the objective with this method; log P(y | v) alone where there is none.
  static func trainer(_ method: ClassificationMethod?, seed: UInt64 = 541) throws -> ClassificationTrainer {
    var settings = ClassificationSettings()
    if let method {
      settings.objective = .hybrid(generative: 0.5).semiSupervised(unsupervised: 0.25)
      settings.method = method
    }
    settings.epochs = 2
    settings.batchSize = 60
    settings.chains = 110
    settings.steps = StepSchedule("1,2@1")!
    settings.momentum = StepSchedule("0.5,0.9@1")!
    settings.l2 = 1e-4
    settings.seed = seed
    let machine = ClassificationRBM.initialized(
      dataMeans: samples.means(), classShares: [0.25, 0.25, 0.5], hidden: 37, seed: 542)
    return try ClassificationTrainer(
      model: machine, samples: samples, classes: classes, settings: settings)
  }

  static func finish(_ trainer: ClassificationTrainer, threads: Int = 2) throws -> [String: [UInt64]] {
    var trainer = trainer
    while !trainer.isFinished { try trainer.step(samples: samples, parallel: Parallel(threads: threads)) }
    return state(of: trainer).bits
  }

  static func state(of trainer: ClassificationTrainer) -> Snapshot {
    var snapshot = Snapshot()
    trainer.save(to: &snapshot)
    return snapshot
  }
}

@Suite("Training of a classification machine")
struct ClassificationTrainerTests {
  @Test("the same bits on one, two and three threads", arguments: ClassificationExample.methods)
  func threads(_ method: ClassificationMethod?) throws {
    let trainer = try ClassificationExample.trainer(method)
    let one = try ClassificationExample.finish(trainer, threads: 1)
    #expect(one == (try ClassificationExample.finish(trainer, threads: 2)))
    #expect(one == (try ClassificationExample.finish(trainer, threads: 3)))
    #expect(try one != ClassificationExample.finish(ClassificationExample.trainer(method, seed: 7)))
  }

  @Test("restored at any minibatch it ends in the same bits", arguments: ClassificationExample.methods)
  func snapshots(_ method: ClassificationMethod?) throws {
    let fresh = try ClassificationExample.trainer(method)
    let uninterrupted = try ClassificationExample.finish(fresh)
    var trainer = fresh
    while !trainer.isFinished {
      var restored = fresh
      try restored.restore(from: ClassificationExample.state(of: trainer))
      #expect(try ClassificationExample.finish(restored) == uninterrupted)
      try trainer.step(samples: ClassificationExample.samples)
    }
  }

  @Test("a snapshot that does not fit is refused by name")
  func hostileSnapshots() throws {
    let trainer = try ClassificationExample.trainer(.persistent)
    let whole = ClassificationExample.state(of: trainer)
    func failure(_ change: (inout Snapshot) -> Void) -> String? {
      var trainer = trainer, wrong = whole
      change(&wrong)
      return #expect(throws: SnapshotError.self) { try trainer.restore(from: wrong) }?.description
    }
    for name in whole.bits.keys.sorted() {
      let line = failure {
        $0.matrices[name] = nil
        $0.vectors[name] = nil
        $0.numbers[name] = nil
      }
      #expect(line == "\(name) is missing")
    }
    for value in [-1, 3, 0.5, Float.nan] {
      let line = failure { $0.vectors["chains.classes"]?[4] = value }
      #expect(line == "chains.classes holds \(value), which is no class")
    }
    #expect(failure { $0.numbers["minibatch"] = 3 } == "minibatch lies outside the epoch")
  }

  @Test("every epoch takes each sample once; samples without labels only if the objective uses them")
  func everySampleOnce() throws {
    let recorder = RecordingSamples(count: 23, width: 4)
    let classes: [Int?] = (0..<23).map { $0 < 5 ? nil : $0 % 2 }
    let machine = ClassificationRBM.normal(visible: 4, hidden: 2, classes: 2, seed: 543)
    for (objective, expected) in [
      (ClassificationObjective.discriminative, Array(5..<23)),
      (.generative.semiSupervised(unsupervised: 0.5), Array(0..<23)),
    ] {
      var settings = ClassificationSettings()
      settings.objective = objective
      settings.batchSize = 5
      var trainer = try ClassificationTrainer(
        model: machine, samples: recorder, classes: classes, settings: settings)
      var orders: Set<[Int]> = []
      for _ in 0..<3 {
        repeat {} while try !trainer.step(samples: recorder, parallel: Parallel(threads: 1)).endsEpoch
        let order = recorder.take().map(\.sample)
        #expect(order.sorted() == expected)
        orders.insert(order)
      }
      #expect(orders.count == 3)
    }
  }

  @Test("a step tells what it was")
  func info() throws {
    var trainer = try ClassificationExample.trainer(.contrastiveDivergence)
    let score = trainer.model.classLogProbabilities(given: ClassificationExample.samples)
    var loss = 0.0, labelled = 0, samples = 0
    repeat {
      // The machine moves between minibatches: only the first is that of the start.
      let info = try trainer.step(samples: ClassificationExample.samples)
      if samples == 0 {
        #expect(info.lossSum > 0 && info.lossSum < -score.map { $0.min()! }.reduce(0, +))
      }
      loss += info.lossSum
      labelled += info.labelled
      samples += info.samples
    } while trainer.epoch == 0
    #expect(samples == 130 && labelled == ClassificationExample.classes.count { $0 != nil } && loss > 0)
  }

  @Test("no new matrices after the first two minibatches", arguments: ["discriminative", "cd", "pcd"])
  func noAllocations(_ method: String) async {
    await #expect(processExitsWith: .success) { [method] in
      var trainer = try ClassificationExample.trainer(ClassificationMethod(rawValue: method))
      for _ in 0..<2 {
        try trainer.step(samples: ClassificationExample.samples, parallel: Parallel(threads: 2))
      }
      let before = MatrixAllocations.count
      while !trainer.isFinished {
        try trainer.step(samples: ClassificationExample.samples, parallel: Parallel(threads: 2))
      }
      #expect(MatrixAllocations.count == before)
    }
  }

  @Test("a rate beyond all measure is told")
  func divergence() throws {
    var settings = ClassificationSettings()
    settings.learningRate = 1e30
    let machine = ClassificationRBM.normal(visible: 150, hidden: 4, classes: 3, seed: 544)
    var trainer = try ClassificationTrainer(
      model: machine, samples: ClassificationExample.samples, classes: ClassificationExample.classes,
      settings: settings)
    let error = #expect(throws: TrainingDiverged.self) {
      while !trainer.isFinished { try trainer.step(samples: ClassificationExample.samples) }
    }
    #expect(error?.epoch == 1)
  }
}

@Suite("Settings of a classification machine")
struct ClassificationSettingsTests {
  private func message(_ change: (inout ClassificationSettings) -> Void) -> String? {
    var settings = ClassificationSettings()
    change(&settings)
    do {
      try settings.validate(samples: 30)
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test("that cannot work are told in a line")
  func refusals() {
    #expect(message { _ in } == nil)
    #expect(message { $0.epochs = 0 } == "epochs must be at least 1, not 0")
    #expect(message { $0.batchSize = 31 } == "a minibatch of 31 is larger than the 30 samples")
    #expect(message { $0.batchSize = 0 } == "the minibatch must hold at least 1 sample, not 0")
    #expect(message { $0.learningRate = .nan } == "the learning rate must be positive and finite")
    #expect(message { $0.momentum = StepSchedule(1) } == "momentum must lie in [0, 1)")
    #expect(message { $0.l2 = -1 } == "weight decay must not be negative")
    #expect(message { $0.steps = StepSchedule(0) } == "Gibbs steps must be at least 1, not 0")
    #expect(message { $0.chains = 0 } == "chains must be at least 1, not 0")
    #expect(message { $0.objective.generative = -1 } == "the objective's weights must not be negative")
    let nothing = ClassificationObjective(discriminative: 0)
    #expect(message { $0.objective = nothing } == "one of the objective's weights must be positive")
  }

  @Test("data of another width are refused")
  func width() {
    let machine = ClassificationRBM.normal(visible: 4, hidden: 2, classes: 2, seed: 0)
    #expect(throws: SettingsError.self) {
      try ClassificationTrainer(
        model: machine, samples: BitSamples(count: 30, width: 3), classes: (0..<30).map { $0 % 2 },
        settings: ClassificationSettings())
    }
  }
}

@Suite("Early stopping")
struct EarlyStoppingTests {
  @Test("keeps the best, and gives up after so many epochs without a better one")
  func patience() {
    var stopping = EarlyStopping<String, Double>(patience: 2)
    #expect(stopping.best == nil && !stopping.isOver)
    for (epoch, score) in [3.0, 2, 2, 1, 5].enumerated() {
      stopping.observe("epoch \(epoch + 1)", score: score, epoch: epoch + 1)
      #expect(!stopping.isOver)
    }
    stopping.observe("epoch 6", score: 1, epoch: 6)
    #expect(stopping.isOver)
    #expect(stopping.best?.model == "epoch 4" && stopping.best?.epoch == 4 && stopping.best?.score == 1)
  }
}
