internal import Boltzmann
internal import BoltzmannCompute
internal import Foundation

/// How parameters follow the gradient of a cost downhill; g = −∂C/∂θ.
/// ```
/// momentum   v ← momentum·v + rate·g      θ += v
/// adam       m ← β₁m + (1−β₁)g    s ← β₂s + (1−β₂)g²    θ += rate·[m/(1−β₁ᵗ)] / (√[s/(1−β₂ᵗ)] + ε)
/// ```
/// Adam: Kingma & Ba (2015), algorithm 1.
public enum DescentRule: Sendable, Hashable {
  case momentum(rate: Double, momentum: Double = 0.9)
  case adam(rate: Double, firstDecay: Double = 0.9, secondDecay: Double = 0.999, epsilon: Double = 1e-8)

  public var rate: Double {
    switch self {
    case .momentum(let rate, _), .adam(let rate, _, _, _): rate
    }
  }

  /// - Throws: `SettingsError` where a number makes no sense.
  public func validate() throws {
    guard rate > 0 && rate.isFinite else {
      throw SettingsError(message: "the learning rate must be positive and finite, not \(rate)")
    }
    if case .adam(_, _, _, let epsilon) = self, !(epsilon > 0 && epsilon.isFinite) {
      throw SettingsError(message: "Adam's ε must be positive and finite, not \(epsilon)")
    }
    guard decays.allSatisfy({ (0..<1).contains($0) }) else {
      throw SettingsError(message: "momentum and decays must lie in [0, 1)")
    }
  }

  private var decays: [Double] {
    switch self {
    case .momentum(_, let momentum): [momentum]
    case .adam(_, let first, let second, _): [first, second]
    }
  }
}

/// A rule on its way: how many steps it has made, and what it keeps of the gradients so far.
struct Descent: Sendable {
  let rule: DescentRule
  private var steps = 0
  /// Velocities, or first moments; like the layers' parameters.
  private var first: [Matrix]
  /// Second moments; empty without.
  private var second: [Matrix]
  private var directions: [ScratchMatrix]

  init(_ rule: DescentRule, network: DenseNetwork) {
    let shapes = network.layers.map { ($0.inputs + 1, $0.outputs) }
    self.rule = rule
    first = shapes.map { Matrix(rows: $0, columns: $1) }
    second = shapes.map {
      if case .adam = rule { Matrix(rows: $0, columns: $1) } else { Matrix(rows: $0, columns: 0) }
    }
    directions = shapes.map { ScratchMatrix(rows: $0, columns: $1) }
  }

  /// One step, for rows that went forward and backward; `inputs` are theirs.
  ///
  /// Cut by rows of the parameters: each is moved where its gradient was just summed, and nothing is reduced.
  mutating func update(
    _ network: inout DenseNetwork, inputs: MatrixView, rows: NetworkRows, parallel: Parallel
  ) {
    steps += 1
    let move = move
    for layer in network.layers.indices {
      let direction = directions[layer].mutableView()
      network.layers[layer].parameters.withMutableView { parameters in
        first[layer].withMutableView { first in
          second[layer].withMutableView { second in
            let size = evenBlocks(of: parameters.rows, about: 128)
            parallel.forEachBlock(of: parameters.rows, size: size) { range in
              let target = direction.rows(range)
              rows.writeDescent(of: layer, range, inputs: inputs, to: target)
              move.run(parameters.rows(range), target.view, first.rows(range), second.rows(range))
            }
          }
        }
      }
    }
  }

  private var move: Move {
    switch rule {
    case .momentum(let rate, let momentum):
      .momentum(WeightUpdate(momentum: Float(momentum), rate: Float(rate), l1: 0, l2: 0))
    case .adam(let rate, let firstDecay, let secondDecay, let epsilon):
      .adam(
        AdamUpdate(
          rate: Float(rate / (1 - pow(firstDecay, Double(steps)))), firstDecay: Float(firstDecay),
          secondDecay: Float(secondDecay), secondScale: Float(1 / (1 - pow(secondDecay, Double(steps)))),
          epsilon: Float(epsilon)))
    }
  }

  /// The numbers of one step.
  private enum Move {
    case momentum(WeightUpdate)
    case adam(AdamUpdate)

    func run(
      _ parameters: MutableMatrixView, _ direction: MatrixView, _ first: MutableMatrixView,
      _ second: MutableMatrixView
    ) {
      switch self {
      case .momentum(let update):
        let none = MutableMatrixView(rows: parameters.rows, columns: 0).view
        _ = parameters.momentumStep(
          velocity: first, gradient: direction, update: update, left: none,
          right: MutableMatrixView(rows: 0, columns: parameters.columns).view, fold: nil)
      case .adam(let update):
        parameters.adamStep(along: direction, first: first, second: second, update: update)
      }
    }
  }
}
