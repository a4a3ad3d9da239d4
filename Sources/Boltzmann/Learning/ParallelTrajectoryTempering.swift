public import BoltzmannCompute

/// Learning at equilibrium: persistent chains that change places with samples of an earlier machine of the same
/// training, and bring log Z along (Béreux, Decelle, Furtlehner & Seoane 2024; Béreux et al. 2026).
///
/// Beside the chains of θ there is the last rung c, with samples S of it, ten a chain, and a working copy R of them.
/// Before every update chains x are offered places of states y of R, each its own:
/// ```
/// D = [F_θ(x) − F_c(x)] − [F_θ(y) − F_c(y)]      A = Σ_n u_n·min(1, e^{D_n})      u = softmax(F_before(x) − F_θ(x))
/// ```
/// The weights u turn chains of the machine before the update into samples of θ; where they leave too few, A is 0.
/// * A ≥ 0.3: the offers are made, then k Gibbs steps, the gradient and the update as in PCD.
/// * 0.1 ≤ A < 0.3, two updates or more after c: θ becomes the next rung (`TrajectoryFreezing`).
/// * else, or where θ does not come to rest: back to c, chains to some of S, and the rate is halved.
///
/// The rate begins at ⅛ of the given one and grows by 0.3 % an update, up to the given one. Bennett's ratio between
/// samples of neighbouring rungs gives log Z of each, and that between S and the weighted chains log Z of θ.
public struct ParallelTrajectoryTempering: GradientEstimator {
  public static let name = "ptt"
  /// Below this acceptance θ has come far enough from its rung.
  static let wantedAcceptance = 0.3
  /// Samples of a rung for every chain.
  static let samplesPerChain = 10
  static let mostRejections = 30

  private let seed: UInt64
  private var persistent: PersistentContrastiveDivergence
  /// F of the chains under the machine that they were last sampled from, in nats.
  private var energies: [Float]
  private var rung: TrajectoryRung
  private var reservoir: TrajectoryReservoir
  /// Offers made so far.
  private var offers: UInt64 = 0
  /// Updates since the last rung, and rungs made since the training began.
  private var updates = 0
  private var rungs = 0
  /// Times in a row that the training went back.
  private var rejections = 0
  public private(set) var rateFactor = 0.125

  /// Throws `SettingsError` where not even the first machine can be reached from independent units.
  public init(_ context: EstimatorContext) throws {
    seed = context.settings.seed
    persistent = PersistentContrastiveDivergence(context)
    rung = try TrajectoryRung(first: context)
    reservoir = TrajectoryReservoir(of: rung)
    energies = Array(rung.energies.prefix(context.chains))
    persistent.chains = rung.samples.selecting(Array(0..<context.chains))
  }

  public static func validate(_ context: EstimatorContext) throws {
    if context.chains < 2 { throw SettingsError(message: "ptt takes at least 2 chains") }
  }

  public mutating func gradient(
    of model: RBM, minibatch: Minibatch, steps: Int, parallel: Parallel
  ) -> Gradient {
    let gradient = persistent.gradient(of: model, minibatch: minibatch, steps: steps, parallel: parallel)
    energies = model.energies(of: persistent.chains, parallel)
    return gradient
  }

  /// Makes the offers, or a rung, or sends the training back to the last rung.
  public mutating func review(_ model: RBM, parallel: Parallel) throws -> RBM? {
    let random = RandomStream(seed: seed, purpose: .trajectorySwap, step: offers)
    let exchange = TrajectoryExchange(
      chains: persistent.chains, of: model, with: reservoir, of: rung, random: random, parallel: parallel)
    offers += 1
    let weights = weights(at: exchange.here)
    let acceptance = SwapAcceptance.isTrusted(weights) ? exchange.acceptance(weights: weights) : 0
    if acceptance >= Self.wantedAcceptance {
      energies = exchange.apply(to: &persistent.chains, &reservoir, random: random).energies
    } else if !(acceptance >= TrajectoryFreezing.leastAcceptance && updates >= 2 && freeze(model, parallel)) {
      return try goBack()
    }
    accept()
    return nil
  }

