import Boltzmann
import BoltzmannCompute
import BoltzmannData
import Testing

@Suite struct CheckpointTests {
  private func folder() throws -> (TemporaryFolder, RunFolder) {
    let temporary = try TemporaryFolder(inMemory: true)
    return (temporary, try RunExample.create(temporary.file("run")))
  }

  @Test func roundTrip() throws {
    let (temporary, run) = try folder()
    let saved = RunExample.checkpoint(epoch: 3, minibatch: 2, seconds: 1.25)
    try run.save(saved)
    let bytes = try temporary.content("run/checkpoint/state-3-2.safetensors")
    let restored = try run.restoreCheckpoint()
    #expect(restored.state == saved.state)
    #expect(restored.epoch == 3 && restored.minibatch == 2 && restored.seconds == 1.25)
    // Equal numbers may differ in their bits; these do not.
    let weights = restored.state.matrices["weights"]?.values.map(\.bitPattern)
    #expect(weights == saved.state.matrices["weights"]?.values.map(\.bitPattern))
    try run.save(restored)
    #expect(try temporary.content("run/checkpoint/state-3-2.safetensors") == bytes)
  }

  /// The one before last is of no use any more; a file that nobody knows stays.
  @Test func olderStatesGo() throws {
    let (temporary, run) = try folder()
    _ = try temporary.file("run/checkpoint/notes.txt", [1])
    for minibatch in 1...3 { try run.save(RunExample.checkpoint(epoch: 1, minibatch: minibatch)) }
    let names = try temporary.names("run/checkpoint")
    #expect(names == ["current.json", "notes.txt", "state-1-3.safetensors"])
  }

  @Test func metricsAreCut() throws {
    let (temporary, run) = try folder()
    try run.append(metrics: ["epoch": 1])
    try run.save(RunExample.checkpoint(epoch: 1))
    let before = try temporary.content("run/metrics.jsonl")
    try run.append(metrics: ["epoch": 2])
    #expect(try temporary.content("run/metrics.jsonl").count > before.count)
    _ = try run.restoreCheckpoint()
    #expect(try temporary.content("run/metrics.jsonl") == before)
    _ = try run.restoreCheckpoint()
    #expect(try temporary.content("run/metrics.jsonl") == before)
  }

  /// A state that cannot be read must not cost the metrics written since.
  @Test func damagedStatesCutNothing() throws {
    let (temporary, run) = try folder()
    try run.append(metrics: ["epoch": 1])
    _ = try temporary.file("run/checkpoint/state-0-0.safetensors", [1, 2, 3])
    #expect(message { _ = try run.restoreCheckpoint() }?.contains("state-0-0.safetensors: ") == true)
    #expect(try JSONLines.read(temporary.file("run/metrics.jsonl")).count == 1)
  }

  @Test func hostileStates() throws {
    let (temporary, run) = try folder()
    let state = try temporary.content("run/checkpoint/state-0-0.safetensors")
    let path = temporary.file("run/checkpoint/state-0-0.safetensors")
    for damaged in HostileBytes.truncations(state) + HostileBytes.mutations(state, count: 500, seed: 5) {
      _ = try temporary.file("run/checkpoint/state-0-0.safetensors", damaged)
      guard let checkpoint = surviving(path, { try run.restoreCheckpoint() }) else { continue }
      for matrix in checkpoint.state.matrices.values {
        #expect(matrix.values.count == matrix.rows * matrix.columns)
      }
    }
  }

  @Test func shapesThatNoCheckpointHolds() throws {
    let (temporary, run) = try folder()
    for tensor in [
      Tensor(shape: [1, 1, 1], [0]), Tensor(shape: [], [0]), Tensor(shape: [2], values: .float64([1, 2])),
      Tensor(shape: [1], values: .int64([1])), Tensor(shape: [1], values: .uint8([1])),
    ] {
      let file = SafetensorsFile(metadata: ["format": "boltzmann-checkpoint/1"], tensors: [("a", tensor)])
      _ = try temporary.file("run/checkpoint/state-0-0.safetensors", file.encode())
      let line = message { _ = try run.restoreCheckpoint() }
      #expect(line?.hasSuffix("tensor a: has a shape no checkpoint holds") == true, "\(line ?? "none")")
    }
  }

  /// A training that was saved to a file and restored from it goes on with the same bits.
  @Test(arguments: ["cd", "pcd", "exact"])
  func trainersGoOn(method: String) throws {
    let (temporary, run) = try folder()
    defer { withExtendedLifetime(temporary) {} }
    let samples = BitSamples(count: 30, width: 5) { ($0 * 7 + $1 * $1) % 3 == 0 }
    var settings = TrainingSettings()
    settings.method = method
    settings.batchSize = 7
    settings.sparsityTarget = 0.2
    let model = RBM.initialized(dataMeans: samples.means(), hidden: 3, seed: 1)
    var trainer = try Trainer(model: model, samples: samples, settings: settings)
    var other = trainer
    for _ in 0..<8 { try trainer.step(samples: samples) }
    var snapshot = Snapshot()
    trainer.save(to: &snapshot)
    try run.save(
      Checkpoint(state: snapshot, epoch: trainer.epoch, minibatch: trainer.minibatch, seconds: 0))
    try other.restore(from: run.restoreCheckpoint().state)
    #expect(other.epoch == 1 && other.minibatch == 3)
    for _ in 0..<9 {
      try trainer.step(samples: samples)
      try other.step(samples: samples)
    }
    #expect(other.model.weights == trainer.model.weights)
    #expect(other.model.visible.bias == trainer.model.visible.bias)
    #expect(other.model.hidden.bias == trainer.model.hidden.bias)
  }
}
