internal import Boltzmann
internal import BoltzmannCompute
internal import BoltzmannReference

/// The exact log Z of a machine with few hidden units, summed over all of their states.
///
/// There is one engine: its inputs are sums of two rows of tables, whatever the choice of products.
struct LogPartitionTask: BenchmarkTask {
  let title = "exact log Z"
  private let workload: Workload
  private let model: RBM

  /// The machine itself where it is trained and small, else an untrained one.
  init(_ workload: Workload) {
    self.workload = workload
    let limit = workload.isQuick ? 14 : 20
    if workload.isTrained && workload.hidden <= limit {
      model = workload.model
    } else {
      model = RBM.initialized(
        dataMeans: workload.samples.means(), hidden: min(limit, workload.hidden), seed: Workload.seed)
    }
  }

  private var states: Int { 1 << model.hiddenCount }

  var work: String { "2^\(model.hiddenCount) hidden states of \(workload.visible) visibles" }
  var flops: Double { 2 * Double(states) * Double(model.hiddenCount) * Double(workload.visible) }
  var units: WorkUnits {
    WorkUnits(name: "hidden state and visible unit", count: Double(states) * Double(workload.visible))
  }

  func tiles(threads: Int) -> Tiles { .enumeration(states) }

  func contenders() -> [Contender] {
    let counts = workload.threadCounts
    return [naive] + counts.reversed().map(sgemm) + counts.map(engine) + counts.reversed().map(softplus)
  }

  /// The first states only: each costs the same.
  private var naive: Contender {
    let machine = ReferenceRBM(model)
    let all = BinaryStates(unitCount: model.hiddenCount)
    let some = all.prefix(workload.isQuick ? 64 : 1024)
    return Contender(
      role: .naive, name: "naive, double", share: Double(some.count) / Double(all.count)
    ) {
      BoltzmannReference.logSumExp(some.map { -machine.freeEnergy(hidden: $0) })
    }
  }

  /// h·Wᵀ for all states: what the engine saves by adding two rows of tables.
  private func sgemm(_ parallel: Parallel) -> Contender {
    let rows = min(states, 1024)
    let hiddens = Matrix(rows: rows, columns: model.hiddenCount) { Float($0 >> $1 & 1) }.view
    let targets = MutableMatrixView(rows: rows * parallel.threads, columns: workload.visible)
    let weights = model.weights.view
    return Contender(role: .bound, name: ProductChoice.dense.kernelName, threads: parallel.threads) {
      parallel.forEach(states / rows) { _, worker in
        targets.rows(worker * rows..<(worker + 1) * rows).multiply(hiddens, weights.transposed)
      }
      return Double(targets[0, 0])
    }
  }

  /// The free energies' logarithms and exponentials: what no enumeration can save.
  private func softplus(_ parallel: Parallel) -> Contender {
    let rows = min(states, 32), bias = model.visible.bias
    let inputs = Matrix(rows: rows, columns: workload.visible) { Float($0) * 0.01 - Float($1) * 0.001 }.view
    return Contender(role: .bound, name: "softplus alone", threads: parallel.threads) {
      parallel.mapBlocks(of: states / rows, size: 64) { range in
        var sums = [Double](repeating: 0, count: rows)
        for _ in range { inputs.addSoftplusSums(bias: bias, to: &sums) }
        return sums.reduce(0, +)
      }.reduce(0, +)
    }
  }

  private func engine(_ parallel: Parallel) -> Contender {
    Contender(role: .engine, name: "engine", threads: parallel.threads) {
      try Enumeration(of: model, over: .hidden).logPartition(parallel: parallel)
    }
  }
}
