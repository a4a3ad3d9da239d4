import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Foundation
import Testing

/// Chains that start at exact samples of every rung must stay distributed as its machine, swaps and all.
@Suite("Trajectory tempering leaves the laws alone", .enabled(if: Build.isOptimized), .serialized)
struct TrajectoryStationarityTests {
  /// Chains of each of the three rungs: 10⁶ states.
  static let chains = 333_334
  static let laws = TrajectoryMachines.pairs.map { $0.reference.visibleProbabilities() }
  static let hiddenLaws = TrajectoryMachines.pairs.map { $0.reference.hiddenProbabilities() }

  /// States drawn from the enumerated laws, rung by rung.
  static let start: Matrix = {
    let random = ReferenceRandom(seed: 660)
    let states = binaryStates(5).map { $0.map(Float.init) }
    var matrix = Matrix(rows: 3 * chains, columns: 5)
    matrix.withMutableView { view in
      for row in 0..<view.rows { view.setRow(row, states[random.category(laws[row / chains], row: row)]) }
    }
    return matrix
  }()

  @Test("after 1, 4 and 16 rounds every rung has its law, of visibles and of hiddens")
  func rounds() throws {
    for counts in try run() {
      for rung in 0..<3 {
        #expect(Statistics.fits(counts: counts.visible[rung], probabilities: Self.laws[rung]))
        #expect(Statistics.fits(counts: counts.hidden[rung], probabilities: Self.hiddenLaws[rung]))
      }
    }
  }

  @Test("swaps of the wrong sign do not leave the laws alone")
  func wrongSwaps() throws {
    let counts = try run { state in Self.swapWrongly(&state) }
    #expect(counts.allSatisfy { !Statistics.fits(counts: $0.visible[1], probabilities: Self.laws[1]) })
    #expect(counts.allSatisfy { !Statistics.fits(counts: $0.visible[2], probabilities: Self.laws[2]) })
  }

  @Test("a rung that forgets its hidden biases does not keep its law")
  func withoutHiddenBiases() throws {
    var broken = TrajectoryMachines.pairs.map(\.engine)
    broken[1].hidden.bias = [0, 0, 0, 0]
    let counts = try run(try TrajectoryLadder(broken))
    #expect(counts.allSatisfy { !Statistics.fits(counts: $0.visible[1], probabilities: Self.laws[1]) })
  }

  struct Counts {
    let visible: [[Int]]
    let hidden: [[Int]]
  }

  /// Counts after 1, 4 and 16 rounds, each round followed by `spoil`.
  private func run(
    _ ladder: TrajectoryLadder? = nil, spoil: ((inout TrajectoryTempering.State) -> Void)? = nil
  ) throws -> [Counts] {
    let ladder = try ladder ?? TrajectoryMachines.ladder()
    let tempering = TrajectoryTempering(ladder: ladder, seed: 661)
    var state = TrajectoryTempering.State(visibles: Self.start, rungs: 3)
    return [1, 3, 12].map { rounds in
      if let spoil {
        for _ in 0..<rounds {
          tempering.run(&state, rounds: 1)
          spoil(&state)
        }
      } else {
        tempering.run(&state, rounds: rounds)
      }
      let rows = (0..<3).map { tempering.visibles(of: state, rung: $0) }
      return Counts(
        visible: rows.map { count($0.view) },
        hidden: zip(rows, ladder.rungs).map { count(hiddens($1, $0, step: state.round).view) })
    }
  }

  /// Chains of rungs 1 and 2 change places with probability min(1, e^−D): the ratio upside down.
  private static func swapWrongly(_ state: inout TrajectoryTempering.State) {
    let (low, high) = (TrajectoryMachines.pairs[1].engine, TrajectoryMachines.pairs[2].engine)
    let (x, y) = (
      state.visibles.view.rows(chains..<(2 * chains)), state.visibles.view.rows((2 * chains)..<(3 * chains))
    )
    func works(_ rows: MatrixView) -> [Double] {
      zip(high.freeEnergies(of: rows), low.freeEnergies(of: rows)).map { $0 - $1 }
    }
    let random = RandomStream(seed: 662, purpose: .test, step: state.round)
    let uniforms = random.uniforms(row: 0, count: chains)
    let accepted = zip(uniforms, zip(works(x), works(y))).map { log($0) < $1.0 - $1.1 }
    state.visibles.withMutableView { view in
      for chain in 0..<chains where accepted[chain] { view.swapRows(chains + chain, 2 * chains + chain) }
    }
  }

  private func hiddens(_ machine: RBM, _ visibles: Matrix, step: UInt64) -> MutableMatrixView {
    let hiddens = MutableMatrixView(rows: visibles.rows, columns: 4)
    let rows = ArraySlice((0..<visibles.rows).map(UInt64.init))
    machine.sampleHiddens(
      given: visibles.view,
      random: RandomRows(RandomStream(seed: 663, purpose: .test, step: step), rows: rows), into: hiddens)
    return hiddens
  }

  private func count(_ states: MatrixView) -> [Int] {
    var counts = [Int](repeating: 0, count: 1 << states.columns)
    for row in 0..<states.rows {
      counts[(0..<states.columns).reduce(0) { $0 | Int(states[row, $1]) << $1 }] += 1
    }
    return counts
  }
}

@Suite("A machine of two modes", .enabled(if: Build.isOptimized))
struct TwoModesTests {
  static let model = TrajectoryMachines.bimodal.engine

  @Test("trajectory tempering finds both, with their weights")
  func tempering() throws {
    var settings = TrajectoryBuilding()
    settings.seed = 670
    settings.chains = 200
    let built = try TrajectoryLadder.built(from: [Self.model], settings)
    let tempering = TrajectoryTempering(ladder: built.ladder, seed: 671)
    var state = built.state
    var shares = [Double](repeating: 0, count: 200)
    for _ in 0..<50 {
      tempering.run(&state, rounds: 20)
      let rows = tempering.visibles(of: state).doubles
      for (chain, row) in rows.enumerated() where row.reduce(0, +) > 6 { shares[chain] += 1 / 50 }
    }
    // Columns of the ladder are independent, so that their means have a standard error.
    #expect(SampleMean(shares).isWithin(3, standardErrorsOf: TrajectoryMachines.mostlyOn))
    #expect(SampleMean(shares).standardError < 0.02)
  }

  @Test("plain Gibbs chains that start in one stay there")
  func plainGibbs() {
    let gibbs = BlockGibbs(model: Self.model, seed: 672)
    var state = BlockGibbs.State(visibles: Matrix(rows: 200, columns: 12))
    gibbs.run(&state, steps: 1_000)
    let on = state.visibles.doubles.filter { $0.reduce(0, +) > 6 }.count
    #expect(on == 0 && TrajectoryMachines.mostlyOn > 0.29)
  }
}
