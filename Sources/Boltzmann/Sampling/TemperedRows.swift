internal import BoltzmannCompute

/// The rows of tempered chains while they run: both layers, their inputs kept up to date by what changes.
///
/// All rungs share the weights, so a block of rows is one product whatever its rungs; only draws and free energies
/// go rung by rung. A swap moves inputs along with states, so that still only what changed is added.
struct TemperedRows: TemperingRows, Sendable {
  private let tempering: ParallelTempering
  private let chains: Int
  private let visibles: ChainLayer
  private let hiddens: ChainLayer
  /// The inputs at β = 0: no chain of rung 0 looks at its hiddens.
  private let nothing: MatrixView
  private let blocks: Blocks
  private let toHiddens: Coupling
  private let toVisibles: Coupling

  /// Chains that start at `start`, `[rungs · chains, visible]`.
  init(_ tempering: ParallelTempering, _ start: MutableMatrixView, chains: Int) {
    let model = tempering.model
    self.tempering = tempering
    self.chains = chains
    visibles = ChainLayer(rows: start.rows, units: model.visibleCount)
    hiddens = ChainLayer(rows: start.rows, units: model.hiddenCount)
    // Few rows are cut finer, so that they feed some cores; never by how many there are.
    blocks = Blocks(count: start.rows, size: min(rowsPerBlock, max(8, (start.rows + 15) / 16)))
    nothing = MutableMatrixView(rows: min(blocks.size, start.rows), columns: model.visibleCount).view
    toHiddens = model.hiddenCoupling(pieces: [0..<model.hiddenCount])
    toVisibles = model.visibleCoupling(pieces: [0..<model.visibleCount])
    visibles.states(0).copy(start.view)
  }

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
      return works(blocks[block], time: time + steps, pairs)
    }
    return TemperedWorks(pairs: pairs, up: parts.flatMap(\.up), down: parts.flatMap(\.down))
  }

  /// h ~ P_β(h | v), v ~ P_β(v | h), and the inputs of the next h.
  private func move(_ rows: Range<Int>, time: Int, step: UInt64) {
    forEachRung(rows) { rung, range in
      let layer = hiddens[range]
      rung.sampleHiddens(
        inputs: layer.inputs.view, random: numbers(.temperedHidden, step, range), into: layer.states(time))
    }
    let given = hiddens[rows]
    visibles[rows].follow(
      given.states(time).view, before: given.states(time - 1).view, time: time, toVisibles,
      units: 0..<tempering.model.visibleCount)
    forEachRung(rows) { rung, range in
      let layer = visibles[range], states = layer.states(time + 1)
      rung.sampleVisibles(
        inputs: rung.inverseTemperature == 0 ? nothing.rows(0..<range.count) : layer.inputs.view,
        random: numbers(.temperedVisible, step, range), into: states)
      let first = range.lowerBound / chains * chains
      tempering.clamped?.put(
        into: states, chains: (range.lowerBound - first)..<(range.upperBound - first),
        window: 0..<states.columns)
    }
    follow(rows, time: time + 1)
  }

  private func numbers(_ purpose: RandomPurpose, _ step: UInt64, _ rows: Range<Int>) -> RandomRows {
    RandomRows(RandomStream(seed: tempering.seed, purpose: purpose, step: step), rows: rowNumbers(rows))
  }

  /// Brings the hiddens' inputs up to v at a time.
  private func follow(_ rows: Range<Int>, time: Int) {
    let given = visibles[rows]
    hiddens[rows].follow(
      given.states(time).view, before: given.states(time - 1).view, time: time, toHiddens,
      units: 0..<tempering.model.hiddenCount)
  }

  /// The parts of some rows that lie in one rung each.
  private func forEachRung(_ rows: Range<Int>, _ body: (_ rung: TemperedRung, _ rows: Range<Int>) -> Void) {
    for rung in (rows.lowerBound / chains)...((rows.upperBound - 1) / chains) {
      body(tempering.rungs[rung], ((rung * chains)..<((rung + 1) * chains)).clamped(to: rows))
    }
  }

  /// F at the neighbours' β less F at the rows' own, for the pairs that are wanted.
  private func works(_ rows: Range<Int>, time: Int, _ pairs: TemperedWorks.Pairs) -> TemperedWorks {
    let betas = tempering.ladder.inverseTemperatures
    var result = TemperedWorks(pairs: pairs, up: [], down: [])
    for rung in (rows.lowerBound / chains)...((rows.upperBound - 1) / chains) {
      let range = ((rung * chains)..<((rung + 1) * chains)).clamped(to: rows)
      func change(_ pair: Int) -> [Double] {
        guard (0..<(betas.count - 1)).contains(pair), pairs.contains(pair) else {
          return [Double](repeating: .nan, count: range.count)
        }
        return tempering.path.change(
          of: visibles[range].states(time).view, hiddens[range].inputs.view, from: betas[pair],
          to: betas[pair + 1])
      }
      result.up += change(rung)
      result.down += change(rung - 1)
    }
    return result
  }

  /// Two chains change places, after so many steps.
  func swap(_ row: Int, _ other: Int, time: Int) {
    for part in [visibles.states(time), visibles.inputs, hiddens.states(time - 1), hiddens.inputs] {
      part.swapRows(row, other)
    }
  }
}
