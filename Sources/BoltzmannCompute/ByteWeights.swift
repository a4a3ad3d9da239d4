internal import CBoltzmannKernels

// Bernoulli draws of which most need no input in Float: see screened_draws.c for how, and why they are exact.

/// A copy of weights at 8 bits each, and how far every row of it is off: enough to settle most draws.
///
/// ```
/// weight = scale·byte + rest,   scale = max|weight|/127 of its row,   |rest| ≤ scale/2
/// ```
/// `take` writes rows that no other worker takes or draws from meanwhile, as with `MutableMatrixView`.
/// Whoever draws must have taken all rows since they last changed.
public final class ByteWeights: @unchecked Sendable {
  /// Whether this processor multiplies bytes so fast that draws by them beat sums in Float.
  public static let pay = boltzmann_has_byte_products() != 0

  /// Rows of weights: units to draw.
  public let units: Int
  /// Columns of weights: units whose states are given.
  public let given: Int
  private let storage: MatrixStorage

  /// A copy of zeros, `[units, given]`.
  public init(units: Int, given: Int) {
    precondition(units >= 0 && given >= 0, "a matrix has no negative dimension")
    self.units = units
    self.given = given
    let bytes = boltzmann_byte_rows_size(units, given)
    storage = MatrixStorage(count: 3 * ByteWeights.padded(units) + bytes / MemoryLayout<Float>.size)
  }

  /// The three vectors hold a multiple of 64 units each.
  private static func padded(_ units: Int) -> Int { (units + 63) / 64 * 64 }

  /// Vectors, then bytes: all begin at 64-byte boundaries.
  fileprivate var kernel: boltzmann_byte_rows {
    let (scale, count) = (storage.base, ByteWeights.padded(units))
    let bytes = UnsafeMutableRawPointer(scale + 3 * count).assumingMemoryBound(to: Int8.self)
    return boltzmann_byte_rows(
      bytes: bytes, scale: scale, shift: scale + count, half_width: scale + 2 * count)
  }

  /// Copies the weights of units `first..<first + weights.rows`, which begin at a multiple of 16 and end at
  /// one or with the last unit; several workers may do so at once if each has units of its own.
  ///
  /// Numbers that are infinite or not numbers are taken too: such rows settle nothing, and every draw of
  /// theirs has its input summed in Float.
  public func take(_ weights: MatrixView, first: Int = 0) {
    let end = first + weights.rows
    precondition(
      first >= 0 && end <= units && weights.columns == given,
      "[\(weights.rows), \(weights.columns)] from unit \(first) lie outside [\(units), \(given)]")
    precondition(first % 16 == 0 && (end % 16 == 0 || end == units), "units are taken by sixteens")
    Kernels.best.pack_byte_rows(weights.base, weights.stride, first, weights.rows, given, kernel)
  }
}

extension MutableMatrixView {
  /// self ← Bernoulli states of units `firstUnit..<firstUnit + columns` with means σ(weights·state + bias).
  ///
  /// ```
  /// self[r, i] = word(u, r) < ⌊σ(Σ_k states[r, k]·weights[u, k] + bias[u])·2³²⌋,   u = firstUnit + i
  /// ```
  /// Returns how many are on. Shapes: states `[rows, given]`, all zeros and ones; weights `[units, given]`,
  /// of which `bytes` holds a copy; bias `[units]`. `firstUnit` is a multiple of 64. The draws are those that
  /// sums in Float give, to the bit: bytes only save work.
  @discardableResult
  public func sampleBernoulli(
    given states: MatrixView, weights: MatrixView, bytes: ByteWeights, bias: [Float], random: RandomRows,
    firstUnit: Int = 0
  ) -> Int {
    precondition(
      states.rows == rows && states.columns == weights.columns && bias.count == weights.rows,
      "[\(states.rows), \(states.columns)] states, [\(weights.rows), \(weights.columns)] weights, "
        + "\(bias.count) biases for [\(rows), \(columns)]")
    precondition(bytes.units == weights.rows && bytes.given == weights.columns, "a copy of other weights")
    precondition(
      firstUnit >= 0 && firstUnit % 64 == 0 && firstUnit + columns <= weights.rows,
      "units from \(firstUnit) on: they begin at a multiple of 64 and end with the last")
    precondition(random.rows.count == rows, "every row needs a number of its own")
    return random.rows.withUnsafeBufferPointer { numbers in
      Kernels.best.screened_sample(
        states.base, states.stride, bytes.kernel, weights.base, weights.stride, bias, base, stride, rows,
        firstUnit, columns, weights.columns, random.stream.kernel(), numbers.baseAddress, nil)
    }
  }
}
