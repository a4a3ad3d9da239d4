import CBoltzmannKernels
import Foundation
import Testing

/// Weights at 8 bits, in memory of their own.
private final class ByteCopy {
  let units, columns: Int
  let kernel: boltzmann_byte_rows
  let byteCount, vectorCount: Int

  init(units: Int, columns: Int, filledWith byte: UInt8 = 0) {
    (self.units, self.columns) = (units, columns)
    byteCount = boltzmann_byte_rows_size(units, columns)
    vectorCount = (units + 63) / 64 * 64
    func memory(_ bytes: Int) -> UnsafeMutableRawPointer {
      let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
      memory.initializeMemory(as: UInt8.self, repeating: byte, count: bytes)
      return memory
    }
    func vector(_ count: Int) -> UnsafeMutablePointer<Float> {
      memory(4 * count).bindMemory(to: Float.self, capacity: count)
    }
    kernel = boltzmann_byte_rows(
      bytes: memory(byteCount).bindMemory(to: Int8.self, capacity: byteCount), scale: vector(vectorCount),
      shift: vector(vectorCount), half_width: vector(vectorCount))
  }

  convenience init(_ set: InstructionSet, _ weights: PaddedRows) {
    self.init(units: weights.rows, columns: weights.columns)
    take(set, weights, units: 0..<units)
  }

  deinit {
    kernel.bytes.deallocate()
    for vector in [kernel.scale, kernel.shift, kernel.half_width] { vector!.deallocate() }
  }

  func take(_ set: InstructionSet, _ weights: PaddedRows, units: Range<Int>) {
    weights.floats.withUnsafeBufferPointer {
      set.kernels.pack_byte_rows(
        $0.baseAddress! + units.lowerBound * weights.stride, weights.stride, units.lowerBound, units.count,
        columns, kernel)
    }
  }

  /// [units / 16][columns / 4][16 units][4 columns], columns up to a multiple of 64.
  func place(_ unit: Int, _ column: Int) -> Int {
    unit / 16 * 16 * ((columns + 63) / 64 * 64) + column / 4 * 64 + unit % 16 * 4 + column % 4
  }

  func byte(_ unit: Int, _ column: Int) -> Double { Double(kernel.bytes[place(unit, column)]) }

  /// Everything that is written, unit by unit: bits of the vectors, bytes.
  func contents(_ unit: Int) -> [Int] {
    [kernel.scale, kernel.shift, kernel.half_width].map { Int($0![unit].bitPattern) }
      + (0..<columns).map { Int(kernel.bytes[place(unit, $0)]) }
  }
}

/// Standard normal numbers by Box & Muller, the same for the same seed.
private func normalNumbers(_ count: Int, seed: UInt64) -> [Float] {
  let uniform = testNumbers(2 * count, seed: seed).map { (Double($0) + 1) / 2 }
  return (0..<count).map {
    Float((-2 * log(1 - min(uniform[2 * $0], 0.9999999))).squareRoot() * cos(2 * .pi * uniform[2 * $0 + 1]))
  }
}

/// Weights like trained ones: normal, every fiftieth ten times as large.
private func trainedLike(units: Int, columns: Int, deviation: Float, seed: UInt64) -> PaddedRows {
  var weights = PaddedRows(rows: units, columns: columns, padding: 5, seed: seed)
  let normals = normalNumbers(units * columns, seed: seed)
  for (index, number) in normals.enumerated() {
    weights[index / columns, index % columns] = number * deviation * (index % 50 == 7 ? 10 : 1)
  }
  return weights
}

/// The sums that a term passes in a kernel's sum, at most: L of screened_draws.c.
private func operations(_ columns: Int) -> Double { Double(columns / 16 + 24) }

@Suite struct ByteRowsTests {
  static let shapes =
    [
      (1, 1), (1, 100), (100, 1), (15, 17), (16, 16), (17, 15), (63, 65), (64, 64), (65, 63), (100, 100),
      (3, 1100),
    ] as [(Int, Int)]

