/// SplitMix64 (Steele, Lea & Flood 2014), so that every run of the tests draws alike.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

/// Tables as comma-separated text.
enum TinyData {
  /// Zeros and ones; ones in the share `density`.
  static func binary(rows: Int, columns: Int, density: Double = 0.4, seed: UInt64 = 1) -> String {
    text(rows, columns, seed) { Double.random(in: 0..<1, using: &$0) < density ? "1" : "0" }
  }

  /// Hundredths from 0 to 1.
  static func grey(rows: Int, columns: Int, seed: UInt64 = 2) -> String {
    text(rows, columns, seed) { "\(Double(Int.random(in: 0...100, using: &$0)) / 100)" }
  }

  private static func text(
    _ rows: Int, _ columns: Int, _ seed: UInt64, _ cell: (inout SplitMix) -> String
  ) -> String {
    var random = SplitMix(seed)
    return (0..<rows).map { _ in
      (0..<columns).map { _ in cell(&random) }.joined(separator: ",") + "\n"
    }.joined()
  }
}
