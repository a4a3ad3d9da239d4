public import BoltzmannCompute

/// Single-site Gibbs sampling of a general Boltzmann machine, many chains at once (Geman & Geman 1984).
/// ```
/// x_i ~ P(x_i | x_−i)      i = 0, 1, …, units − 1      P(x_i = high | x_−i) = σ(step·(a_i + Σ_j J_ij x_j))
/// ```
/// One sweep draws every unit once, in this fixed order. Each draw leaves the law alone, hence so does the sweep;
/// detailed balance it gives up. States lie unit by unit, so that a unit is drawn in many chains by whole vectors;
/// its input is summed anew each time, for which a block's states stay in the cache.
public struct SingleSiteGibbs: Sendable {
  /// Where the chains stand: what the next sweep needs.
  public struct State: Sendable {
    /// The states of all units, visibles first, `[units, chains]`.
    public var units: Matrix
    /// Sweeps made so far.
    public var sweep: UInt64 = 0

    public init(units: Matrix) { self.units = units }
  }

  /// What a person wants to see of a run.
  public struct Info: Sendable {
    /// The share of draws in the last sweep that changed a unit: near 0 the chains hardly move.
    public let changeRate: Double
  }

  public let model: BoltzmannMachine
  public let seed: UInt64
  public let parallel: Parallel

  public init(model: BoltzmannMachine, seed: UInt64, parallel: Parallel = .all) {
    self.model = model
    self.seed = seed
    self.parallel = parallel
  }

  /// Chains whose units are drawn independently, as their biases alone have it.
  public func initialState(chains: Int) -> State {
    var independent = BoltzmannMachine(
      visible: model.visibleCount, hidden: model.hiddenCount, visibleKind: model.visibleKind,
      hiddenKind: model.hiddenKind)
    independent.bias = model.bias
    var state = State(units: Matrix(rows: model.unitCount, columns: chains))
    let sampler = SingleSiteGibbs(model: independent, seed: seed, parallel: parallel)
    sampler.run(&state, sweeps: 1, purpose: .initialState)
    state.sweep = 0
    return state
  }

  /// Sweeps over all units of every chain; blocks of chains run in parallel.
  @discardableResult
  public func run(_ state: inout State, sweeps: Int) -> Info {
    run(&state, sweeps: sweeps, purpose: .site)
  }

  /// Sweeps over the hiddens alone, with every chain's visibles held as they are: draws from P(h | v).
  @discardableResult
  public func runClamped(_ state: inout State, sweeps: Int) -> Info {
    run(&state, sweeps: sweeps, purpose: .clampedSite)
  }

  @discardableResult
  func run(_ state: inout State, sweeps: Int, order: SweepOrder) -> Info {
    run(&state, sweeps: sweeps, purpose: .site, order: order)
  }

  @discardableResult
  private func run(
    _ state: inout State, sweeps: Int, purpose: RandomPurpose, order: SweepOrder = .ascending
  ) -> Info {
    precondition(sweeps >= 1, "a run takes at least one sweep")
    precondition(state.units.rows == model.unitCount, "states have a row for every unit")
    let random = RandomStream(seed: seed, purpose: purpose, step: state.sweep)
    let chains = state.units.columns, drawn = purpose == .clampedSite ? model.hiddenCount : model.unitCount
    let changes = state.units.withMutableView { units in
      parallel.mapBlocks(of: chains, size: chainsPerBlock) { range in
        let block = ChainBlock(model, units.columns(range), firstChain: range.lowerBound)
        return purpose == .clampedSite
          ? block.sweepHiddens(sweeps, random) : block.sweepAll(sweeps, random, order)
      }
    }
    state.sweep += UInt64(sweeps)
    return Info(changeRate: Double(changes.reduce(0, +)) / Double(max(chains * drawn, 1)))
  }
}

/// Which unit a sweep draws first; a sweep in one order is the reversal in time of one in the other.
enum SweepOrder: Sendable { case ascending, descending }

/// Chains that are swept together: their states fill whole vectors and stay in the cache.
private let chainsPerBlock = 64

/// Some chains of a run, `[units, chains]`.
struct ChainBlock {
  private let model: BoltzmannMachine
  private let units: MutableMatrixView
  private let firstChain: Int
  /// The number that the first unit's draws go by.
  private let firstUnit: Int

  init(_ model: BoltzmannMachine, _ units: MutableMatrixView, firstChain: Int, firstUnit: Int = 0) {
    self.model = model
    self.units = units
    self.firstChain = firstChain
    self.firstUnit = firstUnit
  }

  /// Sweeps over all units; returns how many draws of the last sweep changed a state.
  @discardableResult
  func sweepAll(_ sweeps: Int, _ random: RandomStream, _ order: SweepOrder = .ascending) -> Int {
    let fields = MutableMatrixView(rows: units.rows, columns: units.columns)
    for unit in 0..<units.rows { fields.rows(unit..<(unit + 1)).fill(model.bias[unit]) }
    return sweep(
      model.couplings.view, fields.view, units, model.layers, firstUnit: firstUnit, sweeps, random, order)
  }

  /// Sweeps over the hiddens: a machine with couplings P and fields c + Wᵀv.
  func sweepHiddens(_ sweeps: Int, _ random: RandomStream) -> Int {
    let hiddens = model.hiddenUnits
    let fields = MutableMatrixView(rows: hiddens.count, columns: units.columns)
    for (row, unit) in hiddens.enumerated() { fields.rows(row..<(row + 1)).fill(model.bias[unit]) }
    fields.multiply(
      model.window(hiddens, model.visibleUnits), units.view.rows(model.visibleUnits), beta: 1)
    return sweep(
      model.window(hiddens, hiddens), fields.view, units.rows(hiddens),
      [(0..<hiddens.count, model.hiddenKind)], firstUnit: hiddens.lowerBound, sweeps, random)
  }

  /// On a copy of the block: rows of a matrix of many chains lie far apart.
  private func sweep(
    _ couplings: MatrixView, _ fields: MatrixView, _ units: MutableMatrixView,
    _ layers: [(units: Range<Int>, kind: TwoStateKind)], firstUnit: Int, _ sweeps: Int,
    _ random: RandomStream, _ order: SweepOrder = .ascending
  ) -> Int {
    let states = MutableMatrixView(rows: units.rows, columns: units.columns)
    states.copy(units.view)
    let ascending = layers.flatMap { layer in layer.units.map { (site: $0, kind: layer.kind) } }
    let sites = order == .ascending ? ascending : ascending.reversed()
    var changes = 0
    for sweep in 0..<UInt64(sweeps) {
      changes = 0
      for (site, kind) in sites {
        changes += states.drawSite(
          site, couplings: couplings, fields: fields, values: (kind.low, kind.high),
          random: random.at(step: random.step + sweep), firstChain: firstChain, firstUnit: firstUnit)
      }
    }
    units.copy(states.view)
    return changes
  }
}