  /// |W·(127/max|W|)| is rounded three times before it becomes q, off by 3u of at most 127: |r| is at most
  /// s·(½ + 127·4u). Σr and Σ|r| pass L sums and are sums of terms off by u·(|W| + 2|r|).
  @Test(arguments: InstructionSet.available, shapes)
  func everyWeightIsScaleTimesByteAndARest(_ set: InstructionSet, _ shape: (units: Int, columns: Int)) {
    let weights = trainedLike(units: shape.units, columns: shape.columns, deviation: 0.1, seed: 80)
    let copy = ByteCopy(set, weights)
    for unit in 0..<shape.units {
      let scale = Double(copy.kernel.scale[unit])
      var (sum, size, magnitude) = (0.0, 0.0, 0.0)
      for column in 0..<shape.columns {
        let weight = Double(weights[unit, column])
        let rest = weight - scale * copy.byte(unit, column)
        #expect(abs(rest) <= scale * (0.5 + 127 * 4 * unitRoundoff))
        (sum, size, magnitude) = (sum + rest, size + abs(rest), magnitude + abs(weight))
      }
      let rounding = unitRoundoff * (operations(shape.columns) * size + magnitude + 2 * size)
      #expect(abs(Double(copy.kernel.shift[unit]) - sum / 2) <= rounding)
      let allowance = 2 * operations(shape.columns) * unitRoundoff * (magnitude + size) + 0x1p-20
      #expect(abs(Double(copy.kernel.half_width[unit]) - size / 2 - allowance) <= rounding)
    }
  }

  /// Whatever is not there counts as 0, so that whole vectors may be read.
  @Test(arguments: InstructionSet.available, shapes)
  func paddingIsZero(_ set: InstructionSet, _ shape: (units: Int, columns: Int)) {
    let copy = ByteCopy(set, trainedLike(units: shape.units, columns: shape.columns, deviation: 1, seed: 81))
    var isWeight = [Bool](repeating: false, count: copy.byteCount)
    for unit in 0..<shape.units {
      for column in 0..<shape.columns { isWeight[copy.place(unit, column)] = true }
    }
    #expect((0..<copy.byteCount).allSatisfy { isWeight[$0] || copy.kernel.bytes[$0] == 0 })
    #expect((shape.units..<copy.vectorCount).allSatisfy { copy.kernel.half_width[$0] == 0 })
  }

  /// Workers that take different units at once leave each other's alone.
  @Test(arguments: InstructionSet.available)
  func onlyUnitsThatAreTakenAreWritten(_ set: InstructionSet) {
    let weights = trainedLike(units: 75, columns: 70, deviation: 1, seed: 82)
    let (whole, untouched) = (ByteCopy(set, weights), ByteCopy(units: 75, columns: 70, filledWith: 0x55))
    for range in [0..<16, 16..<64, 32..<48, 64..<75] {
      let copy = ByteCopy(units: 75, columns: 70, filledWith: 0x55)
      copy.take(set, weights, units: range)
      for unit in 0..<75 {
        #expect(copy.contents(unit) == (range.contains(unit) ? whole : untouched).contents(unit))
      }
    }
  }

  /// Zeros are exact; what is too small to be scaled is all rest; what is no number makes the half width none.
  @Test(arguments: InstructionSet.available)
  func unusualRows(_ set: InstructionSet) {
    var weights = trainedLike(units: 6, columns: 33, deviation: 1, seed: 83)
    for column in 0..<33 { (weights[0, column], weights[1, column]) = (0, 1e-35) }
    (weights[2, 32], weights[3, 0], weights[4, 5], weights[5, 20]) = (.nan, .infinity, -.infinity, 1e30)
    let copy = ByteCopy(set, weights)
    for unit in 0..<2 {
      #expect(copy.kernel.scale[unit] == 0 && copy.kernel.half_width[unit] == 0x1p-20)
    }
    for unit in 2..<5 { #expect(!copy.kernel.half_width[unit].isFinite) }
    #expect(copy.byte(5, 20) == 127 && copy.byte(5, 19) == 0)
  }
}

/// One block of screened draws.
private struct Screening {
  static let random = boltzmann_random(seed: 43, step: 5 << 32 | 7, stream: 1, first_unit: 0)

  let weights, given: PaddedRows
  let bias: [Float]
  var rowIDs: [UInt64] { (0..<given.rows).map { 3 + 5 * UInt64($0) } }

