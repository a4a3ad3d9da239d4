internal import Boltzmann
internal import BoltzmannCompute
internal import BoltzmannReference

/// An epoch of CD-1.
struct CDTask: BenchmarkTask {
  static let name = "cd"
  let title = "CD-1"
  private let workload: Workload

  init(_ workload: Workload) { self.workload = workload }

  var work: String { "\(workload.minibatches) minibatches of \(workload.batchSize)" }
  var flops: Double { 5 * workload.productFlops(rows: workload.samples.count) }

  func contenders() throws -> [Contender] {
    try naive + sgemm.contenders(parallel: workload.parallel) + engineTrainers(workload, method: "cd")
  }

  private var naive: [Contender] {
    let share = Double(workload.naiveRows) / Double(workload.samples.count)
    return naiveContenders(share: share) { order in
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
  private var sgemm: ProductsAlone {
    let data = LayerRows(workload, count: workload.batchSize)
    let chains = LayerRows(workload, count: workload.batchSize)
    let gibbs = [data.hiddenInputs, chains.visibleInputs, chains.hiddenInputs]
    return ProductsAlone(
      stages: [.init(products: gibbs), gradientStage(data: data, chains: chains, workload: workload)],
      rounds: workload.minibatches)
  }
}
