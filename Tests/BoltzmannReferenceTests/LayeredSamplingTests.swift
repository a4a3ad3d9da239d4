import BoltzmannReference
import BoltzmannTestSupport
import Foundation
import Testing

/// Chains that start at exact samples, made from the enumerated law of the discrete layer, keep the model's moments.
@Suite("Gibbs sampling of every kind", .enabled(if: Build.isOptimized))
struct LayeredSamplingTests {
  static let chainCount = 20_000
  static let discrete: [[BlockShape]] = [[.bernoulli(3)], [.spin(3)], [.categorical([3, 2])]]
  static let shapes = MachineShape.layers.flatMap { visible in
    discrete.map { MachineShape(visible, $0) }
  }

  /// What the chains' states are averaged over: v, v², h and vhᵀ.
  private func observables(_ v: [Double], _ h: [Double]) -> [Double] {
    v + v.map { $0 * $0 } + h + v.flatMap { v in h.map { v * $0 } }
  }

  /// The z scores of the chains' averages after some steps of a kernel.
  private func zScores(
    of machine: ReferenceLayeredRBM, kernel: ReferenceLayeredRBM, steps: Int
  ) throws -> [Double] {
    let (start, random) = (ReferenceRandom(seed: 91), ReferenceRandom(seed: 92))
    let hiddens = machine.hidden.states()
    let probabilities = machine.mirrored.probabilities(of: hiddens)
    let samples = (0..<Self.chainCount).map { row in
      let h = hiddens.states[start.category(probabilities, row: row)]
      var state = (hidden: h, visible: machine.sampleVisibles(given: h, row: row, step: 0, random: random))
      for step in 1...steps {
        state = kernel.gibbsStep(from: state.visible, row: row, step: step, random: random)
      }
      return observables(state.visible, state.hidden)
    }
    let exact = try #require(machine.modelMoments())
    let expected = exact.visible + exact.visibleSquare + exact.hidden + Array(exact.product.joined())
    return expected.indices.map { k in
      SampleMean(samples.map { $0[k] }).zScore(expecting: expected[k])
    }
  }

  @Test("the right kernel keeps the moments", arguments: shapes)
  func rightKernel(_ shape: MachineShape) throws {
    let machine = shape.normal(seed: 90)
    // 18 machines of some 30 averages, twice: at 5 standard errors one in 1,600 seeds would miss.
    for steps in [1, 4] {
      #expect(try zScores(of: machine, kernel: machine, steps: steps).allSatisfy { abs($0) <= 5 })
    }
  }

  @Test("a kernel whose weights are a half too small does not", arguments: shapes)
  func weakKernel(_ shape: MachineShape) throws {
    let machine = shape.normal(seed: 90)
    var weak = machine
    weak.weights = machine.weights.map { $0.map { 0.5 * $0 } }
    #expect(try zScores(of: machine, kernel: weak, steps: 1).contains { abs($0) > 5 })
  }
}