  init(weights: PaddedRows, rows: Int, density: Float, bias: Float = -1) {
    self.weights = weights
    var given = PaddedRows(rows: rows, columns: weights.columns, padding: 3, seed: 84)
    for row in 0..<rows {
      for unit in 0..<weights.columns { given[row, unit] = given[row, unit] < 2 * density - 1 ? 1 : 0 }
    }
    self.given = given
    self.bias = testNumbers(weights.rows, seed: 85).map { bias + 2 * $0 }
  }

  init(weights: PaddedRows, given: PaddedRows, bias: [Float]) {
    (self.weights, self.given, self.bias) = (weights, given, bias)
  }

  /// The states of some units, of which `undecided` needed the sum in Float.
  func draw(_ set: InstructionSet, _ copy: ByteCopy, units: Range<Int>? = nil) -> (
    states: PaddedRows, undecided: Int
  ) {
    let units = units ?? 0..<weights.rows
    var states = PaddedRows(rows: given.rows, columns: units.count, padding: 3, seed: 86)
    var undecided = 0
    let on = set.kernels.screened_sample(
      given.floats, given.stride, copy.kernel, weights.floats, weights.stride, bias, &states.floats,
      states.stride, given.rows, units.lowerBound, units.count, weights.columns, Self.random, rowIDs,
      &undecided)
    #expect(on == states.values.count { $0 == 1 } && states.values.allSatisfy { $0 == 0 || $0 == 1 })
    #expect(states.isMarginIntact)
    return (states, undecided)
  }

  /// The states where nothing is settled by bytes: a copy that is infinitely far off.
  func drawInFloat(_ set: InstructionSet) -> PaddedRows {
    let copy = ByteCopy(units: weights.rows, columns: weights.columns)
    for unit in 0..<weights.rows { copy.kernel.half_width[unit] = .infinity }
    let (states, undecided) = draw(set, copy)
    #expect(undecided == states.values.count)
    return states
  }

  func words(_ set: InstructionSet, row: Int) -> [UInt32] {
    var words = [UInt32](repeating: 0, count: weights.rows)
    set.kernels.random_words(Self.random, rowIDs[row], &words, words.count)
    return words
  }

  /// b + W·h and Σ|W| + |b|, in Double.
  func input(row: Int, unit: Int) -> (value: Double, magnitude: Double) {
    var (value, magnitude) = (Double(bias[unit]), Double(abs(bias[unit])))
    for column in 0..<weights.columns {
      value += Double(weights[unit, column] * given[row, column])
      magnitude += Double(abs(weights[unit, column]))
    }
    return (value, magnitude)
  }

  /// Whether states follow word < ⌊p·2³²⌋, and so agree between instruction sets, wherever p, computed in
  /// Double, is farther from the word than a p computed in Float may be off: by a quarter of what its input
  /// may be, (L + 2)·u of its terms, by 2u (1.5 ulp above ½, 3.6 below), by 2⁻³² of the rule. Words are
  /// uniform, so that each draw falls among these with twice that probability; of the number that does only
  /// chances of 10⁻⁶ (five standard deviations, and 5 for small numbers) are left out.
  func followsTheRule(_ set: InstructionSet, _ states: PaddedRows) -> Bool {
    var (exceptions, expected) = (0, 0.0)
    for row in 0..<given.rows {
      let words = words(set, row: row)
      for unit in 0..<weights.rows {
        let (value, magnitude) = input(row: row, unit: unit)
        let allowed =
          (operations(weights.columns) + 2) * unitRoundoff * magnitude / 4 + 2 * unitRoundoff + 0x1p-32
        let distance = 1 / (1 + exp(-value)) - Double(words[unit]) * 0x1p-32
        expected += 2 * allowed
        if (states[row, unit] == 1) != (distance > 0) {
          if abs(distance) > allowed { return false }
          exceptions += 1
        }
      }
    }
    return Double(exceptions) <= expected + 5 * expected.squareRoot() + 5
  }

