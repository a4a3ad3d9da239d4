/// Whole rows at a time, y += a·x, with plain array indices: the innermost loop walks along rows.
enum AxpyLoops: NaiveLoops {
  static func hiddenInputs(of machine: NaiveRBM, given visibles: [Float]) -> [Float] {
    inputs(visibles, times: machine.weights, bias: machine.hiddenBias)
  }

  static func visibleInputs(of machine: NaiveRBM, given hiddens: [Float]) -> [Float] {
    inputs(hiddens, times: machine.transposedWeights, bias: machine.visibleBias)
  }

  /// The bias plus the rows of a matrix, each times the state that selects it.
  private static func inputs(_ states: [Float], times matrix: [Float], bias: [Float]) -> [Float] {
    let width = bias.count
    let depth = matrix.count / width
    var inputs = (0..<states.count / depth).flatMap { _ in bias }
    for s in 0..<states.count / depth {
      for k in 0..<depth {
        let state = states[s * depth + k]
        for j in 0..<width {
          inputs[s * width + j] += state * matrix[k * width + j]
        }
      }
    }
    return inputs
  }

  static func updateWeights(of machine: inout NaiveRBM, along phases: NaivePhases, rate: Float) {
    let (m, n) = (machine.visibleCount, machine.hiddenCount)
    for i in 0..<m {
      var gradient = [Float](repeating: 0, count: n)
      for s in 0..<phases.data.count / m {
        let (data, chain) = (phases.data[s * m + i], phases.chains[s * m + i])
        for j in 0..<n {
          gradient[j] += data * phases.dataHiddens[s * n + j]
          gradient[j] -= chain * phases.chainHiddens[s * n + j]
        }
      }
      for j in 0..<n {
        machine.weights[i * n + j] += rate * gradient[j]
      }
    }
  }
}
