/// Random numbers that depend on who they are for, never on who draws them or when.
///
/// Each number has an address: the unit, the row (the sample's or the chain's own number), the step, and the
/// stream (what it is for). The same seed and address give the same number in every program that follows the
/// rule below, so two programs that compute the same probabilities draw the same states.
/// ```
/// key     = (low, high) half of the seed
/// counter = (unit / 4,  row low 32,  step low 32,  stream ‖ row bits 32–39 ‖ step bits 32–47)
/// number  = word (unit mod 4) of the Philox block
/// ```
public struct ReferenceRandom: Equatable, Sendable {
  /// What a random number is for; at most 255.
  public enum Stream {
    /// Draws of hidden states.
    public static let hidden = 0
    /// Draws of visible states.
    public static let visible = 1
  }

  public var seed: UInt64

  public init(seed: UInt64) {
    self.seed = seed
  }

  /// The random word of one unit.
  ///
  /// Addresses are not negative, rows are below 2⁴⁰ and steps below 2⁴⁸.
  public func word(unit: Int, row: Int, step: Int, stream: Int) -> UInt32 {
    block(unit / 4, row: row, step: step, stream: stream)[unit % 4]
  }

  /// The words of units 4·block to 4·block + 3.
  public func block(_ block: Int, row: Int, step: Int, stream: Int) -> SIMD4<UInt32> {
    let key = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    let high = stream << 24 | (row >> 32 & 0xFF) << 16 | (step >> 32 & 0xFFFF)
    let counter = SIMD4(
      UInt32(truncatingIfNeeded: block), UInt32(truncatingIfNeeded: row),
      UInt32(truncatingIfNeeded: step), UInt32(truncatingIfNeeded: high))
    return Philox.block(counter: counter, key: key)
  }

  /// A layer of Bernoulli draws, one for each of the given probabilities.
  public func bernoulli(_ probabilities: [Double], row: Int, step: Int, stream: Int) -> [Double] {
    var words = SIMD4<UInt32>()
    return probabilities.indices.map { unit in
      if unit % 4 == 0 {
        words = block(unit / 4, row: row, step: step, stream: stream)
      }
      return Self.isOn(words[unit % 4], probability: probabilities[unit]) ? 1 : 0
    }
  }

  /// The Bernoulli rule: on when the word lies below the probability's share of all 2³² words.
  /// ```
  /// word < ⌊p · 2³²⌋
  /// ```
  /// Always on for p ≥ 1, never on for p ≤ 0, and never on for a p that is not a number.
  public static func isOn(_ word: UInt32, probability: Double) -> Bool {
    Double(word) < (probability * 0x1p32).rounded(.down)
  }
}
