internal import BoltzmannCompute

/// k block Gibbs steps of independent chains, as half-steps (Hinton 2002):
/// ```
/// 0: h⁰ ~ P(h | v⁰)    1: v¹ ~ P(v | h⁰)    2: h¹ ~ P(h | v¹)    …    2k − 1: vᵏ    2k: E[h | vᵏ]
/// ```
/// A half-step of some chains and some units needs nothing but the whole half-step before it.
struct GibbsChains: Sendable {
  /// v⁰, which must stay as it is until half-step 2.
  let start: MatrixView
  let steps: Int
  private let random: GibbsRandom
  private let visibles: ChainLayer
  private let hiddens: ChainLayer
  private let visibleWindows: [LayerWindow]
  private let hiddenWindows: [LayerWindow]
  private let byBytes: ByteDraws?
  let blocks: Blocks

  /// Where E[h | v⁰] goes, E[v | h] of the last draw, and E[h | vᵏ], if anyone wants them.
  var firstHiddenMeans: MutableMatrixView?
  var lastVisibleMeans: MutableMatrixView?
  var lastHiddenMeans: MutableMatrixView?
  /// Visibles that are put back after each draw.
  var clamped: ClampedVisibles?
  /// The chain of `clamped` that the first row is.
  var firstChain = 0
  /// Where E[h | v⁰] − E[h | vᵏ] goes.
  var hiddenDifference: MutableMatrixView?
  /// Where the sums of every block's v⁰ and E[h | v⁰], vᵏ and E[h | vᵏ] go.
  var firstSums: BlockSums?
  var lastSums: BlockSums?

  init(
    of model: RBM, from start: MatrixView, steps: Int, random: GibbsRandom, scratch: inout GibbsScratch,
    tiling: Tiling
  ) {
    self.start = start
    self.steps = steps
    self.random = random
    (visibles, hiddens) = scratch.layers(rows: start.rows)
    blocks = tiling.blocks
    visibleWindows = tiling.windows(of: model.visible, by: model.visibleCoupling)
    hiddenWindows = tiling.windows(of: model.hidden, by: model.hiddenCoupling)
    byBytes = (model.products == .adaptive ? model.copies.bytes : nil).map {
      ByteDraws(units: model.visible, weights: model.weights.view, bytes: $0)
    }
  }

  /// vᵏ, once all half-steps are done.
  var lastVisibles: MatrixView { steps == 0 ? start : visibles.states(steps - 1).view }

  /// The inputs of the hiddens: room for E[h | vᵏ] where nobody needs them any more.
  var hiddenInputs: MutableMatrixView { hiddens.inputs }

  /// The means over vᵏ and E[h | vᵏ], once all half-steps are done.
  var lastMoments: Moments {
    .rows(visibles: lastVisibles, hiddens: (lastHiddenMeans ?? hiddenInputs).view, sums: lastSums)
  }

  var halfSteps: Int { lastHiddenMeans == nil ? 2 * steps : 2 * steps + 1 }

  /// The tiles of a half-step.
  func tiles(_ halfStep: Int) -> Int { blocks.count * windows(halfStep).count }

  private func windows(_ halfStep: Int) -> [LayerWindow] {
    halfStep.isMultiple(of: 2) ? hiddenWindows : visibleWindows
  }

  /// Whether every block may run to its end by itself.
  var isCutByRowsOnly: Bool { visibleWindows.count == 1 && hiddenWindows.count == 1 }

  /// All half-steps of a block, on the calling thread.
  func run(block: Int) {
    for halfStep in 0..<halfSteps { run(halfStep, tile: block) }
  }

  /// One tile of a half-step, on the calling thread.
  func run(_ halfStep: Int, tile: Int) {
    let block = tile % blocks.count, window = windows(halfStep)[tile / blocks.count]
    if halfStep.isMultiple(of: 2) {
      inferHiddens(halfStep / 2, block, window)
    } else {
      drawVisibles(halfStep / 2, block, window)
    }
  }

