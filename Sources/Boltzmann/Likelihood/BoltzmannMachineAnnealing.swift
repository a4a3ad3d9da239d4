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
public struct BoltzmannMachineAnnealing: Annealing {
  public let schedule: AnnealingSchedule
  public let seed: UInt64
  private let parallel: Parallel
  private let path: BoltzmannMachinePath

  public init(
    machine: BoltzmannMachine, schedule: AnnealingSchedule, seed: UInt64, parallel: Parallel = .all
  ) {
    path = BoltzmannMachinePath(to: machine)
    self.schedule = schedule
    self.seed = seed
    self.parallel = parallel
  }

  public var machine: BoltzmannMachine { path.machine }

  /// log Z₀ of the independent units, in nats.
  public var logBase: Double { path.logBase }

  /// ω of every run, in nats.
  public func logWeights(chains: Int) -> [Double] { forward(chains: chains).logWeights }

  /// What each step of forward runs adds to ω: its standard deviation over the runs, `[steps]`.
  public func stepDeviations(chains: Int) -> [Double] { forward(chains: chains).deviations }

  private func forward(chains: Int) -> AnnealingRuns {
    var state = sampler(at: 0).initialState(chains: chains)
    var runs = AnnealingRuns(count: chains)
    for step in 1...schedule.steps {
      runs.add(gains(state.units, step))
      guard step < schedule.steps else { break }
      state.sweep = UInt64(step)
      sampler(at: step).run(&state, sweeps: 1)
    }
    return runs
  }

  /// ω of every reverse run, in nats: E e^−ω = Z₀/Z where the rows of `starts`, `[runs, units]`, are samples of the
  /// machine.
  /// ```
  /// x ~ P;  for k = K … 1:  ω += E_{k−1}(x) − E_k(x);  x ~ one sweep at β_{k−1}, its units in the opposite order
  /// ```
  /// A sweep's reversal draws the same units from the last to the first: these are the forward runs backwards in time,
  /// which is what makes Bennett's ratio of both right.
  public func reverseLogWeights(from starts: Matrix) -> [Double] {
    precondition(starts.columns == machine.unitCount, "starts are states of all units")
    var state = SingleSiteGibbs.State(units: starts.transposed)
    var runs = AnnealingRuns(count: starts.rows)
    for step in (1...schedule.steps).reversed() {
      runs.add(gains(state.units, step))
      guard step > 1 else { break }
      state.sweep = UInt64(schedule.steps + step)
      sampler(at: step - 1).run(&state, sweeps: 1, order: .descending)
    }
    return runs.logWeights
  }

  private func sampler(at step: Int) -> SingleSiteGibbs {
    SingleSiteGibbs(
      model: path.tempered(schedule.inverseTemperatures[step]), seed: seed, parallel: parallel)
  }

  /// E_{k−1}(x) − E_k(x) = (β_k − β_{k−1})·S(x) of every chain.
  private func gains(_ units: Matrix, _ step: Int) -> [Double] {
    let width = schedule.inverseTemperatures[step] - schedule.inverseTemperatures[step - 1]
    return path.slopes(units.transposed.view).map { width * $0 }
  }
}
