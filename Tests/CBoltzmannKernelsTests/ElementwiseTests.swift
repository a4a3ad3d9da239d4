import BoltzmannTestSupport
import CBoltzmannKernels
import Foundation
import Testing

@Suite struct ElementwiseTests {
  @Test(arguments: InstructionSet.available, AllowedError.table)
  func staysWithinTheAllowedError(_ set: InstructionSet, _ row: AllowedError) {
    let x = arguments(over: row.range, count: Build.isOptimized ? 2_000_000 : 12_000)
    let y = row.function(x, with: set)
    var worst = (excess: 0.0, x: Float(0))
    for i in x.indices {
      let excess = row.excess(x[i], y[i])
      if !(excess <= worst.excess) { worst = (excess, x[i]) }
    }
    #expect(worst.excess <= 1, "\(worst.excess) of what is allowed at \(worst.x)")
  }

  @Test func theReferenceIsTheRoundedDouble() {
    let x = arguments(over: -120...120, count: 3_000)
    #expect(x.map(boltzmann_logistic_reference) == x.map { Float(Elementwise.logistic.exact($0)) })
  }

  /// σ(x) and σ(−x) share e = e^{−|x|}, so its error cancels. What is left, in u: 1 + e rounds by 1/(1 + e), the
  /// quotient by (1 + e)/2, the product with e by 1/4: at most 1.75.
  @Test(arguments: InstructionSet.available)
  func logisticsOfBothSignsSumToOne(_ set: InstructionSet) {
    let x = arguments(over: 0...100, count: Build.isOptimized ? 1_000_000 : 12_000)
    let (above, below) = (set.logistic(x), set.logistic(x.map(-)))
    let holds = zip(above, below).allSatisfy { abs(Double($0) + Double($1) - 1) <= 1.75 * unitRoundoff }
    #expect(holds)
  }

  /// softplus(x) and softplus(−x) share log(1 + e^{−|x|}), which the smaller one is: only the last sum of the
  /// larger one rounds, by half its ulp (the Double difference adds 2⁻⁵³ of it).
  @Test(arguments: InstructionSet.available)
  func softplusOfBothSignsDifferByTheArgument(_ set: InstructionSet) {
    let x = arguments(over: 0...100, count: Build.isOptimized ? 1_000_000 : 12_000)
    let (above, below) = (set.softplus(x), set.softplus(x.map(-)))
    let holds = x.indices.allSatisfy { i in
      let error = abs(Double(above[i]) - Double(below[i]) - Double(x[i]))
      return error <= (0.5 + 0x1p-28) * Double(above[i].ulp)
    }
    #expect(holds)
  }

  /// A row's bits do not depend on where in a vector register an element stands.
  @Test(arguments: InstructionSet.available)
  func bitsDoNotDependOnThePosition(_ set: InstructionSet) {
    let x = testNumbers(70, seed: 2).map { 20 * $0 }
    let (logistic, softplus) = (set.logistic(x), set.softplus(x))
    for begin in 0..<x.count {
      let tail = Array(x[begin...])
      #expect(set.logistic(tail) == Array(logistic[begin...]))
      #expect(set.softplus(tail) == Array(softplus[begin...]))
    }
  }

  @Test(arguments: InstructionSet.available, [1, 2, 15, 16, 17, 31, 33, 70])
  func logisticTakesBiasScaleAndStrides(_ set: InstructionSet, _ columns: Int) {
    let inputs = PaddedRows(rows: 3, columns: columns, seed: 3, scale: 8)
    let bias = testNumbers(columns, seed: 4)
    var out = PaddedRows(rows: 3, columns: columns, padding: 5, seed: 5)
    set.kernels.logistic(
      inputs.floats, inputs.stride, bias, 0.75, &out.floats, out.stride, 3, columns)
    // The argument has one rounding for the sum and one for the product, in this order, here as there.
    let expected = (0..<3).flatMap { row -> [Float] in
      set.logistic((0..<columns).map { 0.75 * (inputs[row, $0] + bias[$0]) })
    }
    #expect(out.values == expected)
    #expect(out.isMarginIntact)

    var inPlace = inputs
    inPlace.floats.withUnsafeMutableBufferPointer {
      set.kernels.logistic(
        $0.baseAddress!, inputs.stride, bias, 0.75, $0.baseAddress!, inputs.stride, 3, columns)
    }
    #expect(inPlace.values == expected)
    #expect(inPlace.isMarginIntact)
  }
}
