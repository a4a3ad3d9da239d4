public import BoltzmannReference

/// How far the engine, which computes in Float, may be from the reference for a machine.
///
/// Every operation in Float rounds by at most u = 2⁻²⁴ of its result. A sum of k products therefore is off by at
/// most k·u·Σ|terms|, in whatever order it is summed (Higham, "Accuracy and stability of numerical algorithms",
/// 2002, section 3.1). These are bounds, not estimates: actual errors grow like √k. Visible values lie in
/// [0, 1].
///
/// In a chain, inputs may follow the states by the rows of the weights of what changed; each such update passes at
/// most m more sums. Every sixteenth is a product again.
public struct FloatBounds: Sendable {
  /// Half the distance from 1 to the next Float.
  public static let roundoff = 0x1p-24

  private let machine: ReferenceRBM
  private let updates: Int
  private let u = FloatBounds.roundoff

  /// - Parameter updates: how often the inputs of a chain have followed its states.
  public init(_ machine: ReferenceRBM, updates: Int = 0) {
    self.machine = machine
    self.updates = min(updates, 16)
  }

  /// The same for the machine with its layers exchanged: bounds of the visibles' inputs and means, and of F(h).
  public var mirrored: FloatBounds { FloatBounds(machine.mirrored, updates: updates) }

  /// The operations that a term of an input passes.
  private var operations: Double { Double(machine.visibleCount * (1 + updates) + 2) }

  /// |c_j| + Σ_i |W_ij|, what an input cannot exceed, `[hidden]`.
  private var inputMagnitudes: [Double] {
    machine.hiddenBias.indices.map { j in
      machine.weights.reduce(abs(machine.hiddenBias[j])) { $0 + abs($1[j]) }
    }
  }

  /// Of an input c_j + Σ_i v_i W_ij: m products and as many sums.
  public var hiddenInput: Double { operations * u * (inputMagnitudes.max() ?? 0) }

  /// Of σ(input): its slope is at most ¼, and the kernel is good to 2u (1.5 ulp above ½, 3.6 ulp below).
  public var hiddenMean: Double { hiddenInput / 4 + 2 * u }

  /// Of F(v) = −Σ_i b_i v_i − Σ_j softplus(x_j).
  ///
  /// softplus has slope at most 1, so that the inputs' errors add up; a softplus by itself is good to 4.3 ulp,
  /// at most 9u of it; in a sum, lanes of n/16 terms add (n/16)·u. softplus(x) ≤ |x| + 1.
  public var freeEnergy: Double {
    let perUnit = operations + 9 + Double(machine.hiddenCount) / 16
    let hidden = inputMagnitudes.reduce(0) { $0 + perUnit * u * (1 + $1) }
    return hidden + Double(machine.visibleCount) * u * machine.visibleBias.reduce(0) { $0 + abs($1) }
  }

  /// Of E(v, h): every term passes at most m + n + 2 operations.
  public var energy: Double {
    let magnitude = inputMagnitudes.reduce(0, +) + machine.visibleBias.reduce(0) { $0 + abs($1) }
    return Double(machine.visibleCount + machine.hiddenCount + 2) * u * magnitude
  }

  /// Of a mean of `count` products of values in [0, 1], one of them a hidden mean.
  public func moment(rows count: Int) -> Double { hiddenMean + Double(count + 2) * u }

  /// Of a gradient whose phases have at most `count` rows: two moments and a difference.
  public func gradient(rows count: Int) -> Double { 2 * moment(rows: count) + u }
}
