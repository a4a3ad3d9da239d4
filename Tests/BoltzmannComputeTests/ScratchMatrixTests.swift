import BoltzmannCompute
import Testing

@Suite struct ScratchMatrixTests {
  @Test func copiesDoNotShare() {
    var first = ScratchMatrix(rows: 2, columns: 3)
    var second = first
    let (a, b) = (first.mutableView(), second.mutableView())
    a.fill(1)
    b.fill(2)
    #expect(a.view.values == [Float](repeating: 1, count: 6))
    #expect(b.view.values == [Float](repeating: 2, count: 6))
  }

  @Test func shapeStaysTheSame() {
    var scratch = ScratchMatrix(rows: 5, columns: 17)
    let copy = scratch
    let view = scratch.mutableView()
    #expect(view.rows == 5 && view.columns == 17)
    _ = copy
  }

  /// The sole owner gets the same floats again and again.
  @Test func oneOwnerKeepsItsFloats() {
    var scratch = ScratchMatrix(rows: 2, columns: 2)
    let base = scratch.mutableView().view.base
    for _ in 0..<10 { #expect(scratch.mutableView().view.base == base) }
  }

  // Allocations are counted for the whole process: a process of its own makes the count exact.
  @Test func onlyACopyThatIsUsedAllocates() async {
    await #expect(processExitsWith: .success) {
      var scratch = ScratchMatrix(rows: 10, columns: 10)
      let before = MatrixAllocations.count
      for value in 0..<100 { scratch.mutableView().fill(Float(value)) }
      #expect(MatrixAllocations.count == before)

      var copy = scratch
      #expect(MatrixAllocations.count == before)
      _ = copy.mutableView()
      #expect(MatrixAllocations.count == before + 1)
      for _ in 0..<100 { _ = (scratch.mutableView(), copy.mutableView()) }
      #expect(MatrixAllocations.count == before + 1)
    }
  }
}
