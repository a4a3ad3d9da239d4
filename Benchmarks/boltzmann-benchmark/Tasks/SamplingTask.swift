internal import Boltzmann
internal import BoltzmannCompute
internal import BoltzmannReference

/// Many steps of block Gibbs sampling.
struct SamplingTask: ProductTask {
  let title = "Gibbs sampling"
  let workload: Workload

  init(_ workload: Workload) { self.workload = workload }

  var work: String { "\(workload.batchSize) chains of \(workload.chainSteps) steps" }
  var flops: Double { 2 * Double(workload.chainSteps) * workload.productFlops(rows: workload.batchSize) }
  var units: WorkUnits { workload.chainUnits(steps: workload.chainSteps) }

  func tiles(threads: Int) -> Tiles { .halfSteps(of: workload.batchSize, workload, threads: threads) }

  func naive() -> [Contender] {
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
  func products(_ choice: ProductChoice) -> ProductsAlone {
    let chains = workload.chainRows(choice)
    let step = [chains.hiddenInputs, chains.visibleInputs]
    return ProductsAlone(choice: choice, stages: [.init(products: step, repeats: workload.chainSteps)])
  }

  func engine(_ model: RBM, _ parallel: Parallel) -> () throws -> Double {
    let sampler = BlockGibbs(model: model, seed: Workload.seed, parallel: parallel)
    var state = sampler.initialState(chains: workload.batchSize)
    return { Double(sampler.run(&state, steps: workload.chainSteps).visibleMeans[0, 0]) }
  }
}

extension Workload {
  /// What chains are compared by between machines of other sizes.
  func chainUnits(steps: Int) -> WorkUnits {
    WorkUnits(name: "chain step and weight", count: Double(batchSize * steps) * connections)
  }
}
