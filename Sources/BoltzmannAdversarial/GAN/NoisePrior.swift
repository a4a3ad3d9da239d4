public import Boltzmann
internal import BoltzmannCompute

/// The distribution p_z of the noise that a generator turns into samples: independent numbers of one kind.
/// ```
/// normal:16     z ~ N(0, 1)¹⁶
/// uniform:16    z ~ U(−1, 1)¹⁶
/// ```
public struct NoisePrior: Spelled {
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    case normal, uniform
  }

  public let kind: Kind
  public let width: Int

  public init(kind: Kind, width: Int) {
    precondition(width >= 1, "noise has at least one number")
    self.kind = kind
    self.width = width
  }

  /// Nil where the kind is unknown or the width is not between 1 and a million.
  public init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let kind = Kind(rawValue: String(parts[0])), let width = Int(parts[1]),
      (1...1_000_000).contains(width)
    else { return nil }
    self.init(kind: kind, width: width)
  }

  public var description: String { "\(kind.rawValue):\(width)" }

  /// target ← z, `[rows, width]`; each row from the numbers of its own.
  func draw(_ random: RandomRows, into target: MutableMatrixView) {
    switch kind {
    case .normal:
      target.fill(0)
      target.sampleGaussian(
        inputs: target.view, bias: [Float](repeating: 0, count: width),
        precision: [Float](repeating: 1, count: width), random: random)
    case .uniform:
      for (row, number) in random.rows.enumerated() {
        let draws = random.stream.uniforms(row: number, count: width)
        target.setRow(row, draws.map { Float(2 * $0 - 1) })
      }
    }
  }
}
