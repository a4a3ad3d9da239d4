import BoltzmannReference
import BoltzmannTestSupport
import Foundation
import Testing

@Suite("The reference's TAP expansion")
struct ReferenceTAPTests {
  /// Biases of their own scale, so that skews are no accident of symmetry.
  static func machine(scale: Double) -> ReferenceRBM {
    var machine = ReferenceRBM.normal(
      visible: 6, hidden: 4, weightDeviation: 1, biasDeviation: 0.7, seed: 610)
    machine.weights = machine.weights.map { $0.map { scale * $0 } }
    return machine
  }

  /// The largest error of a mean, and that of log Z, in nats.
  static func errors(order: Int, scale: Double) -> (means: Double, logPartition: Double) {
    let machine = machine(scale: scale), tap = ReferenceTAP(machine, order: order)
    let means = tap.fixedPoint(), exact = machine.modelPhase()
    return (
      largestDifference(means.visible + means.hidden, exact.visibleMean + exact.hiddenMean),
      abs(-tap.freeEnergy(means) - machine.logPartition())
    )
  }

  /// What is left out of log Z begins with w^(order + 1), and so do its derivatives, the means: half the weights have
  /// 2^(order + 1) times less error. The next power changes that by a few tens of times the scale, 0.005.
  @Test("errors fall with the power of the weights that comes after the order", arguments: 1...3)
  func orders(_ order: Int) {
    let whole = Self.errors(order: order, scale: 0.01), half = Self.errors(order: order, scale: 0.005)
    let factor = pow(2, Double(order + 1))
    #expect(abs(whole.means / half.means / factor - 1) < 0.15)
    #expect(abs(whole.logPartition / half.logPartition / factor - 1) < 0.15)
  }

  @Test("each order is much better than the one before, where weights are weak")
  func comparison() {
    let errors = (1...3).map { Self.errors(order: $0, scale: 0.1).means }
    #expect(errors[1] < 0.2 * errors[0] && errors[2] < 0.2 * errors[1])
  }

  @Test(
    "at a fixed point Γ changes with no mean, and its slope in the parameters is minus the moments",
    arguments: 1...3)
  func slopes(_ order: Int) {
    let machine = Self.machine(scale: 0.5), tap = ReferenceTAP(machine, order: order)
    let means = tap.fixedPoint()
    // Γ is of order 10 and smooth: central differences are good to about 1e-9.
    let byMeans = centralDifferences(at: means.visible + means.hidden) {
      tap.freeEnergy(ReferenceTAP.Means(visible: Array($0.prefix(6)), hidden: Array($0.dropFirst(6))))
    }
    #expect(largestDifference(byMeans, byMeans.map { _ in 0 }) < 1e-8)
    let byParameters = centralDifferences(at: parameters(machine)) {
      let moved = ReferenceTAP(Self.machine(parameters: $0), order: order)
      return moved.freeEnergy(moved.fixedPoint())
    }
    #expect(largestDifference(byParameters.map { -$0 }, tap.moments(means).flat) < 1e-8)
  }

  private func parameters(_ machine: ReferenceRBM) -> [Double] {
    machine.weights.joined() + machine.visibleBias + machine.hiddenBias
  }

  private static func machine(parameters: [Double]) -> ReferenceRBM {
    ReferenceRBM(
      weights: (0..<6).map { i in Array(parameters[(4 * i)..<(4 * i + 4)]) },
      visibleBias: Array(parameters[24..<30]), hiddenBias: Array(parameters[30...]))
  }
}
