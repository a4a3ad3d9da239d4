import BoltzmannCompute
import Foundation
import Testing

@Suite struct ByteWeightsTests {
  /// Ten rows of 60 states, half of them ones; 150 units.
  private struct Draws {
    let weights = Matrix.normal(rows: 150, columns: 60, seed: 70)
    let bias = normals(150, seed: 71)
    let states: Matrix
    let random = RandomRows(
      RandomStream(seed: 72, purpose: .test, step: 3), rows: (0..<10).map { 7 * $0 + 2 }[...])

    init() {
      let uniforms = RandomStream(seed: 73, purpose: .test).uniforms(row: 0, count: 600)
      states = Matrix(rows: 10, columns: 60) { uniforms[60 * $0 + $1] < 0.5 ? 1 : 0 }
    }

    var bytes: ByteWeights {
      let bytes = ByteWeights(units: 150, given: 60)
      bytes.take(weights.view)
      return bytes
    }

    func draw(_ bytes: ByteWeights, units: Range<Int> = 0..<150) -> Matrix {
      var result = Matrix(rows: 10, columns: units.count)
      let on = result.withMutableView {
        $0.sampleBernoulli(
          given: states.view, weights: weights.view, bytes: bytes, bias: bias, random: random,
          firstUnit: units.lowerBound)
      }
      #expect(on == result.values.count { $0 == 1 })
      return result
    }
  }

  @Test func copiesPayWhereTheProcessorMultipliesBytes() {
    #expect(!ByteWeights.pay || InstructionSet.name == "x86-64-v4")
  }

  /// Draws from inputs that are a product in Float differ only where a word lies nearer to the mean than either
  /// is off: inputs by 62 + 21 roundings of their terms at most, means by a quarter of that and 2u.
  @Test func drawsAreThoseFromInputs() {
    let draws = Draws()
    let (inputs, means, expected) = (
      MutableMatrixView(rows: 10, columns: 150), MutableMatrixView(rows: 10, columns: 150),
      MutableMatrixView(rows: 10, columns: 150)
    )
    inputs.multiply(draws.states.view, draws.weights.view.transposed)
    expected.sampleBernoulli(inputs: inputs.view, bias: draws.bias, means: means, random: draws.random)
    let drawn = draws.draw(draws.bytes)
    for (row, number) in draws.random.rows.enumerated() {
      let words = draws.random.stream.words(row: number, count: 150)
      for unit in 0..<150 {
        let magnitude = (0..<60).reduce(abs(draws.bias[unit])) { $0 + abs(draws.weights[unit, $1]) }
        let allowed = 2 * unitRoundoff * (83 * Double(magnitude) / 4 + 2) + 0x1p-32
        let distance = abs(Double(means[row, unit]) - Double(words[unit]) * 0x1p-32)
        #expect(drawn[row, unit] == expected[row, unit] || distance <= allowed)
      }
    }
  }

  @Test(arguments: [0..<64, 64..<150, 128..<140])
  func windowsDrawWhatTheWholeDrawsThere(_ units: Range<Int>) {
    let draws = Draws()
    let bytes = draws.bytes
    #expect(draws.draw(bytes, units: units).values == draws.draw(bytes).view.columns(units).values)
  }

  /// Whether taken at once or by sixteens, by several workers, the draws are the same; so they are from a copy of
  /// what the weights were before, once it is taken again.
  @Test func workersTakeRowsAtOnce() {
    let draws = Draws()
    let bytes = ByteWeights(units: 150, given: 60)
    bytes.take(Matrix.filled(rows: 150, columns: 60, 3).view)
    Parallel(threads: 3).forEachBlock(of: 150, size: 16) { rows in
      bytes.take(draws.weights.view.rows(rows), first: rows.lowerBound)
    }
    #expect(draws.draw(bytes) == draws.draw(draws.bytes))
  }

  @Test func nothingToDraw() {
    let bytes = ByteWeights(units: 0, given: 0)
    bytes.take(Matrix(rows: 0, columns: 0).view)
    let random = RandomRows(RandomStream(seed: 1, purpose: .test), rows: [])
    let on = MutableMatrixView(rows: 0, columns: 0).sampleBernoulli(
      given: Matrix(rows: 0, columns: 0).view, weights: Matrix(rows: 0, columns: 0).view, bytes: bytes,
      bias: [], random: random)
    #expect(on == 0)
  }

  /// Neither copying nor drawing allocates.
  @Test func steadyStatesAllocateNothing() async {
    await #expect(processExitsWith: .success) {
      let (draws, bytes) = (Draws(), ByteWeights(units: 150, given: 60))
      let result = MutableMatrixView(rows: 10, columns: 150)
      let before = MatrixAllocations.count
      for _ in 0..<3 {
        bytes.take(draws.weights.view)
        result.sampleBernoulli(
          given: draws.states.view, weights: draws.weights.view, bytes: bytes, bias: draws.bias,
          random: draws.random)
      }
      #expect(MatrixAllocations.count == before)
    }
  }
}

@Suite struct ByteWeightsPreconditionTests {
  @Test func rowsThatAreTaken() async {
    await #expect(processExitsWith: .failure) {
      ByteWeights(units: 40, given: 3).take(Matrix(rows: 16, columns: 3).view, first: 8)
    }
    await #expect(processExitsWith: .failure) {
      ByteWeights(units: 40, given: 3).take(Matrix(rows: 15, columns: 3).view, first: 16)
    }
    await #expect(processExitsWith: .failure) {
      ByteWeights(units: 40, given: 3).take(Matrix(rows: 9, columns: 3).view, first: 32)
    }
    await #expect(processExitsWith: .failure) {
      ByteWeights(units: 16, given: 3).take(Matrix(rows: 16, columns: 4).view)
    }
  }

  private static func draw(
    units: Int = 70, given: Int = 3, copied: Int = 3, biases: Int = 70, columns: Int = 70, firstUnit: Int = 0
  ) {
    MutableMatrixView(rows: 1, columns: columns).sampleBernoulli(
      given: Matrix(rows: 1, columns: given).view, weights: Matrix(rows: units, columns: 3).view,
      bytes: ByteWeights(units: units, given: copied), bias: [Float](repeating: 0, count: biases),
      random: RandomRows(RandomStream(seed: 1, purpose: .test), rows: [0]), firstUnit: firstUnit)
  }

  @Test func shapesOfDraws() async {
    await #expect(processExitsWith: .success) { Self.draw() }
    await #expect(processExitsWith: .success) { Self.draw(columns: 6, firstUnit: 64) }
    await #expect(processExitsWith: .failure) { Self.draw(given: 4) }
    await #expect(processExitsWith: .failure) { Self.draw(copied: 4) }
    await #expect(processExitsWith: .failure) { Self.draw(biases: 69) }
    await #expect(processExitsWith: .failure) { Self.draw(columns: 71) }
    await #expect(processExitsWith: .failure) { Self.draw(columns: 7, firstUnit: 64) }
    await #expect(processExitsWith: .failure) { Self.draw(columns: 6, firstUnit: 32) }
  }
}
