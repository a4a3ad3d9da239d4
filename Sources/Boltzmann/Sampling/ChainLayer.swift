internal import BoltzmannCompute

/// How the states of one layer become inputs of some units of the other: one product, or what changed of one.
struct Coupling: Sendable {
  /// The weights with a row for each unit that is given, where they are at hand that way.
  let rows: MatrixView?
  /// The weights as they are kept, and whether the units that are given are their columns.
  let weights: MatrixView
  let isTransposed: Bool
  /// The columns that one call of sgemm forms, so that their bits do not depend on who forms which.
  let pieces: [Range<Int>]

  /// inputs ← states·weights.
  func write(_ states: MatrixView, to inputs: MutableMatrixView) {
    if let rows, inputs.sumSelectedRowsIfCheaper(of: rows, states: states) { return }
    for piece in pieces { inputs.columns(piece).multiply(states, factor(piece)) }
  }

  /// inputs, which are those of `before`, ← those of `after`.
  func update(_ inputs: MutableMatrixView, before: MatrixView, after: MatrixView) {
    if let rows, inputs.addChange(of: rows, before: before, after: after) { return }
    write(after, to: inputs)
  }

  private func factor(_ units: Range<Int>) -> Factor {
    if let rows { return rows.columns(units).asIs }
    return isTransposed ? weights.rows(units).transposed : weights.columns(units).asIs
  }

  /// The coupling to these units alone, whole pieces.
  func window(_ units: Range<Int>) -> Coupling {
    let begin = units.lowerBound
    return Coupling(
      rows: rows?.columns(units), weights: isTransposed ? weights.rows(units) : weights.columns(units),
      isTransposed: isTransposed,
      pieces: pieces.filter { units.contains($0.lowerBound) }.map {
        ($0.lowerBound - begin)..<($0.upperBound - begin)
      })
  }
}

extension RBM {
  /// From visible states to hidden inputs.
  func hiddenCoupling(pieces: [Range<Int>]) -> Coupling {
    Coupling(
      rows: products == .adaptive ? weights.view : nil, weights: weights.view, isTransposed: false,
      pieces: pieces)
  }

  /// From hidden states to visible inputs.
  func visibleCoupling(pieces: [Range<Int>]) -> Coupling {
    Coupling(
      rows: products == .adaptive ? transposedWeights?.view : nil, weights: weights.view, isTransposed: true,
      pieces: pieces)
  }
}

/// One layer of a block of chains: its inputs, and its last two generations of states.
///
/// Successive states of a chain differ in few units, so the inputs follow by the rows of the weights of the
/// units that changed. Each such update adds its rounding, at most 2⁻²⁴ of the sums' magnitude a changed unit;
/// a full product every `refreshPeriod` updates keeps the sum of them below 16 times that.
struct ChainLayer: Sendable {
  static let refreshPeriod = 16

  /// The inputs as of the last `follow`.
  let inputs: MutableMatrixView
  private let even: MutableMatrixView
  private let odd: MutableMatrixView

  init(inputs: MutableMatrixView, even: MutableMatrixView, odd: MutableMatrixView) {
    self.inputs = inputs
    self.even = even
    self.odd = odd
  }

  /// With memory of its own.
  init(rows: Int, units: Int) {
    func matrix() -> MutableMatrixView { MutableMatrixView(rows: rows, columns: units) }
    self.init(inputs: matrix(), even: matrix(), odd: matrix())
  }

  subscript(range: Range<Int>) -> ChainLayer {
    ChainLayer(inputs: inputs.rows(range), even: even.rows(range), odd: odd.rows(range))
  }

  /// Where the states of a draw are, until the next but one.
  func states(_ draw: Int) -> MutableMatrixView { draw.isMultiple(of: 2) ? even : odd }

  /// Brings the inputs of some units up to date with the states that the other layer has at time t = 0, 1, …
  ///
  /// `before` are those of time t − 1, for which the inputs stand; they are not asked for at t = 0.
  func follow(
    _ states: MatrixView, before: @autoclosure () -> MatrixView, time: Int, _ coupling: Coupling,
    units: Range<Int>
  ) {
    let inputs = inputs.columns(units)
    if time % (ChainLayer.refreshPeriod + 1) == 0 {
      coupling.write(states, to: inputs)
    } else {
      coupling.update(inputs, before: before(), after: states)
    }
  }
}
