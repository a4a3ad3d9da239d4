public import BoltzmannCompute

/// Independent chains of any energy, moved by any transition; blocks of chains run in parallel.
public struct MarkovChains<Kernel: Transition>: Sendable {
  /// Where the chains stand: what the next step needs.
  public struct State: Sendable {
    /// `[chains, stateWidth]`
    public var states: Matrix
    /// The chains' own numbers: their random draws depend on them, not on the place in `states`.
    public let numbers: [UInt64]
    /// Moves made so far.
    public var step: UInt64

    /// Chains that are their own numbers, unless told otherwise.
    public init(states: Matrix, numbers: [UInt64]? = nil, step: UInt64 = 0) {
      precondition((numbers?.count ?? states.rows) == states.rows, "every chain needs a number of its own")
      self.states = states
      self.numbers = numbers ?? Array(rowNumbers(0..<states.rows))
      self.step = step
    }
  }

  /// What a person wants to see of a run.
  public struct Info: Sendable {
    /// The part of all moves that was accepted.
    public let acceptanceRate: Double
  }

  public let model: Kernel.Model
  public let transition: Kernel
  public let seed: UInt64
  public let parallel: Parallel

  public init(model: Kernel.Model, transition: Kernel, seed: UInt64, parallel: Parallel = .all) {
    self.model = model
    self.transition = transition
    self.seed = seed
    self.parallel = parallel
  }

  /// `steps` steps of every chain.
  @discardableResult
  public func run(_ state: inout State, steps: Int) -> Info {
    precondition(state.states.columns == model.stateWidth, "chains of states of the model")
    let (first, numbers) = (state.step, state.numbers)
    let accepted = state.states.withMutableView { states in
      parallel.mapBlocks(of: states.rows, size: rowsPerBlock) { range in
        let random = TransitionRandom(seed: seed, step: first, rows: numbers[range])
        return (0..<steps).reduce(0) { sum, step in
          sum
            + transition.move(
              states.rows(range), of: model, random: random.advanced(by: step * transition.moves))
        }
      }
    }
    let moves = steps * transition.moves
    state.step += UInt64(moves)
    let proposed = Double(moves * numbers.count)
    return Info(acceptanceRate: proposed == 0 ? 1 : Double(accepted.reduce(0, +)) / proposed)
  }
}
