import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Foundation
import Testing

@Suite("Annealing of a general machine")
struct BoltzmannMachineAnnealingTests {
  /// 5 visibles and 3 hiddens of either kind, all coupled.
  static func machine(_ kind: TwoStateKind, seed: UInt64) throws -> BoltzmannMachine {
    let random = ReferenceRandom(seed: seed)
    func symmetric(_ count: Int, row: Int) -> Matrix {
      Matrix(rows: count, columns: count) { i, j in
        i == j ? 0 : Float(0.6 * random.normal(unit: min(i, j) * 8 + max(i, j), row: row))
      }
    }
    return try BoltzmannMachine(
      visibleBias: (0..<5).map { Float(random.normal(unit: $0, row: 0)) },
      hiddenBias: (0..<3).map { Float(random.normal(unit: $0, row: 1)) },
      weights: Matrix(rows: 5, columns: 3) { Float(random.normal(unit: 3 * $0 + $1, row: 2)) },
      visibleCouplings: symmetric(5, row: 3), hiddenCouplings: symmetric(3, row: 4), visibleKind: kind,
      hiddenKind: kind)
  }

  @Test("log Z within five standard errors", arguments: TwoStateKind.allCases)
  func logPartition(_ kind: TwoStateKind) throws {
    let machine = try Self.machine(kind, seed: 620)
    let estimate = BoltzmannMachineAnnealing(machine: machine, schedule: .linear(200), seed: 621)
      .estimate(chains: 300)
    let exact = try machine.exactLogPartition()
    #expect(abs(estimate.estimate - exact) <= 5 * estimate.standardError)
    #expect(estimate.standardError < 0.1 && estimate.kind == .interval3)
  }

  @Test("the mean weight is Z/Z₀, even of three steps", .enabled(if: Build.isOptimized))
  func unbiasedness() throws {
    let machine = try Self.machine(.bernoulli, seed: 622)
    let annealing = BoltzmannMachineAnnealing(machine: machine, schedule: .linear(3), seed: 623)
    let exact = try machine.exactLogPartition() - annealing.logBase
    let weights = annealing.logWeights(chains: 100_000).map { exp($0 - exact) }
    #expect(SampleMean(weights).isWithin(5, standardErrorsOf: 1))
  }

  @Test("the same bits on any number of threads")
  func threads() throws {
    let machine = try Self.machine(.spin, seed: 624)
    let weights = [1, 2].map {
      BoltzmannMachineAnnealing(
        machine: machine, schedule: .linear(5), seed: 625, parallel: Parallel(threads: $0)
      ).logWeights(chains: 150)
    }
    #expect(weights[0] == weights[1])
  }

  @Test("uncoupled units need no annealing")
  func independent() throws {
    let machine = try BoltzmannMachine(visibleBias: [1, -0.5, 0])
    let estimate = BoltzmannMachineAnnealing(machine: machine, schedule: .linear(2), seed: 626)
      .estimate(chains: 10)
    // Mean-field's fixed point is exact to its tolerance of 10⁻⁵; weights can differ by no more.
    #expect(abs(estimate.estimate - (try machine.exactLogPartition())) <= 1e-4)
  }

  @Test("the mean weight of reverse runs is Z₀/Z, even of three steps", .enabled(if: Build.isOptimized))
  func reverseUnbiasedness() throws {
    let machine = try Self.machine(.spin, seed: 627), reference = ReferenceBoltzmannMachine(machine)
    let annealing = BoltzmannMachineAnnealing(machine: machine, schedule: .linear(3), seed: 628)
    let law = reference.jointProbabilities(), states = reference.jointStates.map { $0.map(Float.init) }
    let random = ReferenceRandom(seed: 629)
    var starts = Matrix(rows: 100_000, columns: 8)
    starts.withMutableView { view in
      for row in 0..<view.rows { view.setRow(row, states[random.category(law, row: row)]) }
    }
    let exact = try machine.exactLogPartition() - annealing.logBase
    let reverse = annealing.reverseLogWeights(from: starts)
    #expect(SampleMean(reverse.map { exp(exact - $0) }).isWithin(5, standardErrorsOf: 1))
    // Bennett's ratio takes forward and reverse runs as each other's reversals (Crooks).
    let forward = annealing.logWeights(chains: 100_000)
    let ratio = BennettRatio(lower: forward.map { -$0 }, upper: reverse.map { -$0 })
    #expect(abs(ratio.logRatio - exact) <= 5 * ratio.standardError)
  }
}
