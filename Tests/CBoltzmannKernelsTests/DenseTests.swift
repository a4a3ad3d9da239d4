import BoltzmannTestSupport
import CBoltzmannKernels
import Testing

@Suite struct DenseTests {
  static let activations = [
    boltzmann_activation(kind: BOLTZMANN_LINEAR, slope: 1),
    boltzmann_activation(kind: BOLTZMANN_RECTIFIED, slope: 0),
    boltzmann_activation(kind: BOLTZMANN_RECTIFIED, slope: 0.2),
    boltzmann_activation(kind: BOLTZMANN_TANH, slope: 1),
    boltzmann_activation(kind: BOLTZMANN_LOGISTIC, slope: 1),
  ]

  private func activate(
    _ set: InstructionSet, _ x: [Float], _ activation: boltzmann_activation
  ) -> [Float] {
    var out = [Float](repeating: 0, count: x.count)
    set.kernels.activate(x, 0, x.map { _ in 0 }, activation, &out, 0, 1, x.count)
    return out
  }

  /// In u = 2⁻²⁴ of the result, e = e^{−2|x|} with its own 1.55 u (`AllowedErrors.swift`):
  ///   |x| ≥ 5/8   2e/(1 + e) ≤ 0.446 moves by 1.55/(1 + e) + 1 + 1 of itself: at most 1.43 u; 1 − … rounds by half
  ///               an ulp, and an ulp of [½, 1) is u                                                   2 ulp
  ///   |x| < 5/8   the correction is at most 13 % and has some 5 roundings, 0.65 u, and 0.1 u from the fit; the sum
  ///               rounds by half an ulp                                                               2 ulp
  @Test(arguments: InstructionSet.available)
  func hyperbolicTangentsAreGoodToTwoUlps(_ set: InstructionSet) {
    let x = [(-20.0, 20.0), (-1, 1), (-1e-4, 1e-4)].flatMap {
      arguments(over: Float($0.0)...Float($0.1), count: Build.isOptimized ? 300_000 : 4_000)
    }
    let y = activate(set, x, Self.activations[3])
    let worst = x.indices.map {
      ulpError(y[$0], reference: boltzmann_activation_reference(Double(x[$0]), Self.activations[3]))
    }.max()
    #expect(worst ?? .infinity <= 2)
  }

  @Test(arguments: InstructionSet.available)
  func farArgumentsSaturateAndNaNStays(_ set: InstructionSet) {
    let x: [Float] = [-.infinity, -1e30, -1e-30, 0, 1e30, .infinity, .nan]
    let tanh = activate(set, x, Self.activations[3]), logistic = activate(set, x, Self.activations[4])
    #expect(Array(tanh[0...5]) == [-1, -1, -1e-30, 0, 1, 1] && tanh[6].isNaN)
    #expect(logistic[6].isNaN)
    #expect(logistic[0] < 1.3e-38 && logistic[3] == 0.5 && logistic[5] == 1)
    #expect(activate(set, x, Self.activations[2])[6].isNaN)
  }

  /// Linear and rectified units: one rounding for the sum, one for the product with the slope, here as there.
  @Test(arguments: InstructionSet.available, [1, 3, 15, 16, 17, 33, 70])
  func takesBiasAndStrides(_ set: InstructionSet, _ columns: Int) {
    let inputs = PaddedRows(rows: 3, columns: columns, seed: 3, scale: 4)
    let bias = testNumbers(columns, seed: 4)
    for activation in Self.activations {
      var out = PaddedRows(rows: 3, columns: columns, padding: 5, seed: 5)
      set.kernels.activate(
        inputs.floats, inputs.stride, bias, activation, &out.floats, out.stride, 3, columns)
      let expected = (0..<3).flatMap { row in
        activate(set, (0..<columns).map { inputs[row, $0] + bias[$0] }, activation)
      }
      #expect(out.values == expected)
      #expect(out.isMarginIntact)
    }
  }

  @Test(arguments: InstructionSet.available)
  func logisticIsThatOfTheOtherKernel(_ set: InstructionSet) {
    let x = testNumbers(70, seed: 6).map { 20 * $0 }
    #expect(activate(set, x, Self.activations[4]) == set.logistic(x))
  }