  /// How many draws bytes should leave open: words are uniform, and those are that lie between σ(ã − e) and
  /// σ(ã + e), with 4096 of 2³² on either side.
  func expectedUndecided(_ copy: ByteCopy) -> Double {
    var sum = 0.0
    for unit in 0..<weights.rows {
      let e = Double(copy.kernel.half_width[unit]) + 0x1p-21 * Double(abs(bias[unit]))
      for row in 0..<given.rows {
        let product = (0..<weights.columns).reduce(0) { $0 + copy.byte(unit, $1) * Double(given[row, $1]) }
        let middle =
          Double(bias[unit]) + Double(copy.kernel.shift[unit]) + Double(copy.kernel.scale[unit]) * product
        sum += 1 / (1 + exp(-middle - e)) - 1 / (1 + exp(-middle + e)) + 8192 * 0x1p-32
      }
    }
    return sum
  }
}

@Suite struct ScreenedDrawsTests {
  /// Units around a block, a tile; rows around the six that share bytes; columns around a group, a vector.
  static let shapes =
    [
      (1, 1, 1), (2, 15, 3), (5, 16, 4), (6, 17, 5), (7, 63, 16), (13, 64, 17), (3, 65, 63), (4, 100, 65),
      (3, 130, 64), (1, 48, 100), (0, 5, 5),
    ] as [(Int, Int, Int)]

  @Test(arguments: InstructionSet.available, shapes)
  func statesAreThoseOfSumsInFloat(
    _ set: InstructionSet, _ shape: (rows: Int, units: Int, columns: Int)
  ) {
    let weights = trainedLike(units: shape.units, columns: shape.columns, deviation: 0.3, seed: 87)
    let screening = Screening(weights: weights, rows: shape.rows, density: 0.4)
    let states = screening.draw(set, ByteCopy(set, weights)).states
    #expect(states.values == screening.drawInFloat(set).values)
    #expect(screening.followsTheRule(set, states))
  }

  @Test(arguments: InstructionSet.available, [0, 0.1, 0.5, 0.9, 1] as [Float])
  func allDensitiesAndMagnitudes(_ set: InstructionSet, _ density: Float) {
    for deviation in [0.01, 0.1, 1] as [Float] {
      let weights = trainedLike(units: 70, columns: 90, deviation: deviation, seed: 88)
      let screening = Screening(weights: weights, rows: 7, density: density)
      let copy = ByteCopy(set, weights)
      let (states, undecided) = screening.draw(set, copy)
      #expect(states.values == screening.drawInFloat(set).values)
      #expect(screening.followsTheRule(set, states))
      let expected = screening.expectedUndecided(copy)
      #expect(abs(Double(undecided) - expected) <= 5 * expected.squareRoot() + 5)
      #expect(undecided < states.values.count / 2)
    }
  }

  /// States that select the positive rests of a unit, or the negative ones: its input lies at the very end of
  /// what bytes leave open. Ten rows for each of 24 units, whose biases bring its mean there to ½; large weights
  /// leave so much open (e ≈ 3) that a bound a tenth too narrow settles some fifteen of these 240 draws wrongly:
  /// σ(0) − σ(−0.3) = 0.07.
  @Test(arguments: InstructionSet.available)
  func inputsAtTheEndsOfTheirRange(_ set: InstructionSet) {
    let weights = trainedLike(units: 24, columns: 90, deviation: 1, seed: 94)
    let copy = ByteCopy(set, weights)
    var given = PaddedRows(rows: 240, columns: 90, seed: 0)
    for row in 0..<240 {
      let scale = Double(copy.kernel.scale[row / 10])
      for column in 0..<90 {
        let rest = Double(weights[row / 10, column]) - scale * copy.byte(row / 10, column)
        given[row, column] = (rest > 0) == (row / 10 % 2 == 0) ? 1 : 0
      }
    }
    let unbiased = Screening(weights: weights, given: given, bias: [Float](repeating: 0, count: 24))
    let bias = (0..<24).map { Float(-unbiased.input(row: 10 * $0, unit: $0).value) }
    let screening = Screening(weights: weights, given: given, bias: bias)
    #expect(screening.draw(set, copy).states.values == screening.drawInFloat(set).values)
  }

  /// A unit's first weight makes its scale 0.01; all others are rests of one sign. With nine tenths of them
  /// selected, inputs lie far from where they would be if rests cancelled.
  @Test(arguments: InstructionSet.available)
  func restsOfOneSign(_ set: InstructionSet) {
    var weights = PaddedRows(rows: 24, columns: 90, seed: 95)
    for unit in 0..<24 {
      for column in 0..<90 { weights[unit, column] = column == 0 ? 1.27 : unit % 2 == 0 ? 0.004 : -0.004 }
    }
    let screening = Screening(weights: weights, rows: 40, density: 0.9)
    #expect(screening.draw(set, ByteCopy(set, weights)).states.values == screening.drawInFloat(set).values)
  }

