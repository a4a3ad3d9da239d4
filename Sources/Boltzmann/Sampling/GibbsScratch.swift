internal import BoltzmannCompute

/// The random numbers of block Gibbs steps on some rows.
///
/// Hidden draw t and visible draw t of a chain use step `firstStep + t` of their streams.
struct GibbsRandom: Sendable {
  let seed: UInt64
  let firstStep: UInt64
  let rows: ArraySlice<UInt64>

  subscript(range: Range<Int>) -> GibbsRandom {
    let start = rows.startIndex
    return GibbsRandom(
      seed: seed, firstStep: firstStep, rows: rows[(start + range.lowerBound)..<(start + range.upperBound)])
  }

  func hidden(_ draw: Int, firstUnit: Int) -> RandomRows { numbers(.hidden, draw, firstUnit) }
  func visible(_ draw: Int, firstUnit: Int) -> RandomRows { numbers(.visible, draw, firstUnit) }

  private func numbers(_ purpose: RandomPurpose, _ draw: Int, _ firstUnit: Int) -> RandomRows {
    RandomRows(
      RandomStream(seed: seed, purpose: purpose, step: firstStep + UInt64(draw)), rows: rows,
      firstUnit: firstUnit)
  }
}

/// The memory of some chains: both layers, reused from call to call.
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

  mutating func layers(rows: Int) -> (visibles: ChainLayer, hiddens: ChainLayer) {
    (GibbsScratch.layer(&visibles)[0..<rows], GibbsScratch.layer(&hiddens)[0..<rows])
  }

  private static func layer(_ scratch: inout [ScratchMatrix]) -> ChainLayer {
    ChainLayer(
      inputs: scratch[0].mutableView(), even: scratch[1].mutableView(), odd: scratch[2].mutableView())
  }
}
