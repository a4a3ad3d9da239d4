import BoltzmannData
import BoltzmannReference

/// A machine small enough to know everything about, and its file.
struct TinyMachine {
  /// Weights [3, 2]; all numbers are exact in binary.
  var reference = ReferenceRBM(
    weights: [[1, -1.5], [0.5, 2], [-0.25, 0]], visibleBias: [0, 1, -1], hiddenBias: [0.5, -0.5])
  var metadata = [
    "format": "boltzmann/1", "model": "rbm", "visible_units": "bernoulli", "hidden_units": "bernoulli",
  ]
  var referenceVisibleBias: [Float]?
  /// Tensors in addition, or in place of the machine's own.
  var tensors: [String: Tensor] = [:]
  var missing: Set<String> = []

  /// h = v and v = h, with a probability that misses 1 by less than a draw can tell: e⁻⁴⁰ < 2⁻³².
  static func copying(units: Int) -> TinyMachine {
    let biases = [Double](repeating: -40, count: units)
    let weights = (0..<units).map { i in (0..<units).map { $0 == i ? 80.0 : 0 } }
    return TinyMachine(
      reference: ReferenceRBM(weights: weights, visibleBias: biases, hiddenBias: biases))
  }

  var file: SafetensorsFile {
    var all: [String: Tensor] = [
      "weights": Tensor(
        shape: [reference.visibleCount, reference.hiddenCount],
        reference.weights.flatMap { $0.map { Float($0) } }),
      "visible_bias": Tensor(shape: [reference.visibleCount], reference.visibleBias.map { Float($0) }),
      "hidden_bias": Tensor(shape: [reference.hiddenCount], reference.hiddenBias.map { Float($0) }),
    ]
    if let bias = referenceVisibleBias { all["reference_visible_bias"] = Tensor(shape: [bias.count], bias) }
    all.merge(tensors) { $1 }
    let kept = all.filter { !missing.contains($0.key) }.sorted { $0.key < $1.key }
    return SafetensorsFile(metadata: metadata, tensors: kept.map { (name: $0.key, tensor: $0.value) })
  }

  var bytes: [UInt8] { file.encode() }

  /// Data of three columns, and the same as comma-separated text.
  static let states: [[Double]] = [[0, 1, 0], [1, 1, 1], [0, 0, 0], [1, 0, 1], [1, 1, 0]]
  static let stateText = text(states)

  static func text(_ rows: [[Double]]) -> String {
    rows.map { $0.map { "\($0)" }.joined(separator: ",") + "\n" }.joined()
  }
}