  /// More rows than have room for their bytes, and more columns than have for six rows. Weights that are scale
  /// times ±127 leave hardly anything open; those of the last columns have one sign, so that they count.
  @Test(arguments: InstructionSet.available, [(70, 3, 1000), (24, 4, 11_001)] as [(Int, Int, Int)])
  func wideAndManyRows(_ set: InstructionSet, _ shape: (rows: Int, units: Int, columns: Int)) {
    var weights = PaddedRows(rows: shape.units, columns: shape.columns, seed: 89)
    for unit in 0..<shape.units {
      for column in 0..<shape.columns {
        let isLast = column > shape.columns - 80
        weights[unit, column] = isLast || weights[unit, column] > 0 ? 0.01 : -0.01
      }
    }
    let screening = Screening(weights: weights, rows: shape.rows, density: 0.3)
    let (states, undecided) = screening.draw(set, ByteCopy(set, weights))
    #expect(undecided < states.values.count / 10)
    #expect(states.values == screening.drawInFloat(set).values)
    #expect(screening.followsTheRule(set, states))
  }

  /// A window draws what the whole draws there.
  @Test(arguments: InstructionSet.available, [0..<64, 64..<128, 64..<190, 128..<190, 128..<129, 64..<64])
  func windowsOfUnits(_ set: InstructionSet, _ window: Range<Int>) {
    let weights = trainedLike(units: 190, columns: 30, deviation: 0.3, seed: 90)
    let screening = Screening(weights: weights, rows: 4, density: 0.5)
    let copy = ByteCopy(set, weights)
    let whole = screening.draw(set, copy).states
    let part = screening.draw(set, copy, units: window).states
    #expect(part.values == (0..<4).flatMap { row in window.map { whole[row, $0] } })
  }

  /// One weight far above all others leaves these nothing but rests.
  @Test(arguments: InstructionSet.available, [30, 1e4, 1e20] as [Float])
  func oneHugeWeight(_ set: InstructionSet, _ huge: Float) {
    var weights = trainedLike(units: 20, columns: 40, deviation: 0.1, seed: 91)
    for unit in 0..<20 { weights[unit, unit] = unit % 2 == 0 ? huge : -huge }
    let screening = Screening(weights: weights, rows: 9, density: 0.5)
    let states = screening.draw(set, ByteCopy(set, weights)).states
    #expect(states.values == screening.drawInFloat(set).values)
  }

  /// Bytes settle nothing of a row that holds what is no number; sums in Float say what becomes of it: units
  /// that are infinitely driven are on or off, those with no number for an input are off.
  @Test(arguments: InstructionSet.available)
  func weightsThatAreNoNumbers(_ set: InstructionSet) {
    var weights = trainedLike(units: 5, columns: 20, deviation: 0.1, seed: 92)
    (weights[0, 3], weights[1, 4], weights[2, 4]) = (.nan, .infinity, -.infinity)
    let screening = Screening(weights: weights, rows: 6, density: 1)
    let (states, undecided) = screening.draw(set, ByteCopy(set, weights))
    #expect(undecided >= 18)
    #expect(states.values == screening.drawInFloat(set).values)
    for row in 0..<6 { #expect(states[row, 0] == 0 && states[row, 1] == 1 && states[row, 2] == 0) }
  }

  @Test(arguments: InstructionSet.available)
  func extremeBiases(_ set: InstructionSet) {
    let weights = trainedLike(units: 8, columns: 20, deviation: 0.1, seed: 93)
    let biases = [200, -200, .infinity, -.infinity, .nan, 1e30, -1e30, 0] as [Float]
    let given = Screening(weights: weights, rows: 6, density: 0.5).given
    let screening = Screening(weights: weights, given: given, bias: biases)
    let states = screening.draw(set, ByteCopy(set, weights)).states
    #expect(states.values == screening.drawInFloat(set).values)
    for row in 0..<6 {
      #expect((0..<7).map { states[row, $0] } == [1, 0, 1, 0, 0, 1, 0])
    }
  }
}
