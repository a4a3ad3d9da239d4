internal import BoltzmannCompute

/// Brings chains of a machine to rest, by exchange with the rung before it, and makes the machine a rung.
///
/// Sweeps of one offer and one Gibbs step, 20 at first, then as many again, until they are 20 times as long as the
/// chains' levels remember; then samples are taken from the chains in blocks that are as good as independent. All
/// chains begin with a reservoir that is the rung's samples themselves.
struct TrajectoryFreezing {
  /// The least mean acceptance of the second half of the sweeps.
  static let leastAcceptance = 0.1
  static let mostSweeps = 10_000

  let machine: RBM
  let rung: TrajectoryRung
  let seed: UInt64
  let parallel: Parallel
  private let gibbs: BlockGibbs
  private(set) var chains: BlockGibbs.State
  /// Offers made so far: their random numbers go on from there.
  private(set) var offers: UInt64
  private var reservoir: TrajectoryReservoir
  private var levels = LevelTraces()
  private var acceptances: [Double] = []

  init(
    _ machine: RBM, from rung: TrajectoryRung, chains: BlockGibbs.State, offers: UInt64, seed: UInt64,
    parallel: Parallel
  ) {
    self.machine = machine
    self.rung = rung
    self.chains = chains
    self.offers = offers
    self.seed = seed
    self.parallel = parallel
    gibbs = BlockGibbs(model: machine, seed: seed, parallel: parallel)
    reservoir = TrajectoryReservoir(of: rung)
  }

  /// The machine as a rung; nil where the chains do not come to rest.
  mutating func run() -> TrajectoryRung? {
    guard let spacing = thermalize() else { return nil }
    var samples = Matrix(rows: rung.samples.rows, columns: machine.visibleCount)
    let blocks = Blocks(count: samples.rows, size: chains.visibles.rows)
    for block in 0..<blocks.count {
      for _ in 0..<spacing { sweep() }
      let range = blocks[block], taken = chains.visibles.view.rows(0..<range.count)
      samples.withMutableView { $0.rows(range).copy(taken) }
    }
    let energies = machine.energies(of: samples, parallel)
    let link = rung.link(
      to: machine, energies: energies, here: rung.machine.energies(of: samples, parallel), parallel: parallel)
    return TrajectoryRung(at: link, machine: machine, samples: samples, energies: energies)
  }

  /// Sweeps from one sample to the next, once the chains are at rest; nil where they do not come to it.
  private mutating func thermalize() -> Int? {
    var target = 20
    while target <= Self.mostSweeps {
      while levels.count < target { sweep() }
      let time = levels.autocorrelationTime
      if Double(levels.count) >= 10 * time { return isMoving ? Int(time.rounded(.up)) : nil }
      target *= 2
    }
    return nil
  }

  private var isMoving: Bool {
    mean(Array(acceptances.suffix(acceptances.count / 2))) >= Self.leastAcceptance
  }

  /// An offer to all chains, then a Gibbs step.
  private mutating func sweep() {
    let random = RandomStream(seed: seed, purpose: .trajectorySwap, step: offers)
    let exchange = TrajectoryExchange(
      chains: chains.visibles, of: machine, with: reservoir, of: rung, random: random, parallel: parallel)
    let count = chains.visibles.rows
    acceptances.append(exchange.acceptance(weights: [Double](repeating: 1 / Double(count), count: count)))
    levels.add(accepted: exchange.apply(to: &chains.visibles, &reservoir, random: random).accepted)
    gibbs.run(&chains, steps: 1)
    offers += 1
  }
}
