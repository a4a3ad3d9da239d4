import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Testing

@Suite("Tempering of a general machine")
struct BoltzmannMachineTemperingTests {
  static func machine(_ kind: TwoStateKind, seed: UInt64) throws -> BoltzmannMachine {
    let kind = ReferenceBoltzmannMachine.Kind(kind)
    return try BoltzmannMachine(
      .normal(visible: 4, hidden: 2, visibleKind: kind, hiddenKind: kind, seed: seed))
  }

  @Test("the ladder leads from uncoupled units to the machine", arguments: TwoStateKind.allCases)
  func ends(_ kind: TwoStateKind) throws {
    let machine = try Self.machine(kind, seed: 640)
    let tempering = BoltzmannMachineTempering(machine: machine, ladder: .linear(4), seed: 641)
    #expect(tempering.machine(rung: 3).bias == machine.bias)
    #expect(tempering.machine(rung: 3).couplings == machine.couplings)
    let first = tempering.machine(rung: 0)
    #expect(first.couplings.values.allSatisfy { $0 == 0 })
    // Sums of 6 logarithms, of biases in Float.
    #expect(abs(try first.exactLogPartition() - tempering.logBase) <= 1e-5)
  }

  @Test("works are the change of the energy between neighbours, and swaps follow them")
  func works() throws {
    let machine = try Self.machine(.spin, seed: 642)
    let tempering = BoltzmannMachineTempering(machine: machine, ladder: .linear(3), seed: 643)
    let rungs = (0..<3).map { ReferenceBoltzmannMachine(tempering.machine(rung: $0)) }
    var state = tempering.initialState(chains: 8)
    tempering.run(&state, rounds: 5) { round in
      for pair in 0..<2 {
        for (rung, works) in [(pair, round.lowerWorks(pair: pair)), (pair + 1, round.upperWorks(pair: pair))]
        {
          for (row, work) in zip(round.rows(of: rung), works) {
            let x = (0..<6).map { Double(round.visibles[row, $0]) }
            let change = rungs[pair + 1].energy(of: x) - rungs[pair].energy(of: x)
            #expect(abs(work - change) <= 4 * rungs[2].roundoff)
          }
        }
      }
    }
    #expect(state.round == 5)
  }

  @Test("the same bits on any number of threads, and in two runs")
  func threads() throws {
    let machine = try Self.machine(.bernoulli, seed: 644)
    let states = [1, 2].map { threads in
      let tempering = BoltzmannMachineTempering(
        machine: machine, ladder: .linear(5), seed: 645, parallel: Parallel(threads: threads))
      var state = tempering.initialState(chains: 7)
      for rounds in threads == 1 ? [6] : [2, 4] { tempering.run(&state, rounds: rounds) }
      return state.visibles
    }
    #expect(states[0] == states[1])
  }

  /// Chains that start at exact samples of every rung: 10⁶ in all, as in `TemperingStationarityTests`.
  @Test(
    "every rung keeps its law; that of another rung is told from it", .enabled(if: Build.isOptimized),
    arguments: TwoStateKind.allCases)
  func stationarity(_ kind: TwoStateKind) throws {
    let machine = try Self.machine(kind, seed: 646), chains = 250_000
    let tempering = BoltzmannMachineTempering(
      machine: machine, ladder: TemperingLadder([0, 0.4, 0.7, 1]), seed: 647)
    let rungs = (0..<4).map { ReferenceBoltzmannMachine(tempering.machine(rung: $0)) }
    var state = TemperingState(visibles: exactStates(rungs, chains), rungs: 4)
    for rounds in [1, 3, 12] {
      let info = tempering.run(&state, rounds: rounds)
      #expect(info.acceptances.allSatisfy { $0.isNaN || $0 > 0.1 })
      for (rung, law) in rungs.enumerated() {
        let counts = counts(state.visibles(rung: rung), low: kind.low)
        #expect(Statistics.fits(counts: counts, probabilities: law.jointProbabilities()))
        let other = rungs[rung == 0 ? 1 : rung - 1].jointProbabilities()
        #expect(!Statistics.fits(counts: counts, probabilities: other))
      }
    }
  }

  /// `[rungs · chains, units]`
  private func exactStates(_ rungs: [ReferenceBoltzmannMachine], _ chains: Int) -> Matrix {
    let random = ReferenceRandom(seed: 648)
    var matrix = Matrix(rows: rungs.count * chains, columns: 6)
    matrix.withMutableView { view in
      for (rung, machine) in rungs.enumerated() {
        let law = machine.jointProbabilities(), states = machine.jointStates.map { $0.map(Float.init) }
        for row in (rung * chains)..<((rung + 1) * chains) {
          view.setRow(row, states[random.category(law, row: row)])
        }
      }
    }
    return matrix
  }

  /// How often each joint state occurs, the first unit its highest digit or its lowest: in the reference's order.
  private func counts(_ states: Matrix, low: Float) -> [Int] {
    let order = ReferenceBoltzmannMachine.normal(visible: 4, hidden: 2, seed: 0).jointStates
    let place = Dictionary(
      uniqueKeysWithValues: order.enumerated().map { number, state in
        (state.enumerated().reduce(0) { $0 | ($1.element > 0 ? 1 << $1.offset : 0) }, number)
      })
    return (0..<states.rows).reduce(into: [Int](repeating: 0, count: 64)) { counts, row in
      let code = (0..<6).reduce(0) { $0 | (states[row, $1] > low ? 1 << $1 : 0) }
      counts[place[code] ?? 0] += 1
    }
  }

  @Test("all ways to log Z agree with enumeration", arguments: TwoStateKind.allCases)
  func partition(_ kind: TwoStateKind) throws {
    let machine = try Self.machine(kind, seed: 649), exact = try machine.exactLogPartition()
    let problem = PartitionProblem(machine, seed: 650, parallel: Parallel(threads: 2))
    problem.schedule = .linear(200)
    problem.adaptation.mostRounds = 64
    problem.mostRounds = 2048
    for method in PartitionEstimators.all {
      let estimate = try method.estimate(problem)
      #expect(abs(estimate.estimate - exact) <= 5 * estimate.standardError + 1e-4, "\(method.name)")
    }
    let sandwich = try AnnealingSandwich.estimate(problem)
    #expect(sandwich.kind == .sandwich && sandwich.reverseStart?.kind == .tempering)
    #expect(sandwich.lower <= exact && exact <= sandwich.upper)
  }
}
