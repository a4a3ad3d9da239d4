import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Testing

/// Chains that start at exact samples of every rung stay distributed as their rung, with swaps among them: 10⁶ chains
/// in all, as in `StationarityTests`.
@Suite("Tempering leaves the law of every rung alone", .enabled(if: Build.isOptimized), .serialized)
struct TemperingStationarityTests {
  static let engine = MachinePair.normal(visible: 5, hidden: 5, seed: 530).engine
  static let reference: [Float] = [0.5, -0.25, 0, 0.75, -1]
  static let ladder = TemperingLadder([0, 0.3, 0.7, 1])
  static let chains = 250_000

  /// Each rung as a machine of its own.
  static let rungs = ladder.inverseTemperatures.map {
    ReferenceRBM(engine.tempered(inverseTemperature: $0, reference: reference))
  }

  /// Visibles of every rung drawn from its enumerated law, `[rungs · chains, visible]`.
  static let start: Matrix = {
    let random = ReferenceRandom(seed: 531), states = binaryStates(5).map { $0.map(Float.init) }
    var matrix = Matrix(rows: 4 * chains, columns: 5)
    matrix.withMutableView { view in
      for (rung, machine) in rungs.enumerated() {
        let law = machine.visibleProbabilities()
        for row in (rung * chains)..<((rung + 1) * chains) {
          view.setRow(row, states[random.category(law, row: row)])
        }
      }
    }
    return matrix
  }()

  /// After 1, 4 and 16 rounds of this tempering: of every rung, whether v and h have its law.
  private func fits(_ tempering: ParallelTempering) -> [(visible: Bool, hidden: Bool)] {
    var state = ParallelTempering.State(visibles: Self.start, rungs: 4)
    return [1, 3, 12].flatMap { rounds in
      let info = tempering.run(&state, rounds: rounds)
      #expect(info.acceptances.allSatisfy { $0.isNaN || $0 > 0.1 })
      return (0..<4).map { rung in
        let visibles = tempering.visibles(of: state, rung: rung)
        let machine = Self.rungs[rung]
        return (
          Statistics.fits(counts: count(visibles.view), probabilities: machine.visibleProbabilities()),
          Statistics.fits(
            counts: count(hiddens(machine, visibles).view), probabilities: machine.hiddenProbabilities())
        )
      }
    }
  }

  @Test("with swaps, v and h of each rung keep their law")
  func rightKernel() {
    let tempering = ParallelTempering(
      model: Self.engine, ladder: Self.ladder, reference: Self.reference, seed: 532)
    #expect(fits(tempering).allSatisfy { $0.visible && $0.hidden })
  }

  @Test("a kernel of other temperatures fails on the rungs between")
  func otherTemperatures() {
    let tempering = ParallelTempering(
      model: Self.engine, ladder: TemperingLadder([0, 0.35, 0.75, 1]), reference: Self.reference, seed: 533)
    let fits = fits(tempering)
    for rung in [1, 2, 5, 6, 9, 10] { #expect(!fits[rung].visible || !fits[rung].hidden) }
  }

  @Test("a kernel of another base-rate machine fails")
  func otherBase() {
    let tempering = ParallelTempering(
      model: Self.engine, ladder: Self.ladder, reference: [0, 0, 0, 0, 0], seed: 534)
    let fits = fits(tempering)
    for rung in [0, 4, 8] { #expect(!fits[rung].visible) }
  }

  private func hiddens(_ machine: ReferenceRBM, _ visibles: Matrix) -> MutableMatrixView {
    let hiddens = MutableMatrixView(rows: visibles.rows, columns: 5)
    RBM(machine).sampleHiddens(
      given: visibles.view,
      random: RandomRows(
        RandomStream(seed: 535, purpose: .hidden), rows: ArraySlice((0..<visibles.rows).map(UInt64.init))),
      into: hiddens)
    return hiddens
  }

  private func count(_ states: MatrixView) -> [Int] {
    (0..<states.rows).reduce(into: [Int](repeating: 0, count: 32)) { counts, row in
      counts[(0..<5).reduce(0) { $0 | Int(states[row, $1]) << $1 }] += 1
    }
  }
}