  /// u = softmax(F_before(x) − F_θ(x)).
  private func weights(at energies: [Float]) -> [Double] {
    softmax(zip(self.energies, energies).map { Double($0) - Double($1) })
  }

  private mutating func accept() {
    updates += 1
    rejections = 0
    rateFactor = min(1, 1.003 * rateFactor)
  }

  /// Makes the machine the next rung; false where its chains do not come to rest.
  private mutating func freeze(_ model: RBM, _ parallel: Parallel) -> Bool {
    var state = BlockGibbs.State(visibles: persistent.chains)
    state.step = persistent.step
    var freezing = TrajectoryFreezing(
      model, from: rung, chains: state, offers: offers, seed: seed, parallel: parallel)
    let frozen = freezing.run()
    offers = freezing.offers
    persistent.step = freezing.chains.step
    guard let frozen else { return false }
    rung = frozen
    reservoir = TrajectoryReservoir(of: rung)
    persistent.chains = freezing.chains.visibles
    energies = model.energies(of: persistent.chains, parallel)
    updates = 0
    rungs += 1
    return true
  }

  /// Back to the last rung, with some of its samples as chains.
  private mutating func goBack() throws -> RBM {
    rejections += 1
    rateFactor /= 2
    guard rejections < Self.mostRejections else { throw TrajectoryLost(rungs: rungs, rateFactor: rateFactor) }
    let random = RandomStream(seed: seed, purpose: .trajectoryStart, step: offers)
    let chosen = Array(
      random.permutation(row: 0, count: rung.samples.rows).prefix(persistent.chains.rows))
    persistent.chains = rung.samples.selecting(chosen)
    energies = chosen.map { rung.energies[$0] }
    reservoir = TrajectoryReservoir(of: rung)
    updates = 0
    return rung.machine
  }

  public var persistentVisibles: Matrix? { persistent.persistentVisibles }

  /// log Ẑ of a machine not far from that of the last update, in nats.
  public func partition(of model: RBM, parallel: Parallel) -> PartitionEstimate? {
    let here = model.energies(of: persistent.chains, parallel)
    return rung.link(
      to: model, energies: here, here: rung.machine.energies(of: persistent.chains, parallel),
      weights: weights(at: here), parallel: parallel
    ).estimate
  }
}

extension ParallelTrajectoryTempering {
  public func save(to snapshot: inout Snapshot) {
    persistent.save(to: &snapshot)
    rung.save(to: &snapshot)
    reservoir.save(to: &snapshot)
    snapshot.vectors["estimator.energies"] = energies
    snapshot.numbers["estimator.rate_factor"] = rateFactor
    for (name, count) in [
      ("offers", Int(offers)), ("updates", updates), ("rungs", rungs), ("rejections", rejections),
    ] {
      snapshot.numbers["estimator.\(name)"] = Double(count)
    }
  }

  public mutating func restore(from snapshot: Snapshot) throws {
    try persistent.restore(from: snapshot)
    try rung.restore(from: snapshot)
    try reservoir.restore(from: snapshot)
    energies = try snapshot.vector("estimator.energies", count: energies.count)
    rateFactor = try snapshot.number("estimator.rate_factor")
    offers = UInt64(try snapshot.counter("estimator.offers"))
    updates = try snapshot.counter("estimator.updates")
    rungs = try snapshot.counter("estimator.rungs")
    rejections = try snapshot.counter("estimator.rejections")
  }
}

/// A training that finds no way on from its last rung.
public struct TrajectoryLost: Error, CustomStringConvertible {
  let rungs: Int
  let rateFactor: Double

  public var description: String {
    "the training went back \(ParallelTrajectoryTempering.mostRejections) times in a row to rung \(rungs): "
      + "chains do not follow the machine even at \(rateFactor) times the learning rate; more --chains or "
      + "--steps may help"
  }
}
