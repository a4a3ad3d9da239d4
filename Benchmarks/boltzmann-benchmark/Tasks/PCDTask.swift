internal import Boltzmann
internal import BoltzmannCompute
internal import BoltzmannReference

/// An epoch of PCD-k, with as many chains as a minibatch has samples.
struct PCDTask: ProductTask {
  let workload: Workload
  /// Gibbs steps of an update.
  let steps: Int

  init(_ workload: Workload, steps: Int) {
    self.workload = workload
    self.steps = steps
  }

  var title: String { "PCD-\(steps)" }
  var work: String { "\(workload.minibatches) minibatches of \(workload.batchSize), as many chains" }
  var flops: Double { Double(2 * steps + 4) * workload.productFlops(rows: workload.learned) }
  var units: WorkUnits { workload.learningUnits }

  func tiles(threads: Int) -> Tiles { .learning(workload, threads: threads) }

  func naive() -> [Contender] {
    naiveContenders(share: Double(workload.naiveRows) / Double(workload.learned)) { order in
      let samples = workload.samples.matrix(0..<workload.naiveRows).values
      let random = ReferenceRandom(seed: Workload.seed)
      var machine = NaiveRBM(ReferenceRBM(workload.model))
      var chains = samples
      var step = 0
      return {
        machine.gibbsSteps(&chains, count: steps - 1, order: order, firstStep: step, random: random)
        machine.persistentContrastiveDivergence(
          samples, chains: &chains, order: order, learningRate: 0.01, step: step + steps - 1, random: random)
        step += steps
        return Double(machine.weights[0])
      }
    }
  }

  /// 2k + 4 products: data to hiddens, k steps of the chains, chains to hiddens once more, the gradient's two.
  func products(_ choice: ProductChoice) -> ProductsAlone {
    let data = workload.dataRows(choice), chains = workload.chainRows(choice)
    let step = [chains.hiddenInputs, chains.visibleInputs]
    return ProductsAlone(
      choice: choice,
      stages: [
        .init(products: step, repeats: steps), .init(products: [data.hiddenInputs, chains.hiddenInputs]),
        data.gradient(minus: chains),
      ],
      rounds: workload.minibatches)
  }

  func engine(_ model: RBM, _ parallel: Parallel) throws -> () throws -> Double {
    try plainTrainer(workload, model, method: "pcd", steps: steps, parallel: parallel)
  }

  func variants() throws -> [Contender] { try centredTrainers(workload, method: "pcd", steps: steps) }
}
