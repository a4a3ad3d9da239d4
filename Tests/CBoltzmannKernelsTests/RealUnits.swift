import CBoltzmannKernels
import Foundation

/// A block of real-valued units and what the kernels of one instruction set make of it.
struct RealUnits {
  var inputs: [Float]
  var bias: [Float]
  var precision: [Float]
  var scale: Float = 1
  var rows = 1

  var columns: Int { bias.count }

  /// One row whose linear terms are exactly `t`, with precision 1.
  init(t: [Float]) {
    inputs = t
    bias = [Float](repeating: 0, count: t.count)
    precision = [Float](repeating: 1, count: t.count)
  }

  /// Random units: biases and inputs up to a few, precisions from ¼ to 4.
  init(rows: Int, columns: Int, seed: UInt64) {
    self.rows = rows
    inputs = testNumbers(rows * columns, seed: seed).map { 5 * $0 }
    bias = testNumbers(columns, seed: seed + 1)
    precision = testNumbers(columns, seed: seed + 2).map { exp2(2 * $0) }
    scale = 0.75
  }

  enum Kernel: Sendable { case gaussianMeans, rectifiedMeans, rectifiedVariances }

  func map(_ kernel: Kernel, with set: InstructionSet) -> [Float] {
    let table = set.kernels
    let function =
      switch kernel {
      case .gaussianMeans: table.gaussian_means!
      case .rectifiedMeans: table.rectified_means!
      case .rectifiedVariances: table.rectified_variances!
      }
    var out = [Float](repeating: 0, count: inputs.count)
    function(inputs, columns, bias, precision, scale, &out, columns, rows, columns)
    return out
  }

  enum Draw: Sendable { case gaussian, rectified }

  static func random(seed: UInt64 = 5, firstUnit: UInt64 = 0) -> boltzmann_random {
    boltzmann_random(seed: seed, step: 7, stream: 1, first_unit: firstUnit)
  }

  /// States and means; row r is numbered `firstRow` + r.
  func draw(_ kind: Draw, with set: InstructionSet, random: boltzmann_random = random(), firstRow: UInt64 = 0)
    -> (states: [Float], means: [Float])
  {
    let function = kind == .gaussian ? set.kernels.gaussian_sample! : set.kernels.rectified_sample!
    var (states, means) = (inputs, inputs)
    let numbers = (0..<UInt64(rows)).map { firstRow + $0 }
    function(
      inputs, columns, bias, precision, scale, &means, columns, &states, columns, rows, columns, random,
      numbers)
    return (states, means)
  }

  func logNormalizers(_ kind: Draw, with set: InstructionSet) -> [Double] {
    let function =
      kind == .gaussian ? set.kernels.gaussian_log_normalizers! : set.kernels.rectified_log_normalizers!
    var sums = [Double](repeating: 0, count: rows)
    function(inputs, columns, bias, precision, scale, &sums, rows, columns)
    return sums
  }

  /// The units of columns `range` alone.
  func columns(_ range: Range<Int>) -> RealUnits {
    var part = self
    part.inputs = (0..<rows).flatMap {
      inputs[$0 * columns + range.lowerBound..<$0 * columns + range.upperBound]
    }
    part.bias = Array(bias[range])
    part.precision = Array(precision[range])
    return part
  }

  func values(_ matrix: [Float], columns range: Range<Int>) -> [Float] {
    (0..<rows).flatMap { matrix[$0 * columns + range.lowerBound..<$0 * columns + range.upperBound] }
  }

  /// (word + ½)·2⁻³² of every unit, and the rest to 1.
  func uniforms(_ random: boltzmann_random = random()) -> [(u: Double, rest: Double)] {
    (0..<rows).flatMap { row in
      (0..<columns).map { unit in
        let word = boltzmann_random_word_reference(random, UInt64(row), UInt64(unit))
        return ((Double(word) + 0.5) * 0x1p-32, (Double(~word) + 0.5) * 0x1p-32)
      }
    }
  }
}

/// −log u without loss of digits where u is close to 1.
func exponential(_ uniform: (u: Double, rest: Double)) -> Double {
  uniform.u < 0.5 ? -log(uniform.u) : -log1p(-uniform.rest)
}
