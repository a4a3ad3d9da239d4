import CBoltzmannKernels

/// The unit roundoff of Float: a rounded result is off by at most this fraction of itself.
let unitRoundoff = 0x1p-24

/// `count` numbers between −1 and 1, the same for the same seed.
func testNumbers(_ count: Int, seed: UInt64) -> [Float] {
  let random = boltzmann_random(seed: seed, step: 0, stream: 255, first_unit: 0)
  return (0..<count).map {
    Float(Int32(bitPattern: boltzmann_random_word_reference(random, 0, UInt64($0)))) * 0x1p-31
  }
}

/// Arguments all over a range: a third evenly spaced, a third evenly through the order of the Floats (dense
/// around zero), a third at random.
func arguments(over range: ClosedRange<Float>, count: Int) -> [Float] {
  let part = count / 3
  let (low, high) = (Double(range.lowerBound), Double(range.upperBound))
  let (first, last) = (place(of: range.lowerBound), place(of: range.upperBound))
  let evenly = (0...part).map { Float(low + (high - low) * Double($0) / Double(part)) }
  let ordered = (0...part).map { value(at: first + (last - first) * $0 / part) }
  let random = testNumbers(part, seed: 1).map { Float(low + (high - low) * (Double($0) + 1) / 2) }
  return (evenly + ordered + random).map { min(max($0, range.lowerBound), range.upperBound) }
}

/// The place of a value in the order of all Floats; zero has place 0.
func place(of x: Float) -> Int {
  let magnitude = Int(x.magnitude.bitPattern)
  return x.sign == .minus ? -magnitude : magnitude
}

/// The Float at a place in the order of all Floats.
func value(at place: Int) -> Float {
  let magnitude = Float(bitPattern: UInt32(abs(place)))
  return place < 0 ? -magnitude : magnitude
}

/// Rows of floats with a margin between them that a kernel must leave alone.
struct PaddedRows {
  static let margin: Float = -77.25

  let rows: Int
  let columns: Int
  let stride: Int
  var floats: [Float]

  /// Rows of `columns` values, `padding` floats of margin after each.
  init(rows: Int, columns: Int, padding: Int = 3, seed: UInt64, scale: Float = 1) {
    self.rows = rows
    self.columns = columns
    stride = columns + padding
    floats = [Float](repeating: PaddedRows.margin, count: rows * stride)
    let numbers = testNumbers(rows * columns, seed: seed)
    for row in 0..<rows {
      for column in 0..<columns { self[row, column] = scale * numbers[row * columns + column] }
    }
  }

  subscript(row: Int, column: Int) -> Float {
    get { floats[row * stride + column] }
    set { floats[row * stride + column] = newValue }
  }

  /// All entries in row-major order, without the margins.
  var values: [Float] {
    (0..<rows).flatMap { floats[$0 * stride..<$0 * stride + columns] }
  }

  var isMarginIntact: Bool {
    (0..<rows).allSatisfy { row in
      floats[row * stride + columns..<(row + 1) * stride].allSatisfy { $0 == PaddedRows.margin }
    }
  }
}
