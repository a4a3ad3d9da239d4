public import BoltzmannCompute
internal import Foundation

/// Annealed importance sampling of a general Boltzmann machine (Neal 2001).
///
/// From independent units with mean-field's means, biases a_A, to the machine:
/// ```
/// E_β(x) = −[(1−β)·a_A + β·a]ᵀx − ½β·xᵀJx
/// x ~ P₀;  for k = 1 … K:  ω += E_{k−1}(x) − E_k(x);  x ~ one sweep at β_k
/// E e^ω = Z/Z₀      log Z₀ = Σ_i Γ(a_A,i)
/// ```
/// A sweep draws one unit after another and leaves P_β alone, which is all that annealing asks of it. By Jensen's
/// inequality the estimate is a stochastic lower bound of log Z.
public struct BoltzmannMachineAnnealing: Sendable {
  public let machine: BoltzmannMachine
  public let schedule: AnnealingSchedule
  public let seed: UInt64
  private let parallel: Parallel
  /// a_A, `[units]`
  private let base: [Float]

  public init(
    machine: BoltzmannMachine, schedule: AnnealingSchedule, seed: UInt64, parallel: Parallel = .all
  ) {
    self.machine = machine
    self.schedule = schedule
    self.seed = seed
    self.parallel = parallel
    base = machine.meanField().means.enumerated().map { machine.kind($0).field(ofMean: $1) }
  }

  /// log Z from `chains` annealing runs.
  public func estimate(chains: Int) -> PartitionEstimate {
    PartitionEstimate(annealing: logWeights(chains: chains), logBase: logBase)
  }

  /// log Z₀ of the independent units, in nats.
  public var logBase: Double {
    base.enumerated().reduce(0) { sum, unit in
      let kind = machine.kind(unit.offset), field = Double(unit.element)
      return sum + Double(kind.low) * field + softplus(Double(kind.step) * field)
    }
  }

  /// ω of every run, in nats.
  public func logWeights(chains: Int) -> [Double] {
    var state = start(chains: chains)
    var logWeights = [Double](repeating: 0, count: chains)
    let betas = schedule.inverseTemperatures
    for step in 1...schedule.steps {
      let gains = slopes(state.units)
      for chain in logWeights.indices { logWeights[chain] += (betas[step] - betas[step - 1]) * gains[chain] }
      guard step < schedule.steps else { break }
      state.sweep = UInt64(step)
      SingleSiteGibbs(model: tempered(betas[step]), seed: seed, parallel: parallel).run(&state, sweeps: 1)
    }
    return logWeights
  }

  /// Independent units at their biases.
  private func start(chains: Int) -> SingleSiteGibbs.State {
    SingleSiteGibbs(model: tempered(0), seed: seed, parallel: parallel).initialState(chains: chains)
  }

  /// −dE_β/dβ = (a − a_A)ᵀx + ½xᵀJx of every chain.
  private func slopes(_ units: Matrix) -> [Double] {
    let states = units.transposed
    var linear = [Double](repeating: 0, count: states.rows)
    states.view.addRowDots(with: base, to: &linear)
    return zip(machine.energies(of: states.view), linear).map { -$0 - $1 }
  }

  /// The machine at an inverse temperature.
  private func tempered(_ beta: Double) -> BoltzmannMachine {
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
