internal import Boltzmann
internal import BoltzmannCompute
internal import BoltzmannReference

/// The hidden means of all samples.
struct TransformTask: BenchmarkTask {
  static let name = "transform"
  let title = "transform"
  private let workload: Workload

  init(_ workload: Workload) { self.workload = workload }

  var work: String { "\(workload.samples.count) samples" }
  var flops: Double { workload.productFlops(rows: workload.samples.count) }

  func contenders() -> [Contender] {
    let splits: [ProductSplit] = [.evenRows, .rowBlocks(100)]
    return [naive] + sgemm.contenders(parallel: workload.parallel, splits: splits) + [engine]
  }

  private var naive: Contender {
    let machine = ReferenceRBM(workload.model)
    let rows = workload.naiveRows
    let samples = (0..<rows).map { workload.samples.matrix($0..<($0 + 1)).values.map(Double.init) }
    return Contender(
      role: .naive, name: "naive, double", share: Double(rows) / Double(workload.samples.count)
    ) {
      samples.reduce(0) { $0 + machine.hiddenMeans(given: $1)[0] }
    }
  }

  private var sgemm: ProductsAlone {
    let rows = LayerRows(workload, count: workload.samples.count)
    return ProductsAlone(stages: [.init(products: [rows.hiddenInputs])])
  }

  private var engine: Contender {
    Contender(role: .engine, name: "engine") {
      let means = workload.model.hiddenMeans(given: workload.samples, parallel: workload.parallel)
      return Double(means[0, 0])
    }
  }
}
