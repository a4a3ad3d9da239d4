internal import Boltzmann
public import BoltzmannCompute

/// Layers one after the other, each fed with what the one before it gives.
public struct DenseNetwork: Sendable, Equatable {
  public internal(set) var layers: [DenseLayer]

  /// - Throws: `SettingsError` where there is no layer or a layer's inputs are not what the one before it gives.
  public init(_ layers: [DenseLayer]) throws {
    guard !layers.isEmpty else { throw SettingsError(message: "a network needs at least one layer") }
    for (before, after) in zip(layers, layers.dropFirst()) where before.outputs != after.inputs {
      throw SettingsError(
        message: "a layer with \(before.outputs) outputs cannot feed one with \(after.inputs) inputs")
    }
    self.layers = layers
  }

  /// A network with random weights; `widths` are those of the inputs, the hidden layers and the outputs.
  ///
  /// - Throws: `SettingsError` where there are fewer than two widths or one is not positive.
  public init(widths: [Int], hidden: Activation, output: Activation, seed: UInt64) throws {
    guard widths.count >= 2 else { throw SettingsError(message: "a network needs inputs and outputs") }
    if let bad = widths.first(where: { $0 < 1 }) {
      throw SettingsError(message: "a layer's width must be at least 1, not \(bad)")
    }
    try self.init(
      (1..<widths.count).map { layer in
        try DenseLayer(
          inputs: widths[layer - 1], outputs: widths[layer],
          activation: layer + 1 == widths.count ? output : hidden,
          random: RandomStream(seed: seed, purpose: .weights, step: UInt64(layer)))
      })
  }

  public var inputs: Int { layers[0].inputs }
  public var outputs: Int { layers[layers.count - 1].outputs }
  /// Of the inputs and of every layer's outputs.
  public var widths: [Int] { [inputs] + layers.map(\.outputs) }

  static let rowsPerBlock = 256

  /// What the network makes of rows, `[rows, outputs]` from `[rows, inputs]`.
  ///
  /// - Throws: `SettingsError` where the rows are not as wide as the inputs.
  public func outputs(of rows: MatrixView, parallel: Parallel = .all) throws -> Matrix {
    guard rows.columns == inputs else {
      throw SettingsError(
        message: "rows of \(rows.columns) numbers do not fit a network with \(inputs) inputs")
    }
    var result = Matrix(rows: rows.rows, columns: outputs)
    result.withMutableView { target in
      parallel.forEachBlock(of: rows.rows, size: DenseNetwork.rowsPerBlock) { range in
        var x = rows.rows(range)
        for layer in layers.dropLast() {
          let y = MutableMatrixView(rows: range.count, columns: layer.outputs)
          layer.forward(x, to: y)
          x = y.view
        }
        layers[layers.count - 1].forward(x, to: target.rows(range))
      }
    }
    return result
  }
}
