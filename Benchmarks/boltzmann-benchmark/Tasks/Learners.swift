internal import Boltzmann
internal import BoltzmannCompute
internal import BoltzmannReference

/// The engine's trainer doing what the plain loops do: no momentum, no weight decay, no centring.
///
/// Every run takes the workload's minibatches, and goes on where the last one ended.
func plainTrainer(
  _ workload: Workload, _ model: RBM, method: String, steps: Int = 1, parallel: Parallel
) throws -> () throws -> Double {
  var settings = defaultSettings(workload, method: method, steps: steps)
  settings.momentum = StepSchedule(0.0)
  settings.l2 = 0
  settings.isCentered = false
  return try run(workload, model, settings, parallel)
}

/// The trainer as it comes.
///
/// None for a trained machine: with centring the biases given to a trainer are those of the centred energy, so
/// that the training would start from another machine.
func centredTrainers(_ workload: Workload, method: String, steps: Int = 1) throws -> [Contender] {
  guard !workload.isTrained else { return [] }
  let settings = defaultSettings(workload, method: method, steps: steps)
  let run = try run(workload, workload.model, settings, workload.parallel)
  return [Contender(role: .engine, name: "centred", threads: workload.parallel.threads, run: run)]
}

private func defaultSettings(_ workload: Workload, method: String, steps: Int) -> TrainingSettings {
  var settings = TrainingSettings()
  settings.method = method
  settings.steps = StepSchedule(steps)
  settings.batchSize = workload.batchSize
  settings.learningRate = TrainingSettings.learningRate(
    visible: LayerSpecification(workload.model.visible.blocks),
    hidden: LayerSpecification(workload.model.hidden.blocks))
  settings.seed = Workload.seed
  return settings
}

private func run(
  _ workload: Workload, _ model: RBM, _ settings: TrainingSettings, _ parallel: Parallel
) throws -> () throws -> Double {
  var trainer = try Trainer(
    model: model, samples: workload.samples, settings: settings, parallel: parallel)
  return {
    var stepNorm = 0.0
    for _ in 0..<workload.minibatches {
      stepNorm = try trainer.step(samples: workload.samples, parallel: parallel).stepNorm
    }
    return stepNorm
  }
}

extension Workload {
  /// What learners are compared by between machines of other sizes.
  var learningUnits: WorkUnits {
    WorkUnits(name: "sample and weight", count: Double(learned) * connections)
  }
}

/// Plain loops in every order; `makeRun` sets one order up and returns what is timed.
func naiveContenders(
  share: Double, _ makeRun: (_ order: NaiveLoopOrder) -> () -> Double
) -> [Contender] {
  NaiveLoopOrder.allCases.map { order in
    Contender(role: .naive, name: "naive, \(order.title)", share: share, run: makeRun(order))
  }
}

extension NaiveLoopOrder {
  fileprivate var title: String {
    switch self {
    case .textbook: "textbook"
    case .axpy: "axpy"
    case .vectorizedAxpy: "vectorised axpy"
    }
  }
}
