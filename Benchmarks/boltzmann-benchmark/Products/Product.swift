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
  let left: Operand
  let right: Operand
  var alpha: Float = 1
  var beta: Float = 0

  func form(rows range: Range<Int>) {
    target.rows(range).multiply(left.rows(range), right.whole, alpha: alpha, beta: beta)
  }

  func form(columns range: Range<Int>) {
    target.columns(range).multiply(left.whole, right.columns(range), alpha: alpha, beta: beta)
  }
}
