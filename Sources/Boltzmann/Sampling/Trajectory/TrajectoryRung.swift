internal import BoltzmannCompute

/// A machine on the way of a training, at rest, with samples of it and its log Z: what later machines are reached from.
///
/// The variance of log Ẑ is that of all links up to here. Samples S of a rung serve the link that leads to it and the
/// one that leads on: what a sample adds to both to first order (`BennettRatio`), I and J, belongs together,
/// ```
/// Var log Ẑ = variance + Σ_{s ∈ S} (I_s + J_s)² + …
/// ```
struct TrajectoryRung: Sendable {
  private(set) var machine: RBM
  /// Independent samples S of the machine, `[samples, visible]`.
  private(set) var samples: Matrix
  /// F of the samples under the machine, in nats.
  private(set) var energies: [Float]
  /// log Ẑ of the machine, in nats.
  private(set) var logPartition: Double
  /// Of log Ẑ, without what comes from S.
  private var variance: Double
  /// What each sample of S adds to log Ẑ, to first order.
  private var influences: [Float]

  /// A rung that others have led to: `standardError` of its log Z is all that is known of them.
  init(machine: RBM, samples: Matrix, logPartition: Double, standardError: Double, parallel: Parallel) {
    self.machine = machine
    self.samples = samples
    self.logPartition = logPartition
    energies = machine.energies(of: samples, parallel)
    variance = standardError * standardError
    influences = [Float](repeating: 0, count: samples.rows)
  }

  /// The link from here to another machine with samples of its own, which count by their weights.
  ///
  /// `energies`: F of those samples under the other machine; `here`: under this one.
  func link(
    to machine: RBM, energies: [Float], here: [Float], weights: [Double]? = nil, parallel: Parallel
  ) -> TrajectoryLink {
    let lower = works(machine.energies(of: samples, parallel), self.energies)
    let ratio = BennettRatio(lower: lower, upper: works(energies, here), upperWeights: weights)
    let shared = zip(influences, ratio.lowerInfluences).reduce(0) {
      let sum = Double($1.0) + $1.1
      return $0 + sum * sum
    }
    return TrajectoryLink(
      logPartition: logPartition + ratio.logRatio, variance: variance + shared,
      influences: ratio.upperInfluences)
  }

  /// The rung where the link leads, with the samples that the link was made with.
  init(at link: TrajectoryLink, machine: RBM, samples: Matrix, energies: [Float]) {
    self.machine = machine
    self.samples = samples
    self.energies = energies
    logPartition = link.logPartition
    variance = link.variance
    influences = link.influences.map { Float($0) }
  }
}

/// log Ẑ of a machine from the rung before it, in nats.
struct TrajectoryLink: Sendable {
  let logPartition: Double
  /// Without what comes from the machine's own samples.
  let variance: Double
  /// What each of these adds, to first order.
  let influences: [Double]

  var estimate: PartitionEstimate {
    let own = influences.reduce(0) { $0 + $1 * $1 }
    return PartitionEstimate(
      method: "trajectory", estimate: logPartition, standardError: (variance + own).squareRoot(),
      effectiveSampleSize: nil)
  }
}

private func works(_ a: [Float], _ b: [Float]) -> [Double] { zip(a, b).map { Double($0) - Double($1) } }

extension RBM {
  /// F of every row, rounded to Float as it is kept: less than 10⁻⁴ nats where F is below a thousand.
  func energies(of states: Matrix, _ parallel: Parallel) -> [Float] {
    parallel.mapBlocks(of: states.rows, size: rowsPerBlock) { range in
      freeEnergies(of: states.view.rows(range)).map { Float($0) }
    }.flatMap { $0 }
  }
}

extension TrajectoryRung: Checkpointed {
  func save(to snapshot: inout Snapshot) {
    var parameters = Snapshot()
    machine.save(to: &parameters)
    for (name, matrix) in parameters.matrices { snapshot.matrices["rung.\(name)"] = matrix }
    for (name, vector) in parameters.vectors { snapshot.vectors["rung.\(name)"] = vector }
    snapshot.matrices["rung.samples"] = samples
    snapshot.vectors["rung.energies"] = energies
    snapshot.vectors["rung.influences"] = influences
    snapshot.numbers["rung.log_partition"] = logPartition
    snapshot.numbers["rung.variance"] = variance
  }

  mutating func restore(from snapshot: Snapshot) throws {
    machine.weights = try snapshot.matrix("rung.weights", like: machine.weights)
    machine.visible.bias = try snapshot.vector("rung.visible_bias", count: machine.visibleCount)
    machine.hidden.bias = try snapshot.vector("rung.hidden_bias", count: machine.hiddenCount)
    if !machine.visible.precision.isEmpty {
      machine.visible.precision = try snapshot.positives("rung.visible_precision", machine.visibleCount)
    }
    samples = try snapshot.matrix("rung.samples", like: samples)
    energies = try snapshot.vector("rung.energies", count: samples.rows)
    influences = try snapshot.vector("rung.influences", count: samples.rows)
    logPartition = try snapshot.number("rung.log_partition")
    variance = try snapshot.number("rung.variance")
  }
}
