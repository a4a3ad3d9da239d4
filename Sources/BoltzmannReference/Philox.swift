/// The counter-based random generator Philox 4x32-10.
///
/// A counter-based generator has no state: it scrambles a counter, so any number of the sequence can be had
/// at once, in any order and by any thread. One block of four words is ten rounds of two multiplications:
/// ```
/// (c₀, c₁, c₂, c₃) → (hi(M₁c₂) ⊕ c₁ ⊕ k₀,  lo(M₁c₂),  hi(M₀c₀) ⊕ c₃ ⊕ k₁,  lo(M₀c₀))
/// ```
/// and between two rounds the key (k₀, k₁) moves on by a constant.
///
/// Source: Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
public enum Philox {
  /// The four random words that belong to a counter and a key.
  public static func block(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
    var counter = counter
    var key = key
    for _ in 0..<10 {
      counter = round(counter, key)
      key &+= keyIncrement
    }
    return counter
  }

  private static func round(_ counter: SIMD4<UInt32>, _ key: SIMD2<UInt32>) -> SIMD4<UInt32> {
    let first = multiplier0.multipliedFullWidth(by: counter[0])
    let second = multiplier1.multipliedFullWidth(by: counter[2])
    return SIMD4(
      second.high ^ counter[1] ^ key[0], second.low,
      first.high ^ counter[3] ^ key[1], first.low)
  }

  private static let multiplier0: UInt32 = 0xD251_1F53
  private static let multiplier1: UInt32 = 0xCD9E_8D57

  /// The golden ratio and √3 − 1, as 32-bit fractions.
  private static let keyIncrement = SIMD2<UInt32>(0x9E37_79B9, 0xBB67_AE85)
}
