import BoltzmannTestSupport
import CBoltzmannKernels
import Foundation
import Testing

// u = 2⁻²⁴, as in AllowedErrors.swift.
@Suite struct GaussianTests {
  static let widths = [1, 2, 3, 15, 16, 17, 63, 64, 65, 130]

  /// t has two roundings of its own (here as there), 1/γ one and the product one: 2.5 u with the reference's.
  @Test(arguments: InstructionSet.available, widths)
  func means(_ set: InstructionSet, _ columns: Int) {
    let units = RealUnits(rows: 3, columns: columns, seed: 20)
    let means = units.map(.gaussianMeans, with: set)
    for i in means.indices {
      let t = 0.75 * (units.inputs[i] + units.bias[i % columns])
      let exact = Double(t) / Double(units.precision[i % columns])
      #expect(abs(Double(means[i]) - exact) <= 2.5 * unitRoundoff * abs(exact))
    }
  }

  /// z against Box and Muller in double. −log u is good to 4 u, so the radius to 3 u of itself. The angle's rest has
  /// four roundings of at most π/4, the polynomials and the product three more: 8 u of the radius.
  @Test(arguments: InstructionSet.available)
  func normalsFollowTheirWords(_ set: InstructionSet) {
    let units = RealUnits(t: [Float](repeating: 0, count: Build.isOptimized ? 2_000_000 : 20_000))
    let states = units.draw(.gaussian, with: set).states
    let uniforms = units.uniforms()
    var worst = 0.0
    for i in stride(from: 0, to: states.count, by: 2) {
      let radius = (2 * exponential(uniforms[i])).squareRoot()
      let angle = 2 * Double.pi * uniforms[i + 1].u
      worst = max(worst, abs(Double(states[i]) - radius * cos(angle)) / radius)
      worst = max(worst, abs(Double(states[i + 1]) - radius * sin(angle)) / radius)
    }
    #expect(worst <= 8 * unitRoundoff, "\(worst / unitRoundoff)")
  }

  /// mean + z/√γ: 1/√γ and the product round by 2.5 u, the sum by u; |z| < 7.
  @Test(arguments: InstructionSet.available, widths)
  func drawsAreMeansPlusDeviations(_ set: InstructionSet, _ columns: Int) {
    let units = RealUnits(rows: 3, columns: columns, seed: 21)
    let (states, means) = units.draw(.gaussian, with: set)
    #expect(means == units.map(.gaussianMeans, with: set))
    var standard = units
    standard.inputs = standard.inputs.map { _ in 0 }
    standard.bias = standard.bias.map { _ in 0 }
    standard.precision = standard.precision.map { _ in 1 }
    let z = standard.draw(.gaussian, with: set).states
    for i in states.indices {
      let deviation = Double(z[i]) / Double(units.precision[i % columns]).squareRoot()
      let exact = Double(means[i]) + deviation
      #expect(abs(Double(states[i]) - exact) <= unitRoundoff * (2.5 * abs(deviation) + abs(exact)))
    }
  }

  /// t²/γ has one rounding of the quotient in Float; the rest is in double.
  @Test(arguments: InstructionSet.available, widths)
  func logNormalizers(_ set: InstructionSet, _ columns: Int) {
    let units = RealUnits(rows: 3, columns: columns, seed: 22)
    let sums = units.logNormalizers(.gaussian, with: set)
    for row in 0..<3 {
      let squares = (0..<columns).map { j -> Double in
        let t = Double(0.75 * (units.inputs[row * columns + j] + units.bias[j]))
        return t * t / Double(2 * units.precision[j])
      }
      let widths = units.precision.reduce(0) { $0 + 0.5 * log(2 * Double.pi / Double($1)) }
      let exact = squares.reduce(0, +) + widths
      let allowed = 1.01 * unitRoundoff * squares.reduce(0, +) + 1e-12
      #expect(abs(sums[row] - exact) <= allowed)
    }
  }

  /// Squares beyond the range of Float: 1e20² and more are sums like any other.
  @Test(arguments: InstructionSet.available)
  func largeSquares(_ set: InstructionSet) {
    let units = RealUnits(t: [Float](repeating: -1e25, count: 17))
    let exact = 17 * 0.5 * Double(Float(-1e25)) * Double(Float(-1e25))
    #expect(abs(units.logNormalizers(.gaussian, with: set)[0] / exact - 1) <= 1e-12)
    var energies = [0.0]
    set.kernels.quadratic_energies(units.inputs, 17, units.bias, units.precision, &energies, 1, 17)
    #expect(abs(energies[0] / exact - 1) <= 1e-12)
  }

