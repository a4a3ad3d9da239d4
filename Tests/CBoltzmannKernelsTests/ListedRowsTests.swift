import CBoltzmannKernels
import Foundation
import Testing

/// Rows selected by lists, against one obvious loop in Double.
@Suite struct ListedRowsTests {
  /// Widths around those of vectors and bands; kernels write whole vectors.
  static let widths = [1, 15, 16, 17, 48, 64, 65, 100, 130]

  fileprivate static func padded(_ columns: Int) -> Int { (columns + 15) / 16 * 16 }

  /// A table whose padding is zero.
  fileprivate static func table(_ rows: Int, _ columns: Int, seed: UInt64) -> [Float] {
    let stride = padded(columns), numbers = testNumbers(rows * columns, seed: seed)
    var table = [Float](repeating: 0, count: rows * stride)
    for r in 0..<rows { for c in 0..<columns { table[r * stride + c] = numbers[r * columns + c] } }
    return table
  }

  private static func list(_ count: Int, below bound: UInt32, seed: UInt64) -> [UInt32] {
    testNumbers(count, seed: seed).map { min(bound - 1, UInt32(Double($0 + 1) / 2 * Double(bound))) }
  }

  @Test(arguments: InstructionSet.available, widths)
  func rowSums(_ set: InstructionSet, _ columns: Int) {
    let stride = Self.padded(columns), w = Self.table(40, columns, seed: 70)
    for (count, keep) in [(0, false), (1, true), (7, false), (300, true)] {
      let list = Self.list(count, below: 40, seed: 71), before = Self.table(1, columns, seed: 72)
      var out = before
      set.kernels.listed_row_sums(list, count, w, stride, &out, columns, keep ? 1 : 0)
      for c in 0..<columns {
        let start = keep ? Double(before[c]) : 0
        let sum = list.reduce(start) { $0 + Double(w[Int($1) * stride + c]) }
        // count + 1 terms of at most 1: Higham's bound.
        let bound = Double(count + 1) * Double(count + 1) * unitRoundoff
        #expect(abs(Double(out[c]) - sum) <= bound)
      }
    }
  }

  /// A draw follows the rule unless its word lies so near a cumulative probability that roundings decide.
  @Test(arguments: InstructionSet.available, [(2, 1), (5, 3), (5, 64), (10, 65), (5, 130), (255, 9)])
  func levelDraws(_ set: InstructionSet, _ size: (Int, Int)) {
    let (levels, count) = size, columns = 37, stride = Self.padded(37), sites = 20
    let w = Self.table(sites * levels, columns, seed: 73), bias = testNumbers(sites * levels, seed: 74)
    let h = Self.table(1, columns, seed: 75)
    let random = boltzmann_random(seed: 44, step: 6, stream: 1, first_unit: 0), row: UInt64 = 1 << 34 | 9
    let list = Self.list(count, below: UInt32(sites * levels), seed: 76)
    var drawn = [UInt32](repeating: 0, count: count)
    let changes = set.kernels.listed_level_draws(
      list, count, levels, w, stride, bias, h, columns, &drawn, random, row)
    #expect(changes == zip(list, drawn).count { $0 != $1 })
    for (l, old) in list.enumerated() {
      let first = Int(old) / levels * levels, level = Int(drawn[l]) - first
      #expect((0..<levels).contains(level))
      let logits = (0..<levels).map { k in
        (0..<columns).reduce(Double(bias[first + k])) {
          $0 + Double(h[$1]) * Double(w[(first + k) * stride + $1])
        }
      }
      let e = logits.map { exp($0 - logits.max()!) }, whole = e.reduce(0, +)
      let word = boltzmann_random_word_reference(random, row, UInt64(l))
      let u = (Double(word) + 0.5) * 0x1p-32
      let below = e.prefix(max(level, 0)).reduce(0, +) / whole, above = below + e[max(level, 0)] / whole
      // Logits: 39 roundings of sums below 38; their errors move probabilities by as much. Sums of e: one rounding a level.
      let margin = (39 * 38 + Double(levels) + 8) * unitRoundoff
      #expect(u >= below - margin && u <= above + margin)
    }
  }

  @Test(arguments: InstructionSet.available, widths)
  func siteSteps(_ set: InstructionSet, _ columns: Int) {
    for count in [1, 2, 40, 700] {
      siteStep(set, columns, count: count, levels: 5, hasBias: true)
      siteStep(set, columns, count: count, levels: 1, hasBias: false)
    }
  }

