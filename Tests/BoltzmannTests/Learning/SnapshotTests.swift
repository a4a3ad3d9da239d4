import Boltzmann
import BoltzmannCompute
import BoltzmannTestSupport
import Testing

@Suite("Snapshots")
struct SnapshotTests {
  @Test("a training restored at any minibatch ends in the same bits", arguments: WideTraining.methods)
  func everyBoundary(_ method: String) throws {
    let fresh = try WideTraining.trainer(method)
    let uninterrupted = try WideTraining.finish(fresh)
    var trainer = fresh
    while !trainer.isFinished {
      var restored = fresh
      try restored.restore(from: Snapshot(trainer))
      #expect(restored.epoch == trainer.epoch && restored.minibatch == trainer.minibatch)
      #expect(Snapshot(restored).bits == Snapshot(trainer).bits)
      #expect(try WideTraining.finish(restored) == uninterrupted)
      try trainer.step(samples: WideTraining.samples)
    }
    var restored = fresh
    try restored.restore(from: Snapshot(trainer))
    #expect(restored.isFinished)
    #expect(Snapshot(restored).bits == uninterrupted)
  }

  @Test("of a training that has gone on, too")
  func goingBack() throws {
    var trainer = try WideTraining.trainer("pcd")
    try trainer.step(samples: WideTraining.samples)
    let snapshot = Snapshot(trainer)
    let uninterrupted = try WideTraining.finish(trainer)
    for _ in 0..<4 { try trainer.step(samples: WideTraining.samples) }
    try trainer.restore(from: snapshot)
    #expect(try WideTraining.finish(trainer) == uninterrupted)
  }

  @Test("what is missing is named", arguments: WideTraining.methods)
  func missing(_ method: String) throws {
    let trainer = try WideTraining.trainer(method)
    let whole = Snapshot(trainer)
    for name in whole.bits.keys.sorted() {
      var part = whole
      part.matrices[name] = nil
      part.vectors[name] = nil
      part.numbers[name] = nil
      #expect(failure(of: trainer, restoring: part) == "\(name) is missing")
    }
  }

  @Test("a matrix or vector of another size is refused", arguments: WideTraining.methods)
  func sizes(_ method: String) throws {
    var trainer = try WideTraining.trainer(method)
    // After a step there are mean activities, too.
    try trainer.step(samples: WideTraining.samples)
    let whole = Snapshot(trainer)
    for (name, matrix) in whole.matrices {
      var wrong = whole
      wrong.matrices[name] = Matrix(rows: matrix.rows + 1, columns: matrix.columns)
      let (rows, columns) = (matrix.rows, matrix.columns)
      #expect(
        failure(of: trainer, restoring: wrong)
          == "\(name) is [\(rows + 1), \(columns)], expected [\(rows), \(columns)]")
    }
    for (name, vector) in whole.vectors {
      var wrong = whole
      wrong.vectors[name] = vector + [0]
      #expect(
        failure(of: trainer, restoring: wrong)
          == "\(name) holds \(vector.count + 1) values, expected \(vector.count)")
    }
  }

  @Test("a counter that is none is refused", arguments: [-1, 0.5, .nan, .infinity, 1e300])
  func counters(_ value: Double) throws {
    let trainer = try WideTraining.trainer("pcd")
    for name in ["epoch", "minibatch", "estimator.step"] {
      var wrong = Snapshot(trainer)
      wrong.numbers[name] = value
      #expect(failure(of: trainer, restoring: wrong) == "\(name) is no counter")
    }
  }

  @Test("a minibatch beyond the epoch is refused")
  func minibatch() throws {
    let trainer = try WideTraining.trainer("cd")
    var wrong = Snapshot(trainer)
    wrong.numbers["minibatch"] = 3
    #expect(failure(of: trainer, restoring: wrong) == "minibatch lies outside the epoch")
  }

  private func failure(of trainer: Trainer, restoring snapshot: Snapshot) -> String? {
    var trainer = trainer
    return #expect(throws: SnapshotError.self) { try trainer.restore(from: snapshot) }?.description
  }

  @Test("a machine is saved and restored by itself")
  func machine() throws {
    let model = MachinePair.normal(visible: 5, hidden: 3, seed: 350).engine
    var snapshot = Snapshot()
    model.save(to: &snapshot)
    #expect(Set(snapshot.bits.keys) == ["weights", "visible_bias", "hidden_bias"])
    var other = MachinePair.normal(visible: 5, hidden: 3, seed: 351).engine
    try other.restore(from: snapshot)
    #expect(other.weights == model.weights)
    #expect(other.visible.bias == model.visible.bias && other.hidden.bias == model.hidden.bias)
  }
}
