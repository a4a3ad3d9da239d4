internal import BoltzmannCompute

/// Room for what the layers of a network give for the rows of a minibatch, reused from update to update.
struct NetworkScratch: Sendable {
  private var outputs: [ScratchMatrix]
  private var deltas: [ScratchMatrix]

  init(capacity: Int, network: DenseNetwork) {
    outputs = network.layers.map { ScratchMatrix(rows: capacity, columns: $0.outputs) }
    deltas = outputs
  }

  /// The first `count` rows, to write.
  mutating func rows(_ count: Int) -> NetworkRows {
    NetworkRows(
      outputs: outputs.indices.map { outputs[$0].mutableView().rows(0..<count) },
      deltas: deltas.indices.map { deltas[$0].mutableView().rows(0..<count) })
  }
}

/// What every layer gives for some rows, and how a cost C changes with it.
/// ```
/// y_l = φ(a_l),   a_l = y_{l−1}·W_l + b_l            forward
/// δ_l = ∂C/∂y_l ∘ φ′(a_l)                            backward, from the last layer down
/// ∂C/∂y_{l−1} = δ_l·W_lᵀ
/// ∂C/∂W_l = y_{l−1}ᵀ·δ_l      ∂C/∂b_l = Σ_rows δ_l
/// ```
/// Rows do not mix before the sums of the last line: blocks of rows go forward and backward by themselves.
struct NetworkRows: Sendable {
  /// y_l, `[rows, outputs of l]`.
  let outputs: [MutableMatrixView]
  /// First ∂C/∂y_l, then δ_l.
  let deltas: [MutableMatrixView]
  /// How many rows, the first ones, the biases count; nil: all.
  var biasRows: Int?

  var last: (outputs: MatrixView, deltas: MutableMatrixView) {
    (outputs[outputs.count - 1].view, deltas[deltas.count - 1])
  }

  func rows(_ range: Range<Int>) -> NetworkRows {
    precondition(biasRows == nil, "blocks are cut before it is said which rows the biases count")
    return NetworkRows(outputs: outputs.map { $0.rows(range) }, deltas: deltas.map { $0.rows(range) })
  }

  func forward(_ network: DenseNetwork, _ inputs: MatrixView) {
    for (index, layer) in network.layers.enumerated() {
      layer.forward(index == 0 ? inputs : outputs[index - 1].view, to: outputs[index])
    }
  }

  /// From ∂C/∂y of the last layer to δ of all of them, and to ∂C/∂x where somebody wants it.
  func backward(_ network: DenseNetwork, to inputDeltas: MutableMatrixView? = nil) {
    for (index, layer) in network.layers.enumerated().reversed() {
      deltas[index].multiplyBySlopes(of: layer.activation, outputs: outputs[index].view)
      if let target = index == 0 ? inputDeltas : deltas[index - 1] {
        layer.backward(deltas[index].view, to: target)
      }
    }
  }

  /// target ← −∂C/∂(W, b) of a layer, some rows of it, `[range, outputs]`; `inputs` are the network's.
  func writeDescent(of layer: Int, _ range: Range<Int>, inputs: MatrixView, to target: MutableMatrixView) {
    let x = layer == 0 ? inputs : outputs[layer - 1].view, delta = deltas[layer].view
    let weights = range.clamped(to: 0..<x.columns)
    if !weights.isEmpty {
      target.rows(0..<weights.count).multiply(x.columns(weights).transposed, delta.asIs, alpha: -1)
    }
    if range.upperBound > x.columns {
      let bias = target.rows((range.count - 1)..<range.count)
      delta.rows(0..<(biasRows ?? delta.rows)).writeColumnSums(to: bias)
      bias.affine(scale: -1, shift: 0)
    }
  }
}

/// An even number of blocks of about `size` that cover `count`, or one where that is too few to share.
func evenBlocks(of count: Int, about size: Int) -> Int {
  guard count >= size / 2 else { return max(1, count) }
  let pairs = max(1, (count + size) / (2 * size))
  return (count + 2 * pairs - 1) / (2 * pairs)
}
