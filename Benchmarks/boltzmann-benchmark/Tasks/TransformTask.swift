internal import Boltzmann
internal import BoltzmannCompute
internal import BoltzmannReference

/// The hidden means of all samples.
struct TransformTask: ProductTask {
  let title = "transform"
  let workload: Workload

  init(_ workload: Workload) { self.workload = workload }

  var work: String { "\(workload.samples.count) samples" }
  var flops: Double { workload.productFlops(rows: workload.samples.count) }
  var units: WorkUnits {
    WorkUnits(name: "sample and weight", count: Double(workload.samples.count) * workload.connections)
  }
  var splits: [ProductSplit] { [.evenRows, .rowBlocks(100)] }

  func tiles(threads: Int) -> Tiles { .transform(workload.samples.count) }

  func naive() -> [Contender] {
    let machine = ReferenceRBM(workload.model)
    let rows = workload.naiveRows
    let samples = (0..<rows).map { workload.samples.matrix($0..<($0 + 1)).values.map(Double.init) }
    let share = Double(rows) / Double(workload.samples.count)
    return [
      Contender(role: .naive, name: "naive, double", share: share) {
        samples.reduce(0) { $0 + machine.hiddenMeans(given: $1)[0] }
      }
    ]
  }

  func products(_ choice: ProductChoice) -> ProductsAlone {
    let rows = workload.dataRows(choice, count: workload.samples.count)
    return ProductsAlone(choice: choice, stages: [.init(products: [rows.hiddenInputs])])
  }

  func engine(_ model: RBM, _ parallel: Parallel) -> () throws -> Double {
    { Double(model.hiddenMeans(given: workload.samples, parallel: parallel)[0, 0]) }
  }
}
