import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Testing

/// Trainings of every pairing, wide enough that a minibatch of 60 rows is cut by columns, too.
struct WideLayeredTraining: Sendable, CustomTestStringConvertible {
  static let layers: [[BlockShape]] = [
    [.bernoulli(160)], [.spin(160)], [.categorical([Int](repeating: 4, count: 40))], [.gaussian(160)],
    [.relu(160)], [.bernoulli(20), .categorical([3, 3, 4]), .gaussian(90), .relu(15), .spin(16)],
  ]

  let shape: MachineShape

  var testDescription: String { shape.description }

  static let all = layers.flatMap { visible in
    layers.map { WideLayeredTraining(shape: MachineShape(visible, $0)) }
  }

  /// In debug each kind of layer once on either side: tests of all pairings take a minute there.
  static let some =
    Build.isOptimized
    ? all : layers.indices.map { WideLayeredTraining(shape: MachineShape(layers[$0], layers[($0 + 1) % 6])) }

  /// Weights so small that pairs of real units have a law.
  func pair() -> LayeredPair { LayeredPair(shape, weightDeviation: 0.02, seed: 490) }

  func settings(_ method: String) -> TrainingSettings {
    var settings = TrainingSettings.estimator(method, batchSize: 60)
    settings.epochs = 2
    settings.learningRate = 0.01
    settings.steps = StepSchedule("1,2@1")!
    settings.seed = 491
    return settings
  }

  /// The bits after the last step.
  static func finish(_ trainer: Trainer, _ samples: some Samples, threads: Int) throws -> [String: [UInt64]] {
    var trainer = trainer
    while !trainer.isFinished { try trainer.step(samples: samples, parallel: Parallel(threads: threads)) }
    #expect(Snapshot(trainer).isFinite)
    return Snapshot(trainer).bits
  }
}

@Suite("Trainer: every pairing")
struct LayeredTrainerTests {
  @Test("the same bits on one, two and three threads", arguments: WideLayeredTraining.some, ["cd", "pcd"])
  func threads(_ test: WideLayeredTraining, _ method: String) throws {
    let pair = test.pair(), samples = FloatSamples(pair.visibleStates(100, seed: 492))
    let tiles = pair.engine.tiles(rows: 60, threads: 3)
    // Two blocks of rows; layers of one kind are cut in two as well.
    #expect(tiles.visible == (test.shape.visible.count == 1 ? 4 : 2))
    #expect(tiles.hidden == (test.shape.hidden.count == 1 ? 4 : 2))
    let trainer = try Trainer(model: pair.engine, samples: samples, settings: test.settings(method))
    let one = try WideLayeredTraining.finish(trainer, samples, threads: 1)
    #expect(one == (try WideLayeredTraining.finish(trainer, samples, threads: 2)))
    #expect(one == (try WideLayeredTraining.finish(trainer, samples, threads: 3)))
  }

  /// Of the data: learned precisions, scales of real hiddens and chains are all in play.
  @Test("a restored training of real units goes on with the same bits", arguments: ["cd", "pcd"])
  func snapshots(_ method: String) throws {
    let samples = Clusters.samples()
    let fresh = try Trainer(
      model: Clusters.machine(.relu(4), samples), samples: samples,
      settings: Clusters.settings(method, rate: 0.01, epochs: 2))
    let uninterrupted = try WideLayeredTraining.finish(fresh, samples, threads: 2)
    var trainer = fresh
    while !trainer.isFinished {
      var restored = fresh
      try restored.restore(from: Snapshot(trainer))
      #expect(Snapshot(restored).bits == Snapshot(trainer).bits)
      #expect(try WideLayeredTraining.finish(restored, samples, threads: 1) == uninterrupted)
      try trainer.step(samples: samples)
    }
  }

  @Test("what is missing, or no precision, is named")
  func wrongSnapshots() throws {
    let samples = Clusters.samples()
    let trainer = try Trainer(
      model: Clusters.machine(.relu(4), samples), samples: samples,
      settings: Clusters.settings("pcd", rate: 0.01, epochs: 2))
    let whole = Snapshot(trainer)
    for name in [
      "visible_precision", "velocity.visible_precision", "scale.hidden_variance", "estimator.chains",
    ] {
      var part = whole
      part.vectors[name] = nil
      part.matrices[name] = nil
      #expect(failure(of: trainer, restoring: part) == "\(name) is missing")
    }
    for value in [0, -1, .infinity, .nan] as [Float] {
      var wrong = whole
      wrong.vectors["visible_precision"] = [1, value]
      #expect(failure(of: trainer, restoring: wrong) == "visible_precision is not all positive")
    }
  }

  private func failure(of trainer: Trainer, restoring snapshot: Snapshot) -> String? {
    var trainer = trainer
    return #expect(throws: SnapshotError.self) { try trainer.restore(from: snapshot) }?.description
  }
}