  private func siteStep(_ set: InstructionSet, _ columns: Int, count: Int, levels: Int, hasBias: Bool) {
    let first: UInt32 = 35
    let a = Self.table(30, columns, seed: 77), b = Self.table(30, columns, seed: 78)
    let cases = Self.list(1000, below: 30, seed: 79)
    let before = Self.list(1000, below: UInt32(levels), seed: 80).map { first + $0 }
    let after = Self.list(1000, below: UInt32(levels), seed: 81).map { first + $0 }
    let entries = Self.list(count, below: 1000, seed: 82)
    func chosen(_ rows: [UInt32], _ k: Int) -> [UInt32] {
      entries.filter { rows[Int($0)] == first + UInt32(k) }.map { cases[Int($0)] }
    }
    let differences = (0..<levels).map {
      SiteDifference(a, b, added: chosen(before, $0), taken: chosen(after, $0), columns)
    }
    var rows = MovingRows(levels, columns, seed: 83), sorted = [UInt32](repeating: 0, count: 2 * count)
    let oldRows = rows, oldBias = testNumbers(2 * levels, seed: 85)
    var bias = Array(oldBias[..<levels]), velocity = Array(oldBias[levels...])
    let squares = a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        rows.withRows { rows in
          bias.withUnsafeMutableBufferPointer { bias in
            let means = boltzmann_listed_means(
              before: a.baseAddress, after: b.baseAddress, before_stride: Self.padded(columns),
              after_stride: Self.padded(columns), columns: columns)
            return set.kernels.listed_site_step(
              means, entries, count, cases, before, after, first, levels, rows,
              hasBias ? bias.baseAddress : nil, &velocity, Self.update, &sorted)
          }
        }
      }
    }
    rows.expect(isStepFrom: oldRows, along: differences, Self.update)
    for k in 0..<levels where hasBias {
      let step =
        Double(Self.update.momentum * oldBias[levels + k]) + Double(Self.update.rate) * differences[k].more
      #expect(abs(Double(velocity[k]) - step) <= 4 * unitRoundoff * (1 + abs(step)))
      #expect(bias[k] == oldBias[k] + velocity[k])
    }
    if !hasBias { #expect(bias + velocity == oldBias) }
    let sum = (rows.velocities(columns) + (hasBias ? velocity : [])).reduce(0.0) {
      $0 + Double($1) * Double($1)
    }
    #expect(abs(squares - sum) <= Double(6 * columns + 16) * unitRoundoff * sum)
  }

  private static let update = boltzmann_update(momentum: 0.75, rate: 0.5, l1: 0, l2: 0.25)
}

/// Σ a − Σ b over lists of cases, and how far a sum in Float may be from it.
private struct SiteDifference {
  let sums: [Double]
  let more: Double
  let bound: Double

  init(_ a: [Float], _ b: [Float], added: [UInt32], taken: [UInt32], _ columns: Int) {
    let stride = (columns + 15) / 16 * 16
    sums = (0..<columns).map { c in
      added.reduce(0.0) { $0 + Double(a[Int($1) * stride + c]) }
        - taken.reduce(0.0) { $0 + Double(b[Int($1) * stride + c]) }
    }
    more = Double(added.count) - Double(taken.count)
    // n terms of at most 1: Higham's bound.
    let terms = Double(added.count + taken.count + 1)
    bound = terms * terms * unitRoundoff
  }
}

/// Some rows with velocities, padding zero.
private struct MovingRows {
  var weights, velocity: [Float]
  let stride: Int

  init(_ rows: Int, _ columns: Int, seed: UInt64) {
    stride = ListedRowsTests.padded(columns)
    weights = ListedRowsTests.table(rows, columns, seed: seed)
    velocity = ListedRowsTests.table(rows, columns, seed: seed + 9)
  }

  mutating func withRows(_ body: (boltzmann_moving_rows) -> Double) -> Double {
    weights.withUnsafeMutableBufferPointer { weights in
      velocity.withUnsafeMutableBufferPointer { velocity in
        body(
          boltzmann_moving_rows(
            weights: weights.baseAddress, velocity: velocity.baseAddress, stride: stride,
            velocity_stride: stride))
      }
    }
  }

  func velocities(_ columns: Int) -> [Float] {
    velocity.indices.filter { $0 % stride < columns }.map { velocity[$0] }
  }

  func expect(isStepFrom old: MovingRows, along differences: [SiteDifference], _ update: boltzmann_update) {
    for (k, difference) in differences.enumerated() {
      for (c, sum) in difference.sums.enumerated() {
        let w = Double(old.weights[k * stride + c]), v = Double(old.velocity[k * stride + c])
        let step = Double(update.momentum) * v + Double(update.rate) * (sum - Double(update.l2) * w)
        // The rate halves the sum's error; five roundings of numbers below 2 + the sum.
        let bound = difference.bound / 2 + 5 * (2 + abs(sum)) * unitRoundoff
        #expect(abs(Double(velocity[k * stride + c]) - step) <= bound)
        #expect(abs(Double(weights[k * stride + c]) - w - step) <= 2 * bound)
      }
    }
    #expect(weights.indices.allSatisfy { $0 % stride < differences[0].sums.count || weights[$0] == 0 })
  }
}
