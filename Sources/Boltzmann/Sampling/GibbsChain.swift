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
  /// k block Gibbs steps from v⁰ on the calling thread: h⁰ ~ P(h | v⁰), v¹ ~ P(v | h⁰), …, vᵏ.
  ///
  /// Leaves vᵏ and E[h | vᵏ] in `rows`, whose visibles may hold v⁰ itself; E[h | v⁰] goes to `firstMeans`
  /// where given. Every half-step is one product and one pass of draws (Hinton 2002).
  func gibbs(
    from start: MatrixView, steps: Int, random: GibbsRandom, firstMeans: MutableMatrixView? = nil,
    into rows: PhaseRows
  ) {
    let (visibles, hiddens) = (rows.visibles, rows.hiddens)
    sampleHiddens(given: start, random: random.hidden(0), means: firstMeans, into: hiddens)
    for step in 0..<steps {
      sampleVisibles(given: hiddens.view, random: random.visible(step), into: visibles)
      if step + 1 < steps {
        sampleHiddens(given: visibles.view, random: random.hidden(step + 1), into: hiddens)
      }
    }
    hiddenMeans(given: visibles.view, into: hiddens)
  }
}
