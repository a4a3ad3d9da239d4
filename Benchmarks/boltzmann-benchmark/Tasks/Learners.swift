internal import Boltzmann
internal import BoltzmannReference

/// The engine's trainer with a method, an epoch a run; every run goes on where the last one ended.
///
/// `engine` does what the plain loops do: no momentum, no weight decay, no centring. `centred` is the trainer
/// as it comes.
func engineTrainers(_ workload: Workload, method: String) throws -> [Contender] {
  var defaults = TrainingSettings()
  defaults.method = method
  defaults.batchSize = workload.batchSize
  defaults.seed = Workload.seed
  var plain = defaults
  plain.momentum = StepSchedule(0.0)
  plain.l2 = 0
  plain.isCentered = false
  return [
    try engineTrainer("engine", workload, plain), try engineTrainer("centred", workload, defaults),
  ]
}

private func engineTrainer(
  _ name: String, _ workload: Workload, _ settings: TrainingSettings
) throws -> Contender {
  var trainer = try Trainer(
    model: workload.model, samples: workload.samples, settings: settings, parallel: workload.parallel)
  return Contender(role: .engine, name: name) {
    var stepNorm = 0.0
    for _ in 0..<trainer.minibatchesPerEpoch {
      stepNorm = try trainer.step(samples: workload.samples, parallel: workload.parallel).stepNorm
    }
    return stepNorm
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
