import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Foundation
import Testing

@Suite("Units of every kind: draws")
struct UnitDrawTests {
  static let random = ReferenceRandom(seed: 410)

  static func rows(_ rows: Range<UInt64>, firstUnit: Int = 0) -> RandomRows {
    RandomRows(RandomStream(seed: 410, purpose: .test, step: 3), rows: ArraySlice(rows), firstUnit: firstUnit)
  }

  @Test("are the reference's, by the same random words", arguments: LayerCase.all, [1, 0.3, 0] as [Float])
  func reference(_ layer: LayerCase, _ beta: Float) {
    let means = MutableMatrixView(rows: 5, columns: layer.units.count)
    let states = layer.output {
      layer.units.sample(
        inputs: layer.inputs.view, inverseTemperature: beta, random: Self.rows(7..<12), means: means, into: $0
      )
    }
    for (row, fields) in layer.fields(beta).enumerated() {
      let expected = layer.reference.sample(
        fields, row: 7 + row, step: 3, stream: 255, random: Self.random)
      for (column, bound) in drawBounds(layer, fields, expected, row: 7 + row).enumerated() {
        #expect(abs(states[row][column] - expected[column]) <= bound)
      }
    }
    let asked = layer.output {
      layer.units.means(inputs: layer.inputs.view, inverseTemperature: beta, into: $0)
    }
    #expect(means.view.doubles == asked, "the means are those of the verb")
  }

  /// How far each draw may be from the reference's: not at all for discrete units, whose words are shown to be far
  /// from a threshold.
  private func drawBounds(
    _ layer: LayerCase, _ fields: [Double], _ states: [Double], row: Int
  ) -> [Double] {
    var firstUnit = 0
    return zip(layer.reference.blocks, layer.reference.ranges).flatMap { block, range in
      defer { firstUnit += (block.width + 3) / 4 * 4 }
      let draw = ReferenceUnits.Draw(Self.random, row: row, step: 3, stream: 255, firstUnit: firstUnit)
      let fields = Array(fields[range])
      guard block.kind.isReal else {
        // Discrete means are good to the field's error and 30u, of sums of at most three.
        let margin = margin(block, fields, draw)
        #expect(margin > 3 * (LayerCase.fieldError + 30 * FloatBounds.roundoff), "a seed without close draws")
        return fields.map { _ in 0.0 }
      }
      return fields.indices.map { column in
        let (x, precision) = (fields[column], block.precision[column])
        return block.kind == .gaussian
          ? gaussianBound(x, precision)
          : rectifiedBound(x, precision, states[range.lowerBound + column], draw.uniform(column))
      }
    }
  }

  /// The smallest distance of a word from a threshold.
  private func margin(_ block: ReferenceUnits, _ fields: [Double], _ draw: ReferenceUnits.Draw) -> Double {
    switch block.kind {
    case .categorical:
      block.sites.indices.reduce(1) { smallest, site in
        var cumulated = 0.0
        return block.mean(fields)[block.sites[site]].dropLast().reduce(smallest) {
          cumulated += $1
          return min($0, abs(cumulated - draw.uniform(site)))
        }
      }
    default:
      fields.indices.reduce(1) { smallest, unit in
        let probability = block.kind == .spin ? (1 + block.mean(fields)[unit]) / 2 : block.mean(fields)[unit]
        return min(smallest, abs(probability - draw.uniform(unit)))
      }
    }
  }

  /// x/γ moves by the field's error over γ and 2.5u; z is good to 8u of a radius below 7, z/√γ to 2.5u more, and the
  /// sum is rounded.
  private func gaussianBound(_ x: Double, _ precision: Double) -> Double {
    let u = FloatBounds.roundoff, mean = abs(x) / precision, deviation = 7 / precision.squareRoot()
    return LayerCase.fieldError / precision + u * (3.5 * mean + 11.5 * deviation)
  }

  /// The kernel meets −log(Q(a + s)/Q(a)) = −log u, a = −x/√γ, to (24·(−log u) + 100 + 2|a|h)·2⁻²⁴, which over the
  /// hazard h is an error of s√γ; s moves less than a, which has four roundings and the field's error.
  private func rectifiedBound(
    _ x: Double, _ precision: Double, _ state: Double, _ uniform: Double
  ) -> Double {
    let u = FloatBounds.roundoff, root = precision.squareRoot(), a = -x / root
    let hazard = normalHazard(a + state * root)
    let quantile = u * (24 * -log(uniform) + 100 + 2 * abs(a) * hazard) / hazard
    return (quantile + 4 * u * abs(a) + LayerCase.fieldError / root) / root + 4 * u * state
  }

