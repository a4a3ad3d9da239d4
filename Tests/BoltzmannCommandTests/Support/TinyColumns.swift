import Foundation

extension TinyData {
  /// Columns of these kinds with a header `c0,c1,…`, all of which depend on a hidden coin of each row: there is
  /// something to learn.
  static func columns(_ kinds: [String], rows: Int, seed: UInt64 = 5) -> String {
    var random = SplitMix(seed)
    let lines = (0..<rows).map { _ in
      let isHeads = Bool.random(using: &random)
      return kinds.map { cell($0, isHeads, &random) }.joined(separator: ",")
    }
    let header = kinds.indices.map { "c\($0)" }.joined(separator: ",")
    return ([header] + lines).joined(separator: "\n") + "\n"
  }

  private static func cell(_ kind: String, _ isHeads: Bool, _ random: inout SplitMix) -> String {
    let isOn = Double.random(in: 0..<1, using: &random) < (isHeads ? 0.8 : 0.3)
    let real = (isHeads ? 2 : -0.5) + normal(&random)
    switch kind {
    case "bernoulli": return isOn ? "1" : "0"
    case "spin": return isOn ? "1" : "-1"
    case "categorical": return "\(Int.random(in: 0...1, using: &random) + (isOn ? 2 : 0))"
    case "relu": return String(format: "%.4f", max(real, 0))
    default: return String(format: "%.4f", real)
    }
  }

  /// Box & Muller (1958).
  static func normal(_ random: inout SplitMix) -> Double {
    let radius = (-2 * log(1 - Double.random(in: 0..<1, using: &random))).squareRoot()
    return radius * cos(2 * .pi * Double.random(in: 0..<1, using: &random))
  }
}
