import BoltzmannCompute
import BoltzmannTestSupport
import Testing

/// Hidden units that have biases of their own for every class: the wrappers hand the kernels the right rows.
@Suite struct ClassKernelTests {
  /// Inputs with two rows, biases of three classes; columns 1 and 2 of wider matrices.
  private static let inputs = Matrix([[9, 0, 1, 9], [9, -1, 2, 9]])
  private static let biases = Matrix([[0, 0], [1, -1], [-2, 0.5]])

  @Test func softplusSums() {
    let sums = Self.inputs.view.columns(1..<3).softplusSums(biases: Self.biases.view)
    let x = [[0.0, 1], [-1, 2]], b = [[0.0, 0], [1, -1], [-2, 0.5]]
    for k in 0..<3 {
      for row in 0..<2 {
        let expected = softplus(x[row][0] + b[k][0]) + softplus(x[row][1] + b[k][1])
        // Two single terms, each good to 5u of at most 2.2.
        #expect(abs(sums[k][row] - expected) <= 2 * 5 * 2.2 * 0x1p-24)
      }
    }
  }

  @Test func mixtures() {
    let mixture = MutableMatrixView(rows: 2, columns: 2), sums = MutableMatrixView(rows: 3, columns: 2)
    sums.fill(7)
    let factors = Matrix([[1, 0, -0.5], [0.25, 2, 0]])
    mixture.mixLogistic(
      of: Self.inputs.view.columns(1..<3), biases: Self.biases.view, factors: factors.view, sums: sums)
    // h of row and class, by hand.
    func h(_ row: Int, _ k: Int, _ j: Int) -> Double {
      logistic(Double(Self.inputs[row, j + 1]) + Double(Self.biases[k, j]))
    }
    for j in 0..<2 {
      let expected = [
        (mixture[0, j], h(0, 0, j) - 0.5 * h(0, 2, j)), (mixture[1, j], 0.25 * h(1, 0, j) + 2 * h(1, 1, j)),
        (sums[0, j], h(0, 0, j) + 0.25 * h(1, 0, j)), (sums[1, j], 2 * h(1, 1, j)),
        (sums[2, j], -0.5 * h(0, 2, j)),
      ]
      // Two terms of at most 2, each good to 3u, and a sum.
      for (found, value) in expected { #expect(abs(Double(found) - value) <= 16 * 0x1p-24) }
    }
  }
}
