import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Testing

/// A training wide enough for several blocks of samples, of chains and of the weights' rows, all switched on.
struct WideTraining {
  static let methods = ["cd", "pcd", "exact", "fpcd", "tap"]
  static let samples = BitSamples(randomStates(130, width: 120, mean: 0.3, seed: 340))

  static func settings(_ method: String) -> TrainingSettings {
    var settings = TrainingSettings()
    settings.method = method
    settings.epochs = 2
    settings.batchSize = 60
    settings.chains = 110
    settings.steps = StepSchedule("1,2@1")!
    settings.momentum = StepSchedule("0.5,0.9@1")!
    settings.sparsityTarget = 0.1
    settings.l1 = 1e-4
    settings.seed = 341
    return settings
  }

  /// Exact gradients want a small side.
  static func trainer(_ method: String) throws -> Trainer {
    let machine = RBM.initialized(
      dataMeans: samples.means(), hidden: method == "exact" ? 9 : 37, seed: 342)
    return try Trainer(model: machine, samples: samples, settings: settings(method))
  }

  /// The training from where it stands to its end.
  static func finish(_ trainer: Trainer, threads: Int = 2) throws -> [String: [UInt64]] {
    var trainer = trainer
    while !trainer.isFinished { try trainer.step(samples: samples, parallel: Parallel(threads: threads)) }
    return Snapshot(trainer).bits
  }
}

@Suite("Trainer")
struct TrainerTests {
  @Test("the same bits on one, two and three threads", arguments: WideTraining.methods)
  func threads(_ method: String) throws {
    let trainer = try WideTraining.trainer(method)
    let one = try WideTraining.finish(trainer, threads: 1)
    #expect(one == (try WideTraining.finish(trainer, threads: 2)))
    #expect(one == (try WideTraining.finish(trainer, threads: 3)))
  }

  @Test("another seed gives other bits", arguments: WideTraining.methods)
  func seeds(_ method: String) throws {
    var settings = WideTraining.settings(method)
    settings.seed += 1
    let trainer = try WideTraining.trainer(method)
    let other = try Trainer(model: trainer.model, samples: WideTraining.samples, settings: settings)
    let same = try Trainer(
      model: trainer.model, samples: WideTraining.samples, settings: WideTraining.settings(method))
    #expect(try WideTraining.finish(other) != WideTraining.finish(same))
  }

  @Test(
    "a copy goes on by itself, with the same bits, also while the other does",
    arguments: WideTraining.methods)
  func copies(_ method: String) throws {
    var first = try WideTraining.trainer(method)
    try first.step(samples: WideTraining.samples)
    var second = first
    let kept = first
    while !first.isFinished {
      // In turn, so that scratch memory that both used would be written between the steps.
      try first.step(samples: WideTraining.samples)
      try second.step(samples: WideTraining.samples)
    }
    #expect(Snapshot(first).bits == Snapshot(second).bits)
    #expect(try WideTraining.finish(kept) == Snapshot(first).bits)
  }

  @Test("copies may run at once")
  func concurrentCopies() async throws {
    let trainer = try WideTraining.trainer("pcd")
    let expected = try WideTraining.finish(trainer)
    async let first = WideTraining.finish(trainer)
    async let second = WideTraining.finish(trainer)
    let (one, two) = (try await first, try await second)
    #expect(one == expected && two == expected)
  }

  @Test("a step tells what it was")
  func info() throws {
    var settings = WideTraining.settings("cd")
    settings.schedule = .linear
    settings.learningRate = 0.06
    let machine = RBM.initialized(dataMeans: WideTraining.samples.means(), hidden: 3, seed: 0)
    var trainer = try Trainer(model: machine, samples: WideTraining.samples, settings: settings)
    #expect(trainer.minibatchesPerEpoch == 3)
    for update in 0..<6 {
      #expect(trainer.epoch == update / 3 && trainer.minibatch == update % 3 && !trainer.isFinished)
      let before = trainer.model.weights
      let info = try trainer.step(samples: WideTraining.samples)
      #expect(info.epoch == update / 3 && info.endsEpoch == (update % 3 == 2))
      // From 0.06 down to zero at the end of epoch 2, six minibatches later: a few roundings of Double.
      #expect(abs(info.learningRate - 0.06 * (1 - Double(update) / 6)) <= 1e-16)
      // ‖ΔW‖ of weights below 1, whose differences are rounded to 2⁻²⁴ in each of 360 places.
      let moves = zip(trainer.model.weights.values, before.values).map { Double($0) - Double($1) }
      let norm = moves.reduce(0) { $0 + $1 * $1 }.squareRoot()
      #expect(abs(info.stepNorm - norm) <= 20 * FloatBounds.roundoff + 1e-6 * norm)
    }
    #expect(trainer.isFinished && trainer.epoch == 2 && trainer.minibatch == 0)
  }

  @Test("every epoch takes each sample once, in an order of its own", arguments: [5, 6, 23])
  func everySampleOnce(_ batchSize: Int) throws {
    let recorder = RecordingSamples(count: 23, width: 4)
    var settings = TrainingSettings()
    settings.batchSize = batchSize
    settings.epochs = 3
    let machine = RBM.initialized(dataMeans: [0.5, 0.5, 0.5, 0.5], hidden: 2, seed: 0)
    var trainer = try Trainer(model: machine, samples: recorder, settings: settings)
    _ = recorder.take()
    var orders: [[Int]] = []
    for epoch in 0..<3 {
      repeat {} while try !trainer.step(samples: recorder, parallel: Parallel(threads: 1)).endsEpoch
      let loads = recorder.take()
      #expect(loads.allSatisfy { $0.epoch == epoch })
      orders.append(loads.map(\.sample))
      #expect(orders[epoch].sorted() == Array(0..<23))
    }
    #expect(Set(orders).count == 3)
  }

