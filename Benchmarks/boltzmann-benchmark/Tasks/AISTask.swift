internal import Boltzmann
internal import BoltzmannCompute
internal import BoltzmannReference

/// Annealed importance sampling of log Z.
struct AISTask: BenchmarkTask {
  static let name = "ais"
  let title = "AIS"
  private let workload: Workload

  init(_ workload: Workload) { self.workload = workload }

  var work: String { "\(workload.batchSize) chains at \(workload.chainSteps) temperatures" }
  var flops: Double { flops(chains: workload.batchSize, steps: workload.chainSteps) }

  /// Two products a step; the last step only weighs.
  private func flops(chains: Int, steps: Int) -> Double {
    Double(2 * steps - 1) * workload.productFlops(rows: chains)
  }

  private var reference: [Float] { workload.samples.means().map(BernoulliUnits.bias(ofMean:)) }

  func contenders() -> [Contender] {
    [naive] + sgemm.contenders(parallel: workload.parallel) + [engine]
  }

  /// Few chains and temperatures: a step costs the same wherever it is on the way.
  private var naive: Contender {
    let chains = min(10, workload.batchSize), steps = 4
    let annealing = ReferenceAnnealing(
      model: ReferenceRBM(workload.model), baseVisibleBias: reference.map(Double.init))
    let schedule = ReferenceAnnealing.linearSchedule(stepCount: steps)
    return Contender(
      role: .naive, name: "naive, double", share: flops(chains: chains, steps: steps) / flops
    ) {
      annealing.logWeights(
        chainCount: chains, inverseTemperatures: schedule, random: ReferenceRandom(seed: Workload.seed)
      ).reduce(0, +)
    }
  }

  private var sgemm: ProductsAlone {
    let chains = LayerRows(workload, count: workload.batchSize)
    return ProductsAlone(stages: [
      .init(products: [chains.hiddenInputs, chains.visibleInputs], repeats: workload.chainSteps - 1),
      .init(products: [chains.hiddenInputs]),
    ])
  }

  private var engine: Contender {
    let annealing = AnnealedImportanceSampling(
      model: workload.model, reference: reference, schedule: .linear(workload.chainSteps),
      seed: Workload.seed, parallel: workload.parallel)
    return Contender(role: .engine, name: "engine") {
      annealing.logWeights(chains: workload.batchSize).reduce(0, +)
    }
  }
}