  // MARK: - Windows

  /// Wide enough for pieces of 16 columns.
  static let wide: [LayerCase] = [
    [.bernoulli(70)], [.spin(70)], [.categorical([Int](repeating: 4, count: 17))], [.gaussian(70)],
    [.relu(70)], [.bernoulli(20), .categorical([3, 3, 2]), .gaussian(20), .relu(5), .spin(16)],
  ].map { LayerCase($0, seed: 411) }

  @Test("do not depend on the window", arguments: wide)
  func windows(_ layer: LayerCase) {
    let pieces = layer.units.pieces(width: 16)
    #expect(pieces.first?.lowerBound == 0 && pieces.last?.upperBound == layer.units.count)
    #expect(zip(pieces, pieces.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
    #expect(pieces.allSatisfy { $0.lowerBound % 16 == 0 })
    #expect(pieces.count > 1 || layer.shape.count > 1)
    let whole = layer.output {
      layer.units.sample(
        inputs: layer.inputs.view, inverseTemperature: 1, random: Self.rows(0..<5), means: nil, into: $0)
    }
    let windows = layer.output { output in
      for piece in pieces {
        layer.units.window(piece).sample(
          inputs: layer.inputs.view.columns(piece), inverseTemperature: 1,
          random: Self.rows(0..<5, firstUnit: piece.lowerBound), means: nil, into: output.columns(piece))
      }
    }
    #expect(windows == whole)
  }

  @Test("a window of a window is the window", arguments: wide.filter { $0.shape.count == 1 })
  func nestedWindows(_ layer: LayerCase) {
    let pieces = layer.units.pieces(width: 16)
    let last = pieces[pieces.count - 1], rest = pieces[1].lowerBound..<layer.units.count
    let moved = (last.lowerBound - rest.lowerBound)..<(last.upperBound - rest.lowerBound)
    let draws = [layer.units.window(last), layer.units.window(rest).window(moved)].map { window in
      let states = MutableMatrixView(rows: 5, columns: last.count)
      window.sample(
        inputs: layer.inputs.view.columns(last), inverseTemperature: 1,
        random: Self.rows(0..<5, firstUnit: last.lowerBound), means: nil, into: states)
      return states.view.doubles
    }
    #expect(draws[0] == draws[1])
  }

  @Test("do not depend on the rows they are made with", arguments: wide)
  func rowBlocks(_ layer: LayerCase) {
    let whole = layer.output {
      layer.units.sample(
        inputs: layer.inputs.view, inverseTemperature: 1, random: Self.rows(0..<5), means: nil, into: $0)
    }
    let parts = layer.output { output in
      for range in [0..<1, 1..<3, 3..<5] {
        layer.units.sample(
          inputs: layer.inputs.view.rows(range), inverseTemperature: 1,
          random: Self.rows(UInt64(range.lowerBound)..<UInt64(range.upperBound)), means: nil,
          into: output.rows(range))
      }
    }
    #expect(parts == whole)
  }

  // MARK: - Moments

  @Test("have the law's means and mean squares", .enabled(if: Build.isOptimized), arguments: LayerCase.all)
  func moments(_ layer: LayerCase) {
    let count = 200_000, width = layer.units.count
    // At β = 0.3 no state is so rare that five standard errors mean nothing.
    let fields = layer.fields(0.3)[0]
    let states = MutableMatrixView(rows: count, columns: width)
    for row in 0..<count { states.setRow(row, layer.inputs.view.rows(0..<1).values) }
    layer.units.sample(
      inputs: states.view, inverseTemperature: 0.3, random: Self.rows(0..<UInt64(count)), means: nil,
      into: states)
    let means = layer.reference.mean(fields), squares = layer.reference.secondMoment(fields)
    // Discrete columns have x² = x or 1; their second moment as `variance + mean²` is that.
    for column in 0..<width {
      let values = (0..<count).map { Double(states[$0, column]) }
      // Five standard errors are missed once in 1.7 million.
      let mean = SampleMean(values), square = SampleMean(values.map { $0 * $0 })
      #expect(mean.isWithin(5, standardErrorsOf: means[column], rounding: 0x1p-20))
      #expect(square.isWithin(5, standardErrorsOf: squares[column], rounding: 0x1p-20))
    }
  }
}
