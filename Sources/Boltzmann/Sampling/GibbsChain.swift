internal import BoltzmannCompute

/// The random numbers of block Gibbs steps on some rows.
///
/// Hidden draw t and visible draw t of a chain use step `firstStep + t` of their streams.
public struct GibbsRandom: Sendable {
  let seed: UInt64
  let firstStep: UInt64
  let rows: ArraySlice<UInt64>

  public init(seed: UInt64, firstStep: UInt64, rows: ArraySlice<UInt64>) {
    self.seed = seed
    self.firstStep = firstStep
    self.rows = rows
  }

  func hidden(_ draw: Int) -> RandomRows { numbers(.hidden, draw) }
  func visible(_ draw: Int) -> RandomRows { numbers(.visible, draw) }

  private func numbers(_ purpose: RandomPurpose, _ draw: Int) -> RandomRows {
    RandomRows(RandomStream(seed: seed, purpose: purpose, step: firstStep + UInt64(draw)), rows: rows)
  }
}

extension RBM {
  /// k block Gibbs steps from v⁰ on the calling thread: h⁰ ~ P(h | v⁰), v¹ ~ P(v | h⁰), …, vᵏ (Hinton 2002).
  ///
  /// Leaves vᵏ and E[h | vᵏ] in `rows`, whose visibles may hold v⁰ itself; E[h | v⁰] goes to `firstMeans`
  /// where given.
  func gibbs(
    from start: MatrixView, steps: Int, random: GibbsRandom, firstMeans: MutableMatrixView? = nil,
    scratch: GibbsRows, into rows: PhaseRows
  ) {
    var visibles = scratch.visibles, hiddens = scratch.hiddens
    hiddens.follow(start, hiddenCoupling)
    hiddens.sample(hidden, random: random.hidden(0), means: firstMeans)
    for step in 0..<steps {
      visibles.follow(hiddens.states, visibleCoupling)
      visibles.sample(visible, random: random.visible(step))
      hiddens.follow(visibles.states, hiddenCoupling)
      if step + 1 < steps { hiddens.sample(hidden, random: random.hidden(step + 1)) }
    }
    rows.visibles.copy(visibles.states)
    hidden.means(inputs: hiddens.inputs.view, inverseTemperature: 1, into: rows.hiddens)
  }
}

/// Scratch of Gibbs steps: inputs and two generations of states of both layers, reused from call to call.
struct GibbsScratch: Sendable {
  private var visibles: [ScratchMatrix]
  private var hiddens: [ScratchMatrix]

  init(capacity: Int, model: RBM) {
    func scratch(_ units: Int) -> [ScratchMatrix] {
      (0..<3).map { _ in ScratchMatrix(rows: capacity, columns: units) }
    }
    visibles = scratch(model.visibleCount)
    hiddens = scratch(model.hiddenCount)
  }

  /// All rows, to be cut into blocks.
  mutating func rows() -> GibbsRows {
    GibbsRows(visibles: GibbsScratch.views(&visibles), hiddens: GibbsScratch.views(&hiddens))
  }

  private static func views(_ scratch: inout [ScratchMatrix]) -> GibbsRows.Views {
    (scratch[0].mutableView(), scratch[1].mutableView(), scratch[2].mutableView())
  }
}

/// Rows of such scratch.
struct GibbsRows: Sendable {
  typealias Views = (inputs: MutableMatrixView, states: MutableMatrixView, spare: MutableMatrixView)
  private let visibleViews: Views
  private let hiddenViews: Views

  init(visibles: Views, hiddens: Views) {
    visibleViews = visibles
    hiddenViews = hiddens
  }

  subscript(range: Range<Int>) -> GibbsRows {
    func cut(_ views: Views) -> Views {
      (views.inputs.rows(range), views.states.rows(range), views.spare.rows(range))
    }
    return GibbsRows(visibles: cut(visibleViews), hiddens: cut(hiddenViews))
  }

  var visibles: LayerBlock { GibbsRows.block(visibleViews) }
  var hiddens: LayerBlock { GibbsRows.block(hiddenViews) }

  private static func block(_ views: Views) -> LayerBlock {
    LayerBlock(inputs: views.inputs, target: views.states, spare: views.spare)
  }
}
