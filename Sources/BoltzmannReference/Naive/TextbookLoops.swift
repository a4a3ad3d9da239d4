/// The loops as the formulas read; the innermost walks down the columns of W, or of a batch, where every
/// access lies a whole row away from the last.
enum TextbookLoops: NaiveLoops {
  static func hiddenInputs(of machine: NaiveRBM, given visibles: [Float]) -> [Float] {
    let (m, n) = (machine.visibleCount, machine.hiddenCount)
    var inputs = [Float](repeating: 0, count: visibles.count / m * n)
    for s in 0..<visibles.count / m {
      for j in 0..<n {
        var input = machine.hiddenBias[j]
        for i in 0..<m {
          input += visibles[s * m + i] * machine.weights[i * n + j]
        }
        inputs[s * n + j] = input
      }
    }
    return inputs
  }

  static func visibleInputs(of machine: NaiveRBM, given hiddens: [Float]) -> [Float] {
    let (m, n) = (machine.visibleCount, machine.hiddenCount)
    var inputs = [Float](repeating: 0, count: hiddens.count / n * m)
    for s in 0..<hiddens.count / n {
      for i in 0..<m {
        var input = machine.visibleBias[i]
        for j in 0..<n {
          input += hiddens[s * n + j] * machine.weights[i * n + j]
        }
        inputs[s * m + i] = input
      }
    }
    return inputs
  }

  static func updateWeights(of machine: inout NaiveRBM, along phases: NaivePhases, rate: Float) {
    let (m, n) = (machine.visibleCount, machine.hiddenCount)
    for i in 0..<m {
      for j in 0..<n {
        var gradient: Float = 0
        for s in 0..<phases.data.count / m {
          gradient += phases.data[s * m + i] * phases.dataHiddens[s * n + j]
          gradient -= phases.chains[s * m + i] * phases.chainHiddens[s * n + j]
        }
        machine.weights[i * n + j] += rate * gradient
      }
    }
  }
}
