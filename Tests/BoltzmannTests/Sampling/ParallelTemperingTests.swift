import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Foundation
import Testing

/// Two modes, all on and all off, of weights that a bias of b a visible sets apart: with J = ½·coupling
/// one hidden of large weights holds all visibles together.
enum BimodalMachine {
  /// 8 visibles, 4 hiddens; weights w, hidden biases −8w/2 so that both modes are alike, a bias that favours one.
  static func make(weight: Float = 2.5, bias: Float = 0.1) -> RBM {
    RBM(
      visibleBias: [Float](repeating: -2 * weight + bias, count: 8),
      hiddenBias: [Float](repeating: -4 * weight, count: 4),
      weights: Matrix(rows: 8, columns: 4) { _, _ in weight })
  }

  /// The probability that more than half of the visibles are on.
  static func upperProbability(_ model: RBM) -> Double {
    let law = ReferenceRBM(model).visibleProbabilities()
    return zip(binaryStates(8), law).reduce(0) { $0 + ($1.0.reduce(0, +) > 4 ? $1.1 : 0) }
  }

  static func isUpper(_ visibles: Matrix, _ row: Int) -> Bool {
    visibles.view.rows(row..<(row + 1)).values.reduce(0, +) > 4
  }
}

@Suite("Parallel tempering")
struct ParallelTemperingTests {
  static let model = MachinePair.normal(visible: 6, hidden: 5, seed: 540).engine

  static func tempering(threads: Int, rungs: Int = 5, seed: UInt64 = 541) -> ParallelTempering {
    ParallelTempering(
      model: model, ladder: .linear(rungs), reference: [0, 1, 0, -1, 0, 0.5], seed: seed,
      parallel: Parallel(threads: threads))
  }

  @Test("the same bits on any number of threads, and from a copy of the state")
  func bits() {
    let one = Self.tempering(threads: 1), two = Self.tempering(threads: 2)
    var first = one.initialState(chains: 23), second = two.initialState(chains: 23)
    one.run(&first, rounds: 7, steps: 2)
    two.run(&second, rounds: 7, steps: 2)
    #expect(first.visibles == second.visibles && first.travels == second.travels)
    var copy = first
    one.run(&first, rounds: 3)
    two.run(&copy, rounds: 3)
    #expect(first.visibles == copy.visibles && first.round == 10)
  }

  @Test("works are differences of free energies of the rungs' machines")
  func works() {
    let tempering = Self.tempering(threads: 2)
    var state = tempering.initialState(chains: 9)
    let machines = tempering.ladder.inverseTemperatures.map {
      Self.model.tempered(inverseTemperature: $0, reference: [0, 1, 0, -1, 0, 0.5])
    }
    tempering.run(&state, rounds: 4) { round in
      for pair in 0..<4 {
        for (rung, works) in [(pair, round.lowerWorks(pair: pair)), (pair + 1, round.upperWorks(pair: pair))]
        {
          let visibles = round.visibles.rows(round.rows(of: rung))
          let expected = zip(
            machines[pair + 1].freeEnergies(of: visibles), machines[pair].freeEnergies(of: visibles)
          ).map { $0 - $1 }
          // Two free energies of at most 11 terms below 20, rounded in Float a few times each.
          #expect(largestDifference(Array(works), expected) <= 4 * 11 * 20 * FloatBounds.roundoff)
        }
      }
    }
  }

  @Test("replicas stay replicas: each stands at one place, and round trips are counted")
  func replicas() {
    let tempering = Self.tempering(threads: 2, rungs: 3)
    var state = tempering.initialState(chains: 4)
    let info = tempering.run(&state, rounds: 200)
    #expect(state.travels.replicas.sorted() == Array(0..<12))
    #expect(info.roundTrips > 10 && info.roundTrips == state.travels.roundTrips)
    // A trip takes two rounds a rung at least: 4 chains of 3 rungs in 200 rounds.
    #expect(info.roundTrips <= 4 * 3 * 200 / 4)
  }

  @Test("two modes are recovered where plain Gibbs stays in one", .enabled(if: Build.isOptimized))
  func bimodal() throws {
    let model = BimodalMachine.make(), expected = BimodalMachine.upperProbability(model)
    #expect(expected > 0.55 && expected < 0.95)
    let (chains, rounds) = (64, 2_000)
    let gibbs = BlockGibbs(model: model, seed: 542)
    var plain = BlockGibbs.State(visibles: Matrix(rows: chains, columns: 8))
    gibbs.run(&plain, steps: rounds)
    // All started in the mode that is off; one of 64 may have left it.
    #expect((0..<chains).count { BimodalMachine.isUpper(plain.visibles, $0) } <= 3)
    let tempering = ParallelTempering(
      model: model, ladder: .linear(8), reference: [Float](repeating: 0, count: 8), seed: 543)
    var state = ParallelTempering.State(visibles: Matrix(rows: 8 * chains, columns: 8), rungs: 8)
    tempering.run(&state, rounds: 200)
    var shares = [Double](repeating: 0, count: chains)
    let info = tempering.run(&state, rounds: rounds) { round in
      for (chain, row) in round.rows(of: 7).enumerated() {
        let isUpper = round.visibles.rows(row..<(row + 1)).values.reduce(0, +) > 4
        shares[chain] += (isUpper ? 1 : 0) / Double(rounds)
      }
    }
    // The 64 ladders are independent: their means have an honest standard error.
    #expect(SampleMean(shares).isWithin(3, standardErrorsOf: expected))
    #expect(info.roundTrips > 10 * chains)
  }

