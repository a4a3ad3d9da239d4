import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Foundation
import Testing

@Suite("The pseudo-likelihood of fully visible machines")
struct BoltzmannMachinePseudoLikelihoodTests {
  private func reference(_ kind: ReferenceBoltzmannMachine.Kind, seed: UInt64) -> ReferenceBoltzmannMachine {
    .normal(visible: 7, hidden: 0, visibleKind: kind, seed: seed)
  }

  private func samples(_ kind: ReferenceBoltzmannMachine.Kind, _ count: Int) -> [[Double]] {
    randomStates(count, width: 7, seed: 460).map { $0.map { $0 == 1 ? 1 : kind.low } }
  }

  @Test("values and gradient are the reference's", arguments: [false, true], [1, 30, 1100])
  func followsTheReference(_ areSpins: Bool, _ count: Int) throws {
    let kind: ReferenceBoltzmannMachine.Kind = areSpins ? .spin : .bernoulli
    let reference = reference(kind, seed: 461), samples = samples(kind, count)
    let pseudo = try BoltzmannMachinePseudoLikelihood(of: BoltzmannMachine(reference))
    let exact = samples.map { reference.pseudoLogLikelihood(of: $0) }
    // v·I − Γ(I): inputs' roundoff twice in each of both, and a softplus of at most 2I good to 9u of itself.
    let tolerance = 4 * reference.roundoff + 18 * FloatBounds.roundoff * 2 * (reference.magnitude + 7)
    #expect(largestDifference(pseudo.values(of: Matrix(samples).view), exact) <= tolerance)
    let mean = exact.reduce(0, +) / Double(count)
    #expect(abs(pseudo.mean(of: FloatSamples(samples)) - mean) <= tolerance)
    let gradient = pseudo.gradient(of: Matrix(samples).view)
    // σ has slope ¼ (spins: 1), and is good to 2u; sums of up to 500 residuals below 2 in Float, twice.
    let rounding = 2 * (reference.roundoff + 1000 * FloatBounds.roundoff)
    let expected = reference.pseudoLikelihoodGradient(samples)
    #expect(ReferencePairMoments(gradient).largestDifference(from: expected) <= rounding)
    #expect(BoltzmannMachine.asymmetry(of: gradient.pairs) == nil)
  }

  @Test("the same bits on any number of threads", arguments: [2, 3])
  func threads(_ threads: Int) throws {
    let pseudo = try BoltzmannMachinePseudoLikelihood(of: BoltzmannMachine(reference(.spin, seed: 462)))
    let rows = Matrix(samples(.spin, 1700))
    let one = Parallel(threads: 1), many = Parallel(threads: threads)
    #expect(pseudo.gradient(of: rows.view, parallel: one) == pseudo.gradient(of: rows.view, parallel: many))
    #expect(
      pseudo.mean(of: FloatSamples(rows), parallel: one)
        == pseudo.mean(of: FloatSamples(rows), parallel: many))
  }

  @Test("hiddens are refused")
  func hiddens() {
    let error = #expect(throws: SettingsError.self) {
      try BoltzmannMachinePseudoLikelihood(of: BoltzmannMachine(visible: 2, hidden: 1))
    }
    #expect(error?.message == "the pseudo-likelihood needs a machine without hidden units")
  }
}

/// The maximum of the pseudo-likelihood finds the couplings of a known Ising model: errors shrink as 1/√N.
@Suite("The pseudo-likelihood is consistent", .enabled(if: Build.isOptimized), .serialized)
struct PseudoLikelihoodConsistencyTests {
  static let truth = ReferenceBoltzmannMachine.normal(
    visible: 12, hidden: 0, deviation: 0.3, visibleKind: .spin, seed: 463)
  static let sizes = [1_000, 4_000, 16_000]
  static let replicates = 5

  /// Exact draws from the enumerated law of 2¹² states.
  private func draws(_ count: Int, seed: UInt64) -> FloatSamples {
    let random = ReferenceRandom(seed: seed), states = Self.truth.visibleStates
    var sum = 0.0
    let cumulative = Self.truth.jointProbabilities().map { probability in
      sum += probability
      return sum
    }
    let rows = (0..<count).map { row -> [Double] in
      let uniform = random.uniform(unit: 0, row: row) * sum
      var (low, high) = (0, states.count - 1)
      while low < high {
        let middle = (low + high) / 2
        if cumulative[middle] < uniform { low = middle + 1 } else { high = middle }
      }
      return states[low]
    }
    return FloatSamples(rows)
  }

  /// log of the root mean square error of all 66 couplings and 12 biases.
  ///
  /// Heavy-ball ascent on a concave function: curvatures here lie between 0.1 and 20, for which a rate of 0.1 with
  /// momentum 0.9 shrinks every component by √0.9 a step or, at curvature 0.1, by 0.89: 10⁻⁷ after 300.
  private func logError(_ count: Int, seed: UInt64) throws -> Double {
    let samples = draws(count, seed: seed)
    var settings = BoltzmannMachineSettings()
    settings.method = .pseudoLikelihood
    settings.batchSize = count
    settings.epochs = 300
    settings.learningRate = 0.1
    settings.momentum = 0.9
    let start = BoltzmannMachine(visible: 12, visibleKind: .spin)
    var trainer = try BoltzmannMachineTrainer(model: start, samples: samples, settings: settings)
    while !trainer.isFinished { try trainer.step(samples: samples) }
    let found = ReferenceBoltzmannMachine(trainer.model), truth = Self.truth
    var squares = 0.0
    for a in 0..<12 {
      squares += pow(found.bias(a) - truth.bias(a), 2)
      for b in 0..<a { squares += pow(found.coupling(a, b) - truth.coupling(a, b), 2) }
    }
    return log(squares / 78) / 2
  }

  @Test("on a doubly logarithmic scale errors fall with slope −½")
  func slope() throws {
    var points: [(x: Double, y: SampleMean)] = []
    for (index, size) in Self.sizes.enumerated() {
      let errors = try (0..<Self.replicates).map { try logError(size, seed: UInt64(470 + 10 * index + $0)) }
      points.append((log(Double(size)), SampleMean(errors)))
    }
    // Least squares over three points. Its standard error comes from the scatter within sizes, pooled over the sizes:
    // 12 degrees of freedom, for which 7 standard errors are beyond the 10⁻⁵ tail of Student's t (6.6).
    let middle = points.reduce(0) { $0 + $1.x } / 3
    let spread = points.reduce(0) { $0 + ($1.x - middle) * ($1.x - middle) }
    let slope = points.reduce(0) { $0 + ($1.x - middle) * $1.y.mean } / spread
    let pooled = points.reduce(0) { $0 + $1.y.standardError * $1.y.standardError } / 3
    let standardError = (pooled / spread).squareRoot()
    // Beyond 1/√N an estimate of 78 numbers has relative terms of order 78/N: 8 % at 1,000, which tilts the line by
    // 0.08·|x − x̄|/Σ(x − x̄)² = 0.029.
    #expect(abs(slope + 0.5) <= 7 * standardError + 0.029, "slope \(slope) ± \(standardError)")
    #expect(standardError < 0.05, "so that the bound means something")
  }
}