  /// x·(½γx − θ) in double: 4 roundings of 2⁻⁵³ a term and one a sum.
  @Test(arguments: InstructionSet.available, widths)
  func quadraticEnergies(_ set: InstructionSet, _ columns: Int) {
    let units = RealUnits(rows: 3, columns: columns, seed: 23)
    var energies = [1.0, 2, 3]
    set.kernels.quadratic_energies(
      units.inputs, columns, units.bias, units.precision, &energies, 3, columns)
    for row in 0..<3 {
      let terms = (0..<columns).map { j -> Double in
        let x = Double(units.inputs[row * columns + j])
        return 0.5 * Double(units.precision[j]) * x * x - Double(units.bias[j]) * x
      }
      let size = terms.reduce(4) { $0 + abs($1) } + Double(columns) * 5
      #expect(abs(energies[row] - terms.reduce(Double(row + 1), +)) <= size * Double(columns + 4) * 0x1p-53)
    }
  }

  /// A square and a sum round by u each, in three rows.
  @Test(arguments: InstructionSet.available, widths)
  func columnSquares(_ set: InstructionSet, _ columns: Int) {
    let x = PaddedRows(rows: 3, columns: columns, seed: 24)
    var sums = [Float](repeating: 0, count: columns)
    set.kernels.add_column_squares(x.floats, x.stride, &sums, 3, columns)
    for j in 0..<columns {
      let exact = (0..<3).reduce(0.0) { $0 + Double(x[$1, j]) * Double(x[$1, j]) }
      #expect(abs(Double(sums[j]) - exact) <= 4 * unitRoundoff * exact)
    }
  }
}

/// What draws of both kinds have in common.
@Suite struct RealDrawTests {
  static let kinds: [RealUnits.Draw] = [.gaussian, .rectified]

  /// Bits belong to unit and row: not to the window, the width or the rows they are drawn with.
  @Test(arguments: InstructionSet.available, kinds)
  func windowsGiveTheSameBits(_ set: InstructionSet, _ kind: RealUnits.Draw) {
    let units = RealUnits(rows: 3, columns: 150, seed: 30)
    let whole = units.draw(kind, with: set)
    for range in [0..<1, 0..<3, 0..<17, 4..<9, 60..<127, 64..<79, 84..<150, 148..<150] {
      let part = units.columns(range)
      let drawn = part.draw(kind, with: set, random: RealUnits.random(firstUnit: UInt64(range.lowerBound)))
      #expect(drawn.states == units.values(whole.states, columns: range), "\(range)")
      #expect(drawn.means == units.values(whole.means, columns: range), "\(range)")
    }
    var row = units
    row.inputs = Array(units.inputs[150..<300])
    row.rows = 1
    #expect(row.draw(kind, with: set, firstRow: 1).states == Array(whole.states[150..<300]))
  }

  /// In place, without means, and with margins left alone.
  @Test(arguments: InstructionSet.available, kinds)
  func outputsMayBeTheInputs(_ set: InstructionSet, _ kind: RealUnits.Draw) {
    for columns in [1, 15, 33, 65] {
      let units = RealUnits(rows: 2, columns: columns, seed: 31)
      let expected = units.draw(kind, with: set)
      let function = kind == .gaussian ? set.kernels.gaussian_sample! : set.kernels.rectified_sample!
      for meansInPlace in [false, true] {
        var block = PaddedRows(rows: 2, columns: columns, seed: 0)
        for i in units.inputs.indices { block[i / columns, i % columns] = units.inputs[i] }
        var other = PaddedRows(rows: 2, columns: columns, padding: 5, seed: 1)
        let (random, stride) = (RealUnits.random(), block.stride)
        block.floats.withUnsafeMutableBufferPointer { floats in
          let base = floats.baseAddress!
          if meansInPlace {
            function(
              base, stride, units.bias, units.precision, 0.75, base, stride, &other.floats, other.stride, 2,
              columns, random, [0, 1])
          } else {
            function(
              base, stride, units.bias, units.precision, 0.75, nil, 0, base, stride, 2, columns, random,
              [0, 1])
          }
        }
        #expect(block.values == (meansInPlace ? expected.means : expected.states))
        #expect(!meansInPlace || other.values == expected.states)
        #expect(block.isMarginIntact && other.isMarginIntact)
      }
    }
  }

  /// What is not finite stays where it is: its neighbours have their bits, nothing traps.
  @Test(arguments: InstructionSet.available, kinds)
  func notFiniteInputs(_ set: InstructionSet, _ kind: RealUnits.Draw) {
    let units = RealUnits(rows: 1, columns: 67, seed: 32)
    let expected = units.draw(kind, with: set).states
    for bad in [Float.nan, .infinity, -.infinity] {
      var broken = units
      for place in [0, 16, 40, 66] { broken.inputs[place] = bad }
      let states = broken.draw(kind, with: set).states
      let kept = states.indices.filter { ![0, 16, 40, 66].contains($0) }
      #expect(kept.allSatisfy { states[$0] == expected[$0] })
      #expect(!bad.isNaN || states[40].isNaN)
      #expect(!bad.isNaN || broken.logNormalizers(kind, with: set)[0].isNaN)
    }
  }
}