  @Test(arguments: InstructionSet.available)
  func rectifiersKeepWhatIsPositive(_ set: InstructionSet) {
    #expect(activate(set, [-2, -0.5, 0, 0.5, 2], Self.activations[1]) == [0, 0, 0, 0.5, 2])
    #expect(activate(set, [-2, 0, 2], Self.activations[2]) == [0.2 * -2, 0, 2])
  }

  /// φ′ by its formula from the outputs: at most a difference or two products besides that with the delta, 3 u of
  /// what is subtracted from: of 1 for tanh, of the result for the others.
  @Test(arguments: InstructionSet.available, [1, 16, 37])
  func slopesMultiplyTheDeltas(_ set: InstructionSet, _ columns: Int) {
    for activation in Self.activations {
      let x = PaddedRows(rows: 2, columns: columns, seed: 7, scale: 3)
      var outputs = x, deltas = PaddedRows(rows: 2, columns: columns, padding: 2, seed: 8)
      let before = deltas
      outputs.floats = activate(set, x.floats, activation)
      set.kernels.activation_slopes(
        outputs.floats, outputs.stride, activation, &deltas.floats, deltas.stride, 2, columns)
      for row in 0..<2 {
        for column in 0..<columns {
          let slope = boltzmann_activation_slope_reference(Double(outputs[row, column]), activation)
          let delta = Double(before[row, column]), error = abs(Double(deltas[row, column]) - slope * delta)
          #expect(error <= 3 * unitRoundoff * abs(delta))
        }
      }
      #expect(deltas.isMarginIntact)
    }
  }

  /// Moments: a product, a product and a sum, at most 3 u of the terms' sizes (4 u with g²). The step: that of the
  /// first moment, and of the second half of its own for the root, with 5 more roundings; then the last sum.
  @Test(arguments: InstructionSet.available, [1, 15, 16, 33, 100])
  func adamFollowsItsFormula(_ set: InstructionSet, _ columns: Int) {
    let settings = boltzmann_adam(
      rate: 0.01, first_decay: 0.9, second_decay: 0.99, second_scale: 3, epsilon: 1e-6)
    let old = (
      w: testNumbers(columns, seed: 10), m: testNumbers(columns, seed: 11),
      s: testNumbers(columns, seed: 12).map { $0 * $0 }, g: testNumbers(columns, seed: 13)
    )
    var (w, m, s) = (old.w, old.m, old.s)
    set.kernels.adam_step(&w, &m, &s, old.g, columns, settings)
    let (first, second) = (Double(settings.first_decay), Double(settings.second_decay))
    for j in 0..<columns {
      let g = Double(old.g[j])
      let mean = first * Double(old.m[j]) + Double(1 - settings.first_decay) * g
      let meanSize = first * abs(Double(old.m[j])) + Double(1 - settings.first_decay) * abs(g)
      let square = second * Double(old.s[j]) + Double(1 - settings.second_decay) * g * g
      let size = (3 * square).squareRoot() + Double(settings.epsilon)
      let (rate, u) = (Double(settings.rate), unitRoundoff)
      #expect(abs(Double(m[j]) - mean) <= 3 * u * meanSize)
      #expect(abs(Double(s[j]) - square) <= 4 * u * square)
      let step = rate * meanSize / size
      #expect(abs(Double(w[j]) - Double(old.w[j]) - rate * mean / size) <= (3 + 2 + 5) * u * step + u)
    }
  }

  /// Zeros stay zeros: padding may be passed.
  @Test(arguments: InstructionSet.available)
  func adamLeavesZerosAlone(_ set: InstructionSet) {
    var (w, m, s): ([Float], [Float], [Float]) = ([0, 0], [0, 0], [0, 0])
    let settings = boltzmann_adam(
      rate: 0.1, first_decay: 0.9, second_decay: 0.999, second_scale: 1000, epsilon: 1e-8)
    set.kernels.adam_step(&w, &m, &s, [0, 0], 2, settings)
    #expect(w == [0, 0] && m == [0, 0] && s == [0, 0])
  }
}
