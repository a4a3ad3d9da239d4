internal import BoltzmannCompute

/// The 2ⁿ states of n two-state units: state s has unit j in its second state where bit j of s is set.
///
/// The low units (at most 5) and the high ones count separately, so that tables of either can be made.
struct BinaryStates: Sendable {
  let lowUnits: Range<Int>
  let highUnits: Range<Int>
  private let bias: [Float]
  private let values: (Float, Float)

  init(bias: [Float], values: (Float, Float)) {
    lowUnits = 0..<min(bias.count, 5)
    highUnits = lowUnits.upperBound..<bias.count
    self.bias = bias
    self.values = values
  }

  var lowCount: Int { 1 << lowUnits.count }
  var highCount: Int { 1 << highUnits.count }

  private func value(_ unit: Int, _ state: Int, _ units: Range<Int>) -> Float {
    (state >> (unit - units.lowerBound)) & 1 == 1 ? values.1 : values.0
  }

  /// The values of some units in a range of their states, `[range, units]`.
  func rows(_ range: Range<Int>, units: Range<Int>) -> Matrix {
    Matrix(rows: range.count, columns: units.count) {
      value(units.lowerBound + $1, range.lowerBound + $0, units)
    }
  }

  /// The values of all units, one row for each state of the low ones, `[low states, n]`.
  func rows(highState: Int, low: Matrix) -> Matrix {
    Matrix(rows: low.rows, columns: bias.count) { row, unit in
      unit < lowUnits.upperBound ? low[row, unit] : value(unit, highState, highUnits)
    }
  }

  /// Σ_j b_j s_j over some units, for a range of their states.
  func biasSums(_ range: Range<Int>, units: Range<Int>) -> [Double] {
    range.map { state in
      units.reduce(0) { $0 + Double(bias[$1]) * Double(value($1, state, units)) }
    }
  }
}

/// Running sums of p(s)·E[s xᵀ], p(s)·s and p(s)·E[x] over states s, x the layer that is summed out.
struct PartialMoments: Sendable {
  private var products: Matrix
  private var enumerated: [Float]
  private var summed: [Float]

  init(enumerated: Int, summed: Int) {
    products = Matrix(rows: enumerated, columns: summed)
    self.enumerated = [Float](repeating: 0, count: enumerated)
    self.summed = [Float](repeating: 0, count: summed)
  }

  /// Adds some states `[rows, enumerated]` of given probabilities; the inputs become the means.
  mutating func add(
    states: Matrix, inputs: MutableMatrixView, of units: any Units, probabilities: [Float]
  ) {
    units.means(inputs: inputs.view, inverseTemperature: 1, into: inputs)
    let weighted = Matrix(rows: states.rows, columns: states.columns) {
      probabilities[$0] * states[$0, $1]
    }
    products.withMutableView { $0.multiply(weighted.view.transposed, inputs.view.asIs, beta: 1) }
    weighted.view.addColumnSums(scale: 1, to: &enumerated)
    inputs.view.addColumnSums(scale: 1, weights: probabilities, to: &summed)
  }

  static func sum(_ parts: [PartialMoments]) -> PartialMoments {
    var total = parts[0]
    for part in parts.dropFirst() {
      total.products.withMutableView { $0.add(part.products.view, scale: 1) }
      total.enumerated = zip(total.enumerated, part.enumerated).map { $0 + $1 }
      total.summed = zip(total.summed, part.summed).map { $0 + $1 }
    }
    return total
  }

  func moments(enumerated layer: Enumeration.Layer) -> Moments {
    switch layer {
    case .visible: .exact(weights: products, visibles: enumerated, hiddens: summed)
    case .hidden: .exact(weights: products.transposed, visibles: summed, hiddens: enumerated)
    }
  }
}
