public import BoltzmannCompute
internal import Foundation

/// A step of many independent chains, one a row; a value without memory.
///
/// Any of them can be followed by any other of the same model: see `then(_:)`.
public protocol Transition<Model>: Sendable {
  associatedtype Model: EnergyModel

  /// Whether a state of law P is still of law P after the step.
  var leavesLawInvariant: Bool { get }

  /// The moves that a step is made of: each takes the random numbers of a step of its own.
  var moves: Int { get }

  /// Takes every row one step further; returns how many moves of rows were accepted.
  @discardableResult
  func move(_ states: MutableMatrixView, of model: Model, random: TransitionRandom) -> Int
}

extension Transition {
  public var moves: Int { 1 }

  /// This step, followed by another one.
  public func then<Next: Transition>(_ next: Next) -> ComposedTransition<Self, Next>
  where Next.Model == Model {
    ComposedTransition(first: self, second: next)
  }
}

/// One step after the other: it leaves P as it is where both do.
public struct ComposedTransition<First: Transition, Second: Transition>: Transition
where First.Model == Second.Model {
  let first: First
  let second: Second

  public var leavesLawInvariant: Bool { first.leavesLawInvariant && second.leavesLawInvariant }
  public var moves: Int { first.moves + second.moves }

  public func move(_ states: MutableMatrixView, of model: First.Model, random: TransitionRandom) -> Int {
    first.move(states, of: model, random: random)
      + second.move(states, of: model, random: random.advanced(by: first.moves))
  }
}

/// Whom the random numbers of a step are for: the chains' own numbers, and the time.
public struct TransitionRandom: Sendable {
  public let seed: UInt64
  public let step: UInt64
  public let rows: ArraySlice<UInt64>

  public init(seed: UInt64, step: UInt64, rows: ArraySlice<UInt64>) {
    self.seed = seed
    self.step = step
    self.rows = rows
  }

  /// The numbers of a later move.
  public func advanced(by moves: Int) -> TransitionRandom {
    TransitionRandom(seed: seed, step: step + UInt64(moves), rows: rows)
  }

  /// The addresses of a block of draws.
  public func draws(_ purpose: RandomPurpose) -> RandomRows { RandomRows(stream(purpose), rows: rows) }

  /// Standard normal numbers for a row, counted within the block.
  public func normals(row: Int, count: Int) -> [Double] {
    stream(.transitionProposal).normals(row: rows[rows.startIndex + row], count: count)
  }

  /// A uniform number in [0, 1) for a row, counted within the block.
  public func uniform(_ purpose: RandomPurpose, row: Int) -> Double {
    stream(purpose).uniforms(row: rows[rows.startIndex + row], count: 1)[0]
  }

  private func stream(_ purpose: RandomPurpose) -> RandomStream {
    RandomStream(seed: seed, purpose: purpose, step: step)
  }
}

extension MutableMatrixView {
  /// Each row becomes its proposal with probability min(1, eʳ); a ratio that is no number rejects.
  ///
  /// Returns how many did (Metropolis et al. 1953; Hastings 1970).
  func accept(_ proposals: MatrixView, logRatios: [Double], random: TransitionRandom) -> Int {
    let accepted = (0..<rows).filter { row in
      random.uniform(.transitionAcceptance, row: row) < exp(logRatios[row])
    }
    for row in accepted { rows(row..<(row + 1)).copy(proposals.rows(row..<(row + 1))) }
    return accepted.count
  }
}
