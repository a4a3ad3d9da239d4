internal import BoltzmannCompute

/// Running sums of p(s)·E[s xᵀ], p(s)·s and p(s)·E[x] over states s, x the layer that is summed out.
struct PartialMoments: Sendable {
  private var products: Matrix
  private var enumerated: [Float]
  private var summed: [Float]
  /// p(s)·E[x²], where x is real.
  private var squares: [Float]

  init(enumerated: Int, summed: Int) {
    products = Matrix(rows: enumerated, columns: summed)
    self.enumerated = [Float](repeating: 0, count: enumerated)
    self.summed = [Float](repeating: 0, count: summed)
    squares = self.summed
  }

  /// Adds some states `[rows, enumerated]` of given probabilities; the inputs become the means.
  mutating func add(
    states: Matrix, inputs: MutableMatrixView, of units: any Units, probabilities: [Float]
  ) {
    if !units.realColumns.isEmpty { addSquares(inputs.view, of: units, probabilities) }
    units.means(inputs: inputs.view, inverseTemperature: 1, into: inputs)
    let weighted = Matrix(rows: states.rows, columns: states.columns) {
      probabilities[$0] * states[$0, $1]
    }
    products.withMutableView { $0.multiply(weighted.view.transposed, inputs.view.asIs, beta: 1) }
    weighted.view.addColumnSums(scale: 1, to: &enumerated)
    inputs.view.addColumnSums(scale: 1, weights: probabilities, to: &summed)
  }

  /// Σ p(s)·(Var[x] + E[x]²)
  private mutating func addSquares(_ inputs: MatrixView, of units: any Units, _ probabilities: [Float]) {
    let moments = MutableMatrixView(rows: inputs.rows, columns: inputs.columns)
    units.variances(inputs: inputs, inverseTemperature: 1, into: moments)
    moments.view.addColumnSums(scale: 1, weights: probabilities, to: &squares)
    units.means(inputs: inputs, inverseTemperature: 1, into: moments)
    moments.apply { $1 * $1 }
    moments.view.addColumnSums(scale: 1, weights: probabilities, to: &squares)
  }

  static func sum(_ parts: [PartialMoments]) -> PartialMoments {
    var total = parts[0]
    for part in parts.dropFirst() {
      total.products.withMutableView { $0.add(part.products.view, scale: 1) }
      total.enumerated = zip(total.enumerated, part.enumerated).map { $0 + $1 }
      total.summed = zip(total.summed, part.summed).map { $0 + $1 }
      total.squares = zip(total.squares, part.squares).map { $0 + $1 }
    }
    return total
  }

  func moments(enumerated layer: Enumeration.Layer) -> Moments {
    switch layer {
    case .visible: .exact(weights: products, visibles: enumerated, hiddens: summed)
    case .hidden:
      .exact(
        weights: products.transposed, visibles: summed, hiddens: enumerated, visibleSquares: squares)
    }
  }
}
