import CBoltzmannKernels
import Foundation
import Testing

/// Rows selected by lists, against one obvious loop in Double.
@Suite struct ListedRowsTests {
  /// Widths around those of vectors and bands; kernels write whole vectors.
  static let widths = [1, 15, 16, 17, 48, 64, 65, 100, 130]

  private static func padded(_ columns: Int) -> Int { (columns + 15) / 16 * 16 }

  /// A table whose padding is zero.
  private static func table(_ rows: Int, _ columns: Int, seed: UInt64) -> [Float] {
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
  func outerSums(_ set: InstructionSet, _ columns: Int) {
    let stride = Self.padded(columns), levels = 5, first: UInt32 = 35
    let a = Self.table(30, columns, seed: 77), b = Self.table(30, columns, seed: 78)
    for count in [0, 1, 40, 256, 700] {
      let cases = Self.list(1000, below: 30, seed: 79)
      let before = Self.list(1000, below: 5, seed: 80).map { first + $0 }
      let after = Self.list(1000, below: 5, seed: 81).map { first + $0 }
      let entries = Self.list(count, below: 1000, seed: 82)
      var out = [Float](repeating: 9, count: levels * stride), counts = [Float](repeating: 9, count: levels)
      set.kernels.listed_outer_sums(
        entries, count, cases, before, after, first, levels, a, stride, b, stride, &out, stride, columns,
        &counts)
      for k in 0..<levels {
        let added = entries.filter { before[Int($0)] == first + UInt32(k) }
        let taken = entries.filter { after[Int($0)] == first + UInt32(k) }
        #expect(counts[k] == Float(added.count - taken.count))
        for c in 0..<columns {
          let plus = added.reduce(0.0) { $0 + Double(a[Int(cases[Int($1)]) * stride + c]) }
          let minus = taken.reduce(0.0) { $0 + Double(b[Int(cases[Int($1)]) * stride + c]) }
          let terms = Double(added.count + taken.count + 1)
          #expect(abs(Double(out[k * stride + c]) - (plus - minus)) <= terms * terms * unitRoundoff)
        }
      }
    }
  }
}