  @Test("clamped visibles stay, the others follow P(v_free | v_clamped)", .enabled(if: Build.isOptimized))
  func clamped() throws {
    let chains = 20_000, columns = [0, 2, 3]
    let values = Matrix(rows: chains, columns: 6) { _, column in column == 2 ? 1 : 0 }
    var tempering = Self.tempering(threads: 2, rungs: 3, seed: 544)
    tempering.clamped = try ClampedVisibles(columns: columns, values: values, of: Self.model)
    var state = tempering.initialState(chains: chains)
    tempering.run(&state, rounds: 100)
    var gibbs = BlockGibbs(model: Self.model, seed: 545)
    gibbs.clamped = tempering.clamped
    var plain = gibbs.initialState(chains: chains)
    gibbs.run(&plain, steps: 200)
    let law = clampedLaw()
    for visibles in [tempering.visibles(of: state), plain.visibles] {
      #expect(
        (0..<chains).allSatisfy { visibles[$0, 0] == 0 && visibles[$0, 2] == 1 && visibles[$0, 3] == 0 })
      let counts = (0..<chains).reduce(into: [Int](repeating: 0, count: 8)) { counts, row in
        counts[Int(visibles[row, 1]) + 2 * Int(visibles[row, 4]) + 4 * Int(visibles[row, 5])] += 1
      }
      // A machine of this size forgets its start within tens of steps.
      #expect(Statistics.fits(counts: counts, probabilities: law))
    }
  }

  /// P(v₁, v₄, v₅ | v₀ = 0, v₂ = 1, v₃ = 0).
  private func clampedLaw() -> [Double] {
    let law = ReferenceRBM(Self.model).visibleProbabilities()
    var result = [Double](repeating: 0, count: 8)
    for (v, p) in zip(binaryStates(6), law) where v[0] == 0 && v[2] == 1 && v[3] == 0 {
      result[Int(v[1] + 2 * v[4] + 4 * v[5])] += p
    }
    let sum = result.reduce(0, +)
    return result.map { $0 / sum }
  }

  @Test("columns that are not there, twice there, or half a site cannot be clamped")
  func badClamps() throws {
    let values = Matrix(rows: 1, columns: 6)
    for columns in [[6], [-1], [1, 1]] {
      #expect(throws: SettingsError.self) {
        try ClampedVisibles(columns: columns, values: values, of: Self.model)
      }
    }
    let sites = LayeredPair(MachineShape([.categorical([3, 2])], [.bernoulli(2)]), seed: 546).engine
    #expect(throws: SettingsError.self) {
      try ClampedVisibles(columns: [0, 1], values: Matrix(rows: 1, columns: 5), of: sites)
    }
    _ = try ClampedVisibles(columns: [0, 1, 2], values: Matrix(rows: 1, columns: 5), of: sites)
  }
}

@Suite("The ladder of tempering")
struct TemperingLadderTests {
  @Test("is fitted until every pair accepts often enough")
  func adaptation() throws {
    let model = BimodalMachine.make()
    var adaptation = LadderAdaptation()
    adaptation.mostRounds = 128
    let (tempering, state) = try ParallelTempering.adapted(
      to: model, reference: [Float](repeating: 0, count: 8), by: adaptation, seed: 550)
    var chains = state
    let info = tempering.run(&chains, rounds: 256)
    // 0.4 was seen of each pair in 128 rounds of 10 correlated chains; half of it in the next is far below.
    #expect(info.acceptances.allSatisfy { $0 >= 0.2 })
    #expect(tempering.ladder.count > 3 && tempering.ladder.count < 30)
  }

  @Test("that cannot reach its acceptance is an error in one line", arguments: [Float(1e3), 1e4])
  func hopeless(_ weight: Float) {
    var adaptation = LadderAdaptation()
    adaptation.mostRungs = 12
    adaptation.mostRounds = 32
    #expect(throws: SettingsError.self) {
      try ParallelTempering.adapted(
        to: BimodalMachine.make(weight: weight), reference: [Float](repeating: 0, count: 8), by: adaptation,
        seed: 551)
    }
  }
}
