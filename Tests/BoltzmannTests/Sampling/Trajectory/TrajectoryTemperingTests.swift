import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Testing

@Suite("Trajectory tempering")
struct TrajectoryTemperingTests {
  /// Rows of a rung: a block of 50 and a short one.
  static let chains = 60

  static func tempering(threads: Int = 2) throws -> TrajectoryTempering {
    TrajectoryTempering(
      ladder: try TrajectoryMachines.ladder(), seed: 650, parallel: Parallel(threads: threads))
  }

  /// Works are differences of two free energies, of inputs that follow up to 17 changes.
  @Test("a round sees by how much the free energies of neighbours differ")
  func works() throws {
    let tempering = try Self.tempering()
    var state = tempering.initialState(chains: Self.chains)
    let machines = TrajectoryMachines.pairs.map(\.reference)
    let bound = 2 * (machines.map { FloatBounds($0, updates: 16).freeEnergy }.max() ?? 0)
    var rounds = 0
    tempering.run(&state, rounds: 20, steps: 2) { round in
      rounds += 1
      for pair in 0..<2 {
        func expected(_ rung: Int) -> [Double] {
          round.visibles.rows(round.rows(of: rung)).doubles.map {
            machines[pair + 1].freeEnergy(visible: $0) - machines[pair].freeEnergy(visible: $0)
          }
        }
        #expect(largestDifference(Array(round.lowerWorks(pair: pair)), expected(pair)) <= bound)
        #expect(largestDifference(Array(round.upperWorks(pair: pair)), expected(pair + 1)) <= bound)
      }
    }
    #expect(rounds == 20 && state.round == 20)
  }

  @Test("the same bits on one and two threads, and whether anyone looks or not")
  func threads() throws {
    func ends(threads: Int, observe: ((TemperingRound) -> Void)? = nil) throws -> Matrix {
      let tempering = try Self.tempering(threads: threads)
      var state = tempering.initialState(chains: Self.chains)
      tempering.run(&state, rounds: 30, observe: observe)
      return state.visibles
    }
    let one = try ends(threads: 1)
    #expect(one == (try ends(threads: 2)))
    #expect(one == (try ends(threads: 2) { _ in }))
  }

  @Test("acceptances and round trips are told")
  func info() throws {
    let tempering = try Self.tempering()
    var state = tempering.initialState(chains: Self.chains)
    let info = tempering.run(&state, rounds: 60)
    #expect(info.acceptances.count == 2 && info.acceptances.allSatisfy { $0 > 0.3 && $0 <= 1 })
    // A trip takes at least 6 rounds, even and odd ones in turn, the first one of those at the top less.
    #expect(info.roundTrips > Self.chains && info.roundTrips <= (60 / 6 + 1) * 3 * Self.chains)
    #expect(state.travels.replicas.sorted() == Array(0..<(3 * Self.chains)))
  }

  @Test("clamped visibles stay at all rungs")
  func clamping() throws {
    var tempering = try Self.tempering()
    let values = Matrix(randomStates(Self.chains, width: 5, seed: 651))
    tempering.clamped = try ClampedVisibles(
      columns: [1, 4], values: values, of: TrajectoryMachines.base.engine)
    var state = tempering.initialState(chains: Self.chains)
    tempering.run(&state, rounds: 9)
    for rung in 0..<3 {
      let rows = tempering.visibles(of: state, rung: rung)
      for column in [1, 4] {
        #expect((0..<Self.chains).allSatisfy { rows[$0, column] == values[$0, column] })
      }
    }
  }

  @Test("a ladder begins with independent units, and has the same ones throughout")
  func ladders() throws {
    let machines = TrajectoryMachines.pairs.map(\.engine)
    func message(_ rungs: [RBM]) -> String? {
      let error = #expect(throws: SettingsError.self) { try TrajectoryLadder(rungs) }
      return error?.description
    }
    #expect(message([]) == "a ladder has at least one rung")
    #expect(
      message(Array(machines.dropFirst()))
        == "the first rung of a ladder has no weights, so that it can be drawn from")
    let other = MachinePair.normal(visible: 5, hidden: 3, seed: 652).engine
    #expect(message([machines[0], other]) == "rung 1 of the ladder has other units than the first one")
    #expect(try TrajectoryLadder(machines).count == 3)
  }

  /// Σ softplus, and the same by enumeration: sums of 9 numbers.
  @Test("log Z of the first rung is known")
  func base() throws {
    let base = try TrajectoryMachines.ladder().logBase
    #expect(abs(base - TrajectoryMachines.base.reference.logPartition()) < 1e-5)
  }
}
