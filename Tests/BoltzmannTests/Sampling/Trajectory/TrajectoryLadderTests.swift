import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Testing

@Suite("Building a ladder of checkpoints")
struct TrajectoryLadderTests {
  static let model = ReferenceRBM.normal(
    visible: 8, hidden: 5, weightDeviation: 2, biasDeviation: 0.5, seed: 680)

  static func settings(seed: UInt64 = 681) -> TrajectoryBuilding {
    var settings = TrajectoryBuilding()
    settings.chains = 60
    settings.rounds = 30
    settings.seed = seed
    settings.parallel = Parallel(threads: 2)
    return settings
  }

  /// The machines of a training that learned one strength of the weights after another.
  static func checkpoints(_ strengths: [Double]) -> [RBM] {
    strengths.map { RBM(model.weighted(by: $0)) }
  }

  @Test("there are only as many rungs as acceptance asks for, and they are checkpoints where these will do")
  func rungs() throws {
    let checkpoints = Self.checkpoints((1...20).map { Double($0) / 20 })
    let (ladder, state) = try TrajectoryLadder.built(from: checkpoints, Self.settings())
    #expect(
      ladder.last.weights == checkpoints[19].weights && ladder.last.hidden.bias == checkpoints[19].hidden.bias
    )
    #expect(ladder.count >= 3 && ladder.count < 12)
    let known = Set(checkpoints.map { $0.weights.values } + [ladder.rungs[0].weights.values])
    #expect(ladder.rungs.allSatisfy { known.contains($0.weights.values) })
    // Foretold from 60 samples, 0.3 comes out at half of it or more.
    let tempering = TrajectoryTempering(ladder: ladder, seed: 682, parallel: Parallel(threads: 2))
    var chains = state
    let acceptances = tempering.run(&chains, rounds: 60).acceptances
    #expect(acceptances.allSatisfy { $0 > 0.15 }, "\(acceptances)")
  }

  @Test("where checkpoints are far apart, machines between them are made")
  func interpolation() throws {
    let strong = RBM(Self.model.weighted(by: 2))
    let (ladder, _) = try TrajectoryLadder.built(from: [strong], Self.settings())
    #expect(ladder.count > 3 && ladder.last.weights == strong.weights)
    let norms = ladder.rungs.map { $0.weights.view.squaredNorm }
    #expect(zip(norms, norms.dropFirst()).allSatisfy { $0 < $1 })
  }

  @Test("what makes no ladder is told")
  func errors() throws {
    func message(_ checkpoints: [RBM], _ change: (inout TrajectoryBuilding) -> Void = { _ in }) -> String? {
      var settings = Self.settings()
      change(&settings)
      let error = #expect(throws: SettingsError.self) {
        try TrajectoryLadder.built(from: checkpoints, settings)
      }
      return error?.description
    }
    #expect(message([]) == "no checkpoint makes no ladder")
    #expect(
      message(Self.checkpoints([3])) { $0.limit = 2 }
        == "2 rungs do not reach the model with neighbours accepting 0.3 of their swaps")
    #expect(
      message(Self.checkpoints([1])) { $0.acceptance = 1 }
        == "the acceptance of neighbours must lie between 0 and 1")
    #expect(
      message([MachinePair.normal(visible: 8, hidden: 4, seed: 1).engine] + Self.checkpoints([1]))
        == "rung 1 of the ladder has other units than the first one")
  }

  /// The error is that of the columns' sums, so that z has nearly a normal law: 59 degrees of freedom.
  @Test("log Z comes along, with its error", arguments: 1...3)
  func partition(_ seed: UInt64) throws {
    let (ladder, start) = try TrajectoryLadder.built(
      from: Self.checkpoints([0.5, 1]), Self.settings(seed: seed))
    let estimates = LadderPartition.estimates(ladder, from: start, rounds: 40, seed: seed)
    for (estimate, rung) in zip(estimates, ladder.rungs) {
      let exact = ReferenceRBM(rung).logPartition()
      #expect(abs(estimate.estimate - exact) <= 5 * estimate.standardError + 1e-5)
    }
    #expect(estimates[0].standardError == 0)
    #expect(estimates.dropFirst().allSatisfy { $0.standardError > 0 && $0.standardError < 0.1 })
  }

  /// Σz² of 60 runs: mean 60, standard deviation 11; five of these either way.
  @Test("its error is as large as it says", .enabled(if: Build.isOptimized))
  func calibration() throws {
    let zScores = try (UInt64(100)..<160).map { seed in
      let (ladder, start) = try TrajectoryLadder.built(
        from: Self.checkpoints([0.5, 1]), Self.settings(seed: seed))
      let estimate = try #require(
        LadderPartition.estimates(ladder, from: start, rounds: 100, seed: seed).last)
      return (estimate.estimate - Self.model.logPartition()) / estimate.standardError
    }
    let squares = zScores.reduce(0) { $0 + $1 * $1 }
    #expect(squares > 20 && squares < 115)
    #expect(abs(zScores.reduce(0, +)) < 5 * 60.0.squareRoot())
  }
}

extension LadderPartition {
  /// log Z of all rungs from some rounds more.
  fileprivate static func estimates(
    _ ladder: TrajectoryLadder, from start: TrajectoryTempering.State, rounds: Int, seed: UInt64
  ) -> [PartitionEstimate] {
    let tempering = TrajectoryTempering(ladder: ladder, seed: seed, parallel: Parallel(threads: 2))
    var partition = LadderPartition(
      logBase: ladder.logBase, rungs: ladder.count, chains: start.travels.chains)
    var state = start
    tempering.run(&state, rounds: rounds) { partition.add($0) }
    return partition.estimates()
  }
}
