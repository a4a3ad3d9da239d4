internal import Boltzmann
internal import BoltzmannCompute
internal import BoltzmannReference

/// Annealed importance sampling of log Z.
struct AISTask: ProductTask {
  let title = "AIS"
  let workload: Workload

  private var steps: Int { workload.annealing.steps }

  init(_ workload: Workload) { self.workload = workload }

  var work: String { "\(workload.batchSize) chains at \(steps) temperatures" }
  var flops: Double { flops(chains: workload.batchSize, steps: steps) }
  var units: WorkUnits { workload.chainUnits(steps: steps) }

  func tiles(threads: Int) -> Tiles { .annealing(workload.batchSize) }

  /// Two products a step; the last step only weighs.
  private func flops(chains: Int, steps: Int) -> Double {
    Double(2 * steps - 1) * workload.productFlops(rows: chains)
  }

  /// A trained machine's own, as its user would take it.
  private var reference: [Float] {
    workload.model.referenceVisibleBias ?? workload.samples.means().map(BernoulliUnits.bias(ofMean:))
  }

  /// Few chains and temperatures: a step costs the same wherever it is on the way.
  func naive() -> [Contender] {
    let chains = min(10, workload.batchSize), few = 4
    let annealing = ReferenceAnnealing(
      model: ReferenceRBM(workload.model), baseVisibleBias: reference.map(Double.init))
    let schedule = ReferenceAnnealing.linearSchedule(stepCount: few)
    let share = flops(chains: chains, steps: few) / flops
    return [
      Contender(role: .naive, name: "naive, double", share: share) {
        annealing.logWeights(
          chainCount: chains, inverseTemperatures: schedule, random: ReferenceRandom(seed: Workload.seed)
        ).reduce(0, +)
      }
    ]
  }

  func products(_ choice: ProductChoice) -> ProductsAlone {
    let chains = workload.chainRows(choice)
    return ProductsAlone(
      choice: choice,
      stages: [
        .init(products: [chains.hiddenInputs, chains.visibleInputs], repeats: steps - 1),
        .init(products: [chains.hiddenInputs]),
      ])
  }

  func engine(_ model: RBM, _ parallel: Parallel) -> () throws -> Double {
    let annealing = AnnealedImportanceSampling(
      model: model, reference: reference, schedule: workload.annealing, seed: Workload.seed,
      parallel: parallel)
    return { annealing.logWeights(chains: workload.batchSize).reduce(0, +) }
  }
}
