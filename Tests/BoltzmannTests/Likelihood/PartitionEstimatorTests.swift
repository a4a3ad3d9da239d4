import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Testing

@Suite("Ways to log Z")
struct PartitionEstimatorTests {
  static func problem(_ model: RBM) -> PartitionProblem {
    let problem = PartitionProblem(
      model: model, reference: [Float](repeating: 0, count: model.visibleCount), seed: 570,
      parallel: Parallel(threads: 2))
    problem.schedule = .linear(100)
    problem.adaptation.mostRounds = 32
    problem.mostRounds = 512
    return problem
  }

  @Test("all of them agree with enumeration")
  func agreement() throws {
    let model = MachinePair.normal(visible: 7, hidden: 5, seed: 571).engine
    let exact = try model.exactLogPartition(), problem = Self.problem(model)
    for method in PartitionEstimators.all {
      let estimate = try method.estimate(problem)
      #expect(estimate.method == method.name)
      #expect(abs(estimate.estimate - exact) <= 5 * estimate.standardError + 1e-4, "\(method.name)")
    }
    #expect(Set(PartitionEstimators.all.map { $0.name }).count == PartitionEstimators.all.count)
  }

  @Test("what is asked for in error is reached", arguments: ["ais", "sandwich"])
  func requestedError(_ name: String) throws {
    let model = MachinePair.normal(visible: 7, hidden: 5, seed: 574).engine, problem = Self.problem(model)
    problem.error = 0.02
    let estimate = try #require(PartitionEstimators.named(name)).estimate(problem)
    #expect(estimate.standardError <= 0.02)
    #expect(name == "ais" || estimate.upper - estimate.lower <= 0.12)
    #expect(abs(estimate.estimate - (try model.exactLogPartition())) <= 5 * 0.02)
  }

  @Test("the same bits on any number of threads")
  func threads() throws {
    let model = MachinePair.normal(visible: 6, hidden: 4, seed: 572).engine
    let estimates = try [1, 2].map { threads in
      let problem = PartitionProblem(
        model: model, reference: model.visible.bias, seed: 573, parallel: Parallel(threads: threads))
      problem.adaptation.mostRounds = 32
      problem.mostRounds = 64
      return try TemperingPartition.estimate(problem).estimate
    }
    #expect(estimates[0] == estimates[1])
  }

  /// 30 hiddens are too many for exact samples.
  private func wide(weight: Float) -> RBM {
    RBM(
      visibleBias: [Float](repeating: -15 * weight, count: 30),
      hiddenBias: [Float](repeating: -15 * weight, count: 30),
      weights: Matrix(rows: 30, columns: 30) { _, _ in weight })
  }

  @Test("a few rounds of a machine of two modes verify nothing: no bounds")
  func unverified() throws {
    let problem = Self.problem(wide(weight: 0.4))
    problem.chains = 20
    problem.adaptation.firstRounds = 4
    problem.adaptation.mostRounds = 4
    problem.mostRounds = 4
    let estimate = try AnnealingSandwich.estimate(problem)
    #expect(estimate.reverseStart?.kind == .unverified && estimate.kind == .interval3)
  }

  @Test("weights of 10⁴ give finite numbers, or one clear error")
  func hugeWeights() throws {
    let problem = Self.problem(wide(weight: 1e4))
    problem.adaptation.mostRungs = 20
    #expect(try ForwardAnnealing.estimate(problem).estimate.isFinite)
    #expect(throws: SettingsError.self) { try TemperingPartition.estimate(problem) }
  }
}
