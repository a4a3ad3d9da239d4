internal import BoltzmannCompute

/// The rows of trajectory tempering while it runs: both layers, their inputs kept up to date by what changes.
///
/// Every block of rows belongs to one rung and is moved by its machine. Of each row also the hidden inputs under the
/// rung that it may go to in this round are formed: its free energy there needs them, and so does its next h if it
/// goes.
struct TrajectoryRows: TemperingRows, Sendable {
  private let tempering: TrajectoryTempering
  private let chains: Int
  private let visibles: ChainLayer
  private let hiddens: ChainLayer
  /// v·W under the rung that a row may change places with.
  private let elsewhere: MutableMatrixView
  private let blocks: [Range<Int>]
  private let couplings: [(toHiddens: Coupling, toVisibles: Coupling)]

  /// Chains that start at `start`, `[rungs · chains, visible]`.
  init(_ tempering: TrajectoryTempering, _ start: MutableMatrixView, chains: Int) {
    let (visible, hidden) = (tempering.rungs[0].visibleCount, tempering.rungs[0].hiddenCount)
    self.tempering = tempering
    self.chains = chains
    visibles = ChainLayer(rows: start.rows, units: visible)
    hiddens = ChainLayer(rows: start.rows, units: hidden)
    elsewhere = MutableMatrixView(rows: start.rows, columns: hidden)
    let cut = Blocks(count: chains, size: rowsPerBlock)
    blocks = tempering.rungs.indices.flatMap { rung in
      (0..<cut.count).map { (rung * chains + cut[$0].lowerBound)..<(rung * chains + cut[$0].upperBound) }
    }
    couplings = tempering.rungs.map {
      ($0.hiddenCoupling(pieces: [0..<hidden]), $0.visibleCoupling(pieces: [0..<visible]))
    }
    visibles.states(0).copy(start.view)
  }

  private func rung(_ rows: Range<Int>) -> Int { rows.lowerBound / chains }

  /// The inputs of the first h.
  func prepare() {
    tempering.parallel.forEach(blocks.count) { block, _ in follow(blocks[block], time: 0) }
  }

  /// v after so many steps.
  func states(_ time: Int) -> MutableMatrixView { visibles.states(time) }

  /// Takes all chains from `time` the steps of a round further, numbered on from round to round; then F of neighbours.
  func advance(time: Int, round: UInt64, steps: Int, pairs: TemperedWorks.Pairs) -> TemperedWorks {
    let step = round * UInt64(steps)
    let parts = tempering.parallel.map(blocks.count) { block, _ in
      for offset in 0..<steps {
        move(blocks[block], time: time + offset, step: step + UInt64(offset))
      }
      return works(blocks[block], time: time + steps, round: round, pairs)
    }
    return TemperedWorks(pairs: pairs, up: parts.flatMap(\.up), down: parts.flatMap(\.down))
  }

  /// h ~ P(h | v), v ~ P(v | h), and the inputs of the next h.
  private func move(_ rows: Range<Int>, time: Int, step: UInt64) {
    let number = rung(rows), machine = tempering.rungs[number]
    let (below, above) = (visibles[rows], hiddens[rows])
    if number > 0 {
      machine.hidden.sample(
        inputs: above.inputs.view, inverseTemperature: 1, random: numbers(.trajectoryHidden, step, rows),
        means: nil, into: above.states(time))
      below.follow(
        above.states(time).view, before: above.states(time - 1).view, time: time,
        couplings[number].toVisibles, units: 0..<machine.visibleCount)
    }
    machine.visible.sample(
      inputs: below.inputs.view, inverseTemperature: 1, random: numbers(.trajectoryVisible, step, rows),
      means: nil, into: below.states(time + 1))
    let first = number * chains
    tempering.clamped?.put(
      into: below.states(time + 1), chains: (rows.lowerBound - first)..<(rows.upperBound - first),
      window: 0..<machine.visibleCount)
    follow(rows, time: time + 1)
  }

  private func numbers(_ purpose: RandomPurpose, _ step: UInt64, _ rows: Range<Int>) -> RandomRows {
    RandomRows(RandomStream(seed: tempering.seed, purpose: purpose, step: step), rows: rowNumbers(rows))
  }

  /// Brings the hiddens' inputs up to v at a time; those of rung 0 are always zero.
  private func follow(_ rows: Range<Int>, time: Int) {
    let number = rung(rows), given = visibles[rows]
    guard number > 0 else { return }
    hiddens[rows].follow(
      given.states(time).view, before: given.states(time - 1).view, time: time, couplings[number].toHiddens,
      units: 0..<tempering.rungs[number].hiddenCount)
  }

  /// F at the neighbours less F at the rows' own rung, for the pairs that are wanted.
  private func works(
    _ rows: Range<Int>, time: Int, round: UInt64, _ pairs: TemperedWorks.Pairs
  ) -> TemperedWorks {
    let number = rung(rows), states = visibles[rows].states(time).view
    let own = tempering.rungs[number].freeEnergies(of: states, hiddenInputs: hiddens[rows].inputs.view)
    func energies(_ other: Int, pair: Int) -> [Double]? {
      guard tempering.rungs.indices.contains(other), pairs.contains(pair) else { return nil }
      let machine = tempering.rungs[other]
      guard UInt64(pair) % 2 == round % 2 else { return machine.freeEnergies(of: states) }
      let inputs = elsewhere.rows(rows)
      if other > 0 { machine.hiddenInputs(given: states, into: inputs) } else { inputs.fill(0) }
      return machine.freeEnergies(of: states, hiddenInputs: inputs.view)
    }
    let unknown = [Double](repeating: .nan, count: rows.count)
    let up = energies(number + 1, pair: number), down = energies(number - 1, pair: number - 1)
    return TemperedWorks(
      pairs: pairs, up: up.map { zip($0, own).map { $0 - $1 } } ?? unknown,
      down: down.map { zip(own, $0).map { $0 - $1 } } ?? unknown)
  }

  /// Two chains change places, after so many steps; their inputs there are known.
  func swap(_ row: Int, _ other: Int, time: Int) {
    visibles.states(time).swapRows(row, other)
    let inputs = hiddens.inputs
    inputs.rows(row..<(row + 1)).copy(elsewhere.view.rows(other..<(other + 1)))
    inputs.rows(other..<(other + 1)).copy(elsewhere.view.rows(row..<(row + 1)))
  }
}
