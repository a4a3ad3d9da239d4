import BoltzmannCompute
import Testing

// Mistakes of a caller stop the program where they are made, before anything is read or written out of bounds.
@Suite struct PreconditionTests {
  @Test func matrixIndices() async {
    await #expect(processExitsWith: .failure) { _ = Matrix(rows: 2, columns: 3)[0, 3] }
    await #expect(processExitsWith: .failure) { _ = Matrix(rows: 2, columns: 3).view[-1, 0] }
  }

  @Test func matrixShapes() async {
    await #expect(processExitsWith: .failure) { _ = Matrix(rows: 2, columns: -1) }
    await #expect(processExitsWith: .failure) { _ = Matrix(rows: 2, columns: 2, values: [1, 2, 3]) }
  }

  @Test func windows() async {
    await #expect(processExitsWith: .failure) { _ = Matrix(rows: 2, columns: 3).view.rows(1..<3) }
    await #expect(processExitsWith: .failure) { _ = MutableMatrixView(rows: 2, columns: 3).columns(-1..<2) }
  }

  @Test func factorsOfAProduct() async {
    await #expect(processExitsWith: .failure) {
      let result = MutableMatrixView(rows: 2, columns: 2)
      result.multiply(Matrix(rows: 2, columns: 3).view, Matrix(rows: 2, columns: 2).view)
    }
  }

  @Test func compactRows() async {
    await #expect(processExitsWith: .failure) {
      MutableMatrixView(rows: 1, columns: 9).expandBits([0xFF], from: 0, row: 0)
    }
    await #expect(processExitsWith: .failure) {
      MutableMatrixView(rows: 1, columns: 9).expandBits([1, 2], from: 0, row: -1)
    }
  }

  @Test func rowNumbersOfDraws() async {
    await #expect(processExitsWith: .failure) {
      let random = RandomRows(RandomStream(seed: 1, purpose: .test), rows: [0])
      MutableMatrixView(rows: 2, columns: 1).drawBernoulli(
        means: Matrix(rows: 2, columns: 1).view, random: random)
    }
  }

  @Test func updatesOfDifferentWidths() async {
    await #expect(processExitsWith: .failure) {
      let update = WeightUpdate(momentum: 0, rate: 1, l1: 0, l2: 0)
      let (weights, velocity) = (
        MutableMatrixView(rows: 1, columns: 40), MutableMatrixView(rows: 1, columns: 4)
      )
      _ = weights.momentumStep(
        velocity: velocity, gradient: Matrix(rows: 1, columns: 40).view, update: update,
        left: Matrix(rows: 1, columns: 0).view, right: Matrix(rows: 0, columns: 40).view, fold: nil)
    }
  }

  @Test func blocksAndMeansOfNothing() async {
    await #expect(processExitsWith: .failure) { _ = Blocks(count: 5, size: 0) }
    await #expect(processExitsWith: .failure) { _ = logMeanExp([]) }
  }
}
