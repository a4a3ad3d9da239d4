/// Whole rows at a time, y += a·x, through spans.
///
/// With array indices every access is checked against the bounds, and the checks keep the compiler from working
/// on several elements at once. Here the lengths are compared once for each row, and it does.
enum VectorizedAxpyLoops: NaiveLoops {
  static func hiddenInputs(of machine: NaiveRBM, given visibles: [Float]) -> [Float] {
    inputs(visibles, times: machine.weights, bias: machine.hiddenBias)
  }

  static func visibleInputs(of machine: NaiveRBM, given hiddens: [Float]) -> [Float] {
    inputs(hiddens, times: machine.transposedWeights, bias: machine.visibleBias)
  }

  /// The bias plus the rows of a matrix, each times the state that selects it.
  private static func inputs(_ states: [Float], times matrix: [Float], bias: [Float]) -> [Float] {
    let depth = matrix.count / bias.count
    var inputs: [Float] = []
    for s in 0..<states.count / depth {
      var row = bias
      for k in 0..<depth {
        axpy(states[s * depth + k], row: k, of: matrix, into: &row)
      }
      inputs += row
    }
    return inputs
  }

  static func updateWeights(of machine: inout NaiveRBM, along phases: NaivePhases, rate: Float) {
    let (m, n) = (machine.visibleCount, machine.hiddenCount)
    for i in 0..<m {
      var gradient = [Float](repeating: 0, count: n)
      for s in 0..<phases.data.count / m {
        axpy(phases.data[s * m + i], row: s, of: phases.dataHiddens, into: &gradient)
        axpy(-phases.chains[s * m + i], row: s, of: phases.chainHiddens, into: &gradient)
      }
      for j in 0..<n {
        machine.weights[i * n + j] += rate * gradient[j]
      }
    }
  }

  /// y += a·x, where x is a row of a flat matrix.
  private static func axpy(_ a: Float, row: Int, of matrix: [Float], into y: inout [Float]) {
    let x = matrix.span.extracting(row * y.count..<(row + 1) * y.count)
    precondition(x.count == y.count, "axpy needs equal lengths")
    for j in x.indices {
      y[j] += a * x[j]
    }
  }
}