  private func inferHiddens(_ draw: Int, _ block: Int, _ window: LayerWindow) {
    let layer = hiddens[blocks[block]]
    layer.follow(
      visibles(after: draw, block), before: visibles(after: draw - 1, block), time: draw, window.coupling,
      units: window.range)
    let inputs = layer.inputs.columns(window.range).view
    let means = (draw == steps ? lastHiddenMeans : draw == 0 ? firstHiddenMeans : nil)?
      .rows(blocks[block]).columns(window.range)
    if draw < steps {
      window.units.sample(
        inputs: inputs, inverseTemperature: 1,
        random: random[blocks[block]].hidden(draw, firstUnit: window.range.lowerBound), means: means,
        into: layer.states(draw).columns(window.range))
    } else if let means {
      window.units.means(inputs: inputs, inverseTemperature: 1, into: means)
    }
    if let means, let sums = draw == steps ? lastSums : firstSums {
      sums.hiddens(block, window.range, are: means.view)
      sums.hiddenSquares(block, window.range, of: window.units, inputs: inputs, means: means.view)
    }
    if draw == steps { writeDifference(blocks[block], window.range) }
  }

  private func writeDifference(_ rows: Range<Int>, _ units: Range<Int>) {
    guard let hiddenDifference, let firstHiddenMeans, let lastHiddenMeans else { return }
    hiddenDifference.rows(rows).columns(units).subtract(
      lastHiddenMeans.view.rows(rows).columns(units), from: firstHiddenMeans.view.rows(rows).columns(units))
  }

  private func visibles(after draws: Int, _ block: Int) -> MatrixView {
    (draws == 0 ? start : visibles.states(draws - 1).view).rows(blocks[block])
  }

  private func drawVisibles(_ draw: Int, _ block: Int, _ window: LayerWindow) {
    let isLast = draw + 1 == steps, range = blocks[block]
    let states = visibles[range].states(draw).columns(window.range)
    if let byBytes, lastVisibleMeans == nil {
      byBytes.draw(
        window.range, given: hiddens[range].states(draw).view,
        random: random[range].visible(draw, firstUnit: 0), into: states)
    } else {
      drawVisibles(draw, block, window, into: states)
    }
    clamped?.put(
      into: states, chains: (firstChain + range.lowerBound)..<(firstChain + range.upperBound),
      window: window.range)
    if isLast { lastSums?.visibles(block, window.range, are: states.view) }
  }

  private func drawVisibles(_ draw: Int, _ block: Int, _ window: LayerWindow, into states: MutableMatrixView)
  {
    let layer = visibles[blocks[block]], given = hiddens[blocks[block]]
    layer.follow(
      given.states(draw).view, before: given.states(draw - 1).view, time: draw, window.coupling,
      units: window.range)
    window.units.sample(
      inputs: layer.inputs.columns(window.range).view, inverseTemperature: 1,
      random: random[blocks[block]].visible(draw, firstUnit: window.range.lowerBound),
      means: draw + 1 == steps ? lastVisibleMeans?.rows(blocks[block]).columns(window.range) : nil,
      into: states)
  }
}

/// The visibles and what it takes to draw them by bytes.
private struct ByteDraws: Sendable {
  let units: any Units
  let weights: MatrixView
  let bytes: ByteWeights

  func draw(_ range: Range<Int>, given: MatrixView, random: RandomRows, into states: MutableMatrixView) {
    units.sample(range, given: given, weights: weights, bytes: bytes, random: random, into: states)
  }
}

/// Some units of a layer, and the weights that lead to them.
struct LayerWindow: Sendable {
  let range: Range<Int>
  let units: any Units
  let coupling: Coupling
}

extension Tiling {
  /// The windows that a layer is cut into.
  fileprivate func windows(
    of layer: any Units, by coupling: (_ pieces: [Range<Int>]) -> Coupling
  ) -> [LayerWindow] {
    let pieces = pieces(of: layer), whole = coupling(pieces), ranges = windows(of: pieces)
    guard ranges.count > 1 else {
      return [LayerWindow(range: 0..<layer.count, units: layer, coupling: whole)]
    }
    return ranges.map { LayerWindow(range: $0, units: layer.window($0), coupling: whole.window($0)) }
  }
}
