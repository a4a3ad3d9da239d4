internal import Boltzmann
internal import BoltzmannCompute
internal import BoltzmannReference

/// An epoch of CD-1.
struct CDTask: ProductTask {
  let title = "CD-1"
  let workload: Workload

  init(_ workload: Workload) { self.workload = workload }

  var work: String { "\(workload.minibatches) minibatches of \(workload.batchSize)" }
  var flops: Double { 5 * workload.productFlops(rows: workload.learned) }
  var units: WorkUnits { workload.learningUnits }

  func tiles(threads: Int) -> Tiles { .learning(workload, threads: threads) }

  func naive() -> [Contender] {
    naiveContenders(share: Double(workload.naiveRows) / Double(workload.learned)) { order in
      let samples = workload.samples.matrix(0..<workload.naiveRows).values
      var machine = NaiveRBM(ReferenceRBM(workload.model))
      var step = 0
      return {
        machine.contrastiveDivergence(
          samples, order: order, learningRate: 0.01, step: step, random: ReferenceRandom(seed: Workload.seed))
        step += 1
        return Double(machine.weights[0])
      }
    }
  }

  /// Five products: data to hiddens, hiddens to chains, chains to hiddens, and the gradient's two.
  func products(_ choice: ProductChoice) -> ProductsAlone {
    let data = workload.dataRows(choice), chains = workload.reconstructionRows(choice)
    let gibbs = [data.hiddenInputs, data.visibleInputs, chains.hiddenInputs]
    return ProductsAlone(
      choice: choice, stages: [.init(products: gibbs), data.gradient(minus: chains)],
      rounds: workload.minibatches)
  }

  func engine(_ model: RBM, _ parallel: Parallel) throws -> () throws -> Double {
    try plainTrainer(workload, model, method: "cd", parallel: parallel)
  }

  func variants() throws -> [Contender] { try centredTrainers(workload, method: "cd") }
}