  @Test("or in the order of the data")
  func orderOfTheData() throws {
    let recorder = RecordingSamples(count: 23, width: 4)
    var settings = TrainingSettings()
    settings.batchSize = 6
    settings.shuffles = false
    let machine = RBM.initialized(dataMeans: [0.5, 0.5, 0.5, 0.5], hidden: 2, seed: 0)
    var trainer = try Trainer(model: machine, samples: recorder, settings: settings)
    _ = recorder.take()
    for _ in 0..<2 {
      repeat {} while try !trainer.step(samples: recorder, parallel: Parallel(threads: 1)).endsEpoch
      #expect(recorder.take().map(\.sample) == Array(0..<23))
    }
  }

  @Test("a prolonged training goes on as one that was to be longer", arguments: WideTraining.methods)
  func prolonged(_ method: String) throws {
    var trainer = try WideTraining.trainer(method)
    var settings = WideTraining.settings(method)
    settings.epochs = 3
    let machine = RBM.initialized(
      dataMeans: WideTraining.samples.means(), hidden: trainer.model.hiddenCount, seed: 342)
    let longer = try Trainer(model: machine, samples: WideTraining.samples, settings: settings)
    while !trainer.isFinished { try trainer.step(samples: WideTraining.samples) }
    trainer.epochs = 3
    #expect(!trainer.isFinished)
    #expect(try WideTraining.finish(trainer) == WideTraining.finish(longer))
  }

  @Test("schedules keep to the epochs that a training began with")
  func prolongedSchedule() throws {
    var settings = WideTraining.settings("cd")
    settings.schedule = .linear
    let machine = RBM.initialized(dataMeans: WideTraining.samples.means(), hidden: 3, seed: 0)
    var trainer = try Trainer(model: machine, samples: WideTraining.samples, settings: settings)
    trainer.epochs = 4
    // Zero at the end of the second epoch, and from then on.
    while trainer.epoch < 2 { try trainer.step(samples: WideTraining.samples) }
    #expect(trainer.learningRate == 0 && !trainer.isFinished)
  }

  /// Where bytes pay they are kept instead; that a stale copy of those would not go on like a restored one is what
  /// the tests of snapshots show.
  @Test("the transposed copy of the weights goes with them", arguments: WideTraining.methods)
  func transposedCopy(_ method: String) throws {
    var trainer = try WideTraining.trainer(method)
    while !trainer.isFinished {
      try trainer.step(samples: WideTraining.samples)
      let copy = trainer.model.transposedWeights
      #expect(ByteWeights.pay ? copy == nil : copy == trainer.model.weights.transposed)
    }
    var restored = try WideTraining.trainer(method)
    try restored.restore(from: Snapshot(trainer))
    #expect(restored.model.transposedWeights == trainer.model.transposedWeights)
  }
}

@Suite("Diverging trainings")
struct TrainingDivergedTests {
  private func trainer(
    rate: Double, _ change: (inout TrainingSettings) -> Void = { _ in }
  ) throws -> Trainer {
    var settings = TrainingSettings()
    settings.batchSize = 10
    settings.learningRate = rate
    settings.isCentered = false
    change(&settings)
    let samples = BitSamples(randomStates(30, width: 5, seed: 343))
    let machine = RBM.initialized(dataMeans: samples.means(), hidden: 4, seed: 0)
    return try Trainer(model: machine, samples: samples, settings: settings)
  }

  private func divergence(_ trainer: Trainer) -> TrainingDiverged? {
    let samples = BitSamples(randomStates(30, width: 5, seed: 343))
    var trainer = trainer
    return #expect(throws: TrainingDiverged.self) {
      while !trainer.isFinished { try trainer.step(samples: samples) }
    }
  }

  @Test("a rate whose first step overflows is told at once", arguments: WideTraining.methods)
  func firstStep(_ method: String) throws {
    let error = divergence(try trainer(rate: 1e30) { $0.method = method })
    #expect(error?.epoch == 1 && error?.minibatch == 1)
    #expect(
      error?.description
        == "training diverged in epoch 1, minibatch 1: a parameter is no finite number any more; "
        + "the learning rate 1e+30 is probably too large")
  }

  /// The weights become 10¹⁵ in the first step; decay of half of them, times the rate, 10³⁰ in the second: the sum
  /// of its squares is beyond Float.
  @Test("the minibatch is counted")
  func secondStep() throws {
    let error = divergence(try trainer(rate: 1e15) { $0.l2 = 0.5 })
    #expect(error?.epoch == 1 && error?.minibatch == 2)
  }

  /// A weight decay of rate·l₂ = 3 turns W into −2W with every step, whatever the gradient. From 0.01 it passes
  /// 2⁶⁴, whose square is beyond Float, after some 70 steps or 24 epochs of three.
  @Test("and so is the epoch")
  func laterEpoch() throws {
    let error = divergence(
      try trainer(rate: 0.1) {
        ($0.l2, $0.momentum, $0.epochs) = (30, StepSchedule(0), 100)
      })
    let epoch = try #require(error?.epoch)
    #expect((18...26).contains(epoch))
  }

  @Test("a rate that is merely large does not diverge")
  func largeRate() throws {
    let samples = BitSamples(randomStates(30, width: 5, seed: 343))
    var trainer = try trainer(rate: 1e3)
    while !trainer.isFinished { try trainer.step(samples: samples) }
    #expect(Snapshot(trainer).isFinite)
  }
}
