internal import BoltzmannCompute
internal import Foundation

/// The way from independent units with mean-field's means, biases a_A, to a general machine.
/// ```
/// E_β(x) = −[(1−β)·a_A + β·a]ᵀx − ½β·xᵀJx = E₀(x) − β·S(x)      S(x) = (a − a_A)ᵀx + ½xᵀJx
/// ```
struct BoltzmannMachinePath: Sendable {
  let machine: BoltzmannMachine
  /// a_A, `[units]`
  private let base: [Float]

  init(to machine: BoltzmannMachine) {
    self.machine = machine
    base = machine.meanField().means.enumerated().map { machine.kind($0).field(ofMean: $1) }
  }

  /// log Z₀ of the independent units, in nats.
  var logBase: Double {
    base.enumerated().reduce(0) { sum, unit in
      let kind = machine.kind(unit.offset), field = Double(unit.element)
      return sum + Double(kind.low) * field + softplus(Double(kind.step) * field)
    }
  }

  /// S of every row of `states`, `[rows, units]`.
  func slopes(_ states: MatrixView) -> [Double] {
    var linear = [Double](repeating: 0, count: states.rows)
    states.addRowDots(with: base, to: &linear)
    return zip(machine.energies(of: states), linear).map { -$0 - $1 }
  }

  /// The machine at an inverse temperature.
  func tempered(_ beta: Double) -> BoltzmannMachine {
    var result = machine
    result.bias = zip(base, machine.bias).map { Float((1 - beta) * Double($0) + beta * Double($1)) }
    result.couplings.withMutableView { $0.apply { Float(beta * Double($1)) } }
    return result
  }
}

extension TwoStateKind {
  /// The input at which a unit has this mean, which is kept a thousandth away from both values.
  fileprivate func field(ofMean mean: Float) -> Float {
    let share = min(max(Double(mean - low) / Double(step), 0.001), 0.999)
    return Float(log(share / (1 - share)) / Double(step))
  }
}
