internal import Boltzmann
internal import BoltzmannCompute
internal import BoltzmannReference

/// An epoch of PCD-1, with as many chains as a minibatch has samples.
struct PCDTask: BenchmarkTask {
  static let name = "pcd"
  let title = "PCD-1"
  private let workload: Workload

  init(_ workload: Workload) { self.workload = workload }

  var work: String { "\(workload.minibatches) minibatches of \(workload.batchSize), as many chains" }
  var flops: Double { 6 * workload.productFlops(rows: workload.samples.count) }

  func contenders() throws -> [Contender] {
    try naive + sgemm.contenders(parallel: workload.parallel) + engineTrainers(workload, method: "pcd")
  }

  private var naive: [Contender] {
    let share = Double(workload.naiveRows) / Double(workload.samples.count)
    return naiveContenders(share: share) { order in
      let samples = workload.samples.matrix(0..<workload.naiveRows).values
      var machine = NaiveRBM(ReferenceRBM(workload.model))
      var chains = samples
      var step = 0
      return {
        machine.persistentContrastiveDivergence(
          samples, chains: &chains, order: order, learningRate: 0.01, step: step,
          random: ReferenceRandom(seed: Workload.seed))
        step += 1
        return Double(machine.weights[0])
      }
    }
  }

  /// Six products: those of CD-1, and chains to hiddens once more, since they do not start at the data.
  private var sgemm: ProductsAlone {
    let data = LayerRows(workload, count: workload.batchSize)
    let chains = LayerRows(workload, count: workload.batchSize)
    let gibbs = [data.hiddenInputs, chains.hiddenInputs, chains.visibleInputs, chains.hiddenInputs]
    return ProductsAlone(
      stages: [.init(products: gibbs), gradientStage(data: data, chains: chains, workload: workload)],
      rounds: workload.minibatches)
  }
}
