internal import BoltzmannCompute

/// A matrix as it stands in a product.
struct Operand: Sendable {
  let view: MatrixView
  var isTransposed = false

  func rows(_ range: Range<Int>) -> Factor {
    isTransposed ? view.columns(range).transposed : view.rows(range).asIs
  }

  func columns(_ range: Range<Int>) -> Factor {
    isTransposed ? view.rows(range).transposed : view.columns(range).asIs
  }

  var whole: Factor { isTransposed ? view.transposed : view.asIs }
}

/// target ← α·left·right + β·target, of which any rows or columns can be formed alone.
struct Product: Sendable {
  let target: MutableMatrixView
  /// States where the choice is not dense.
  let left: Operand
  /// Not transposed where the choice is not dense.
  let right: Operand
  let choice: ProductChoice
  var alpha: Float = 1
  var beta: Float = 0

  func form(rows range: Range<Int>) {
    let part = target.rows(range)
    switch choice {
    case .dense:
      part.multiply(left.rows(range), right.whole, alpha: alpha, beta: beta)
    case .adaptive where left.isTransposed:
      part.multiply(transposedStates: left.view.columns(range), right.view, alpha: alpha, beta: beta)
    case .adaptive:
      part.multiply(states: left.view.rows(range), right.view)
    }
  }

  /// The range begins and ends at cache lines, or row sums go to sgemm.
  func form(columns range: Range<Int>) {
    let part = target.columns(range)
    switch choice {
    case .dense:
      part.multiply(left.whole, right.columns(range), alpha: alpha, beta: beta)
    case .adaptive where left.isTransposed:
      part.multiply(transposedStates: left.view, right.view.columns(range), alpha: alpha, beta: beta)
    case .adaptive:
      part.multiply(states: left.view, right.view.columns(range))
    }
  }
}
