internal import Boltzmann
internal import BoltzmannCompute
internal import BoltzmannReference

/// Many steps of block Gibbs sampling.
struct SamplingTask: BenchmarkTask {
  static let name = "sampling"
  let title = "Gibbs sampling"
  private let workload: Workload

  init(_ workload: Workload) { self.workload = workload }

  var work: String { "\(workload.batchSize) chains of \(workload.chainSteps) steps" }
  var flops: Double { 2 * Double(workload.chainSteps) * workload.productFlops(rows: workload.batchSize) }

  func contenders() -> [Contender] {
    naive + sgemm.contenders(parallel: workload.parallel) + [engine]
  }

  private var naive: [Contender] {
    let share = Double(workload.naiveRows) / Double(workload.batchSize * workload.chainSteps)
    return naiveContenders(share: share) { order in
      let machine = NaiveRBM(ReferenceRBM(workload.model))
      var chains = workload.samples.matrix(0..<workload.naiveRows).values
      var step = 0
      return {
        machine.gibbsSteps(
          &chains, count: 1, order: order, firstStep: step, random: ReferenceRandom(seed: Workload.seed))
        step += 1
        return Double(chains[0])
      }
    }
  }

  /// Two products a step.
  private var sgemm: ProductsAlone {
    let chains = LayerRows(workload, count: workload.batchSize)
    let step = [chains.hiddenInputs, chains.visibleInputs]
    return ProductsAlone(stages: [.init(products: step, repeats: workload.chainSteps)])
  }

  private var engine: Contender {
    let sampler = BlockGibbs(model: workload.model, seed: Workload.seed, parallel: workload.parallel)
    var state = sampler.initialState(chains: workload.batchSize)
    return Contender(role: .engine, name: "engine") {
      Double(sampler.run(&state, steps: workload.chainSteps).visibleMeans[0, 0])
    }
  }
}
