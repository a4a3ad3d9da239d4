internal import CBoltzmannKernels

// Products whose one factor is made of zeros and ones: sgemm, or the selected rows of the other, summed.

/// When sums of selected rows beat sgemm.
///
/// A constant of the instruction set, measured once (DesignNotes, "Sums of selected rows"), never timed while
/// running: which way a product goes, and so its bits, depends on the operands alone.
public enum RowSums {
  /// Row sums are used up to this fraction of ones.
  public static let densityLimit: Double =
    boltzmann_best_instruction_set() == BOLTZMANN_BASELINE ? 0.2 : 0.6

  /// Whether a factor with so many ones is worth it.
  static func pay(ones: Int, of entries: Int) -> Bool { Double(ones) <= densityLimit * Double(entries) }
}

/// How a product with states of zeros and ones may be formed. Both ways agree to rounding.
public enum ProductChoice: Sendable {
  /// Row sums where the states are sparse enough for them, else sgemm.
  case adaptive
  /// Always sgemm: what adaptive products are measured against.
  case dense
}

extension MatrixView {
  /// How many entries are 1; nil where one is neither 0 nor 1.
  public var onesCount: Int? {
    let count = Kernels.best.count_ones(base, stride, rows, columns)
    return count == Int(bitPattern: UInt.max) ? nil : count
  }
}

extension MutableMatrixView {
  /// self ← states·weights: row sums where the states are zeros and ones, sparse enough, else sgemm.
  ///
  /// Shapes: states `[rows, k]`, weights `[k, columns]`.
  public func multiply(states: MatrixView, _ weights: MatrixView, _ choice: ProductChoice = .adaptive) {
    guard choice == .adaptive, sumSelectedRowsIfCheaper(of: weights, states: states)
    else { return multiply(states, weights) }
  }

  /// self ← states·weights by row sums; false, with self as it was, where sgemm is cheaper.
  public func sumSelectedRowsIfCheaper(of weights: MatrixView, states: MatrixView) -> Bool {
    guard isPadded && weights.isPadded, let ones = states.onesCount,
      RowSums.pay(ones: ones, of: states.rows * states.columns)
    else { return false }
    sumSelectedRows(of: weights, states: states, ones: ones)
    return true
  }

  /// self ← states·weights for states of zeros and so many ones, by row sums.
  public func sumSelectedRows(of weights: MatrixView, states: MatrixView, ones: Int) {
    checkSelection(
      states.rows == rows && states.columns == weights.rows && weights.columns == columns, weights)
    Kernels.best.selected_row_sums(
      states.base, states.stride, weights.base, weights.stride, base, stride, rows, weights.rows, columns,
      ones, 0)
  }

  /// self += (after − before)·weights for states of zeros and ones: what the changed units do to inputs.
  public func addChangedRows(of weights: MatrixView, before: MatrixView, after: MatrixView, changes: Int) {
    checkSelection(after.rows == rows && after.columns == weights.rows && weights.columns == columns, weights)
    precondition(
      before.rows == after.rows && before.columns == after.columns && before.stride == after.stride,
      "shapes differ")
    Kernels.best.changed_row_sums(
      before.base, after.base, after.stride, weights.base, weights.stride, base, stride, rows, weights.rows,
      columns, changes)
  }

  /// self, which is before·weights, becomes after·weights by the rows of what changed; false, with self as it
  /// was, where the full product is cheaper.
  public func addChange(of weights: MatrixView, before: MatrixView, after: MatrixView) -> Bool {
    guard isPadded && weights.isPadded, before.stride == after.stride, let ones = after.onesCount,
      before.onesCount != nil
    else { return false }
    let changes = Kernels.best.count_changes(
      before.base, before.stride, after.base, after.stride, after.rows, after.columns)
    guard changes < ones, RowSums.pay(ones: changes, of: after.rows * after.columns) else { return false }
    addChangedRows(of: weights, before: before, after: after, changes: changes)
    return true
  }

  /// self ← α·statesᵀ·hiddens + β·self: row sums where the states allow it, else sgemm; β is 0 or 1.
  ///
  /// Shapes: states `[batch, rows]`, hiddens `[batch, columns]`.
  public func multiply(
    transposedStates states: MatrixView, _ hiddens: MatrixView, alpha: Float, beta: Float,
    _ choice: ProductChoice = .adaptive
  ) {
    guard choice == .adaptive, isPadded && hiddens.isPadded && (beta == 0 || beta == 1),
      let ones = states.onesCount, RowSums.pay(ones: ones, of: states.rows * states.columns)
    else { return multiply(states.transposed, hiddens.asIs, alpha: alpha, beta: beta) }
    checkSelection(
      states.columns == rows && states.rows == hiddens.rows && hiddens.columns == columns, hiddens)
    Kernels.best.selected_outer_sums(
      states.base, states.stride, hiddens.base, hiddens.stride, alpha, base, stride, states.rows, rows,
      columns, ones, beta == 1 ? 1 : 0)
  }

  /// self ← α·(beforeᵀ·(hiddens − others) + (before − after)ᵀ·others), which is α·(beforeᵀ·hiddens − afterᵀ·others)
  /// with less to sum where few states changed; false, with self as it was, where that is not so.
  ///
  /// Shapes: states `[batch, rows]`, `others` and `difference` = hiddens − others `[batch, columns]`.
  public func multiplyPaired(
    before: MatrixView, after: MatrixView, difference: MatrixView, others: MatrixView, alpha: Float
  ) -> Bool {
    guard isPadded && difference.isPadded && others.isPadded, before.stride == after.stride,
      let onesBefore = before.onesCount, let onesAfter = after.onesCount
    else { return false }
    let changes = Kernels.best.count_changes(
      before.base, before.stride, after.base, after.stride, after.rows, after.columns)
    guard changes < onesAfter, RowSums.pay(ones: onesBefore, of: before.rows * before.columns) else {
      return false
    }
    checkSelection(before.columns == rows && before.rows == difference.rows, difference)
    checkSelection(after.columns == rows && after.rows == others.rows, others)
    Kernels.best.selected_outer_sums(
      before.base, before.stride, difference.base, difference.stride, alpha, base, stride, before.rows, rows,
      columns, onesBefore, 0)
    Kernels.best.changed_outer_sums(
      after.base, before.base, after.stride, others.base, others.stride, alpha, base, stride, after.rows,
      rows, columns, changes)
    return true
  }

  private func checkSelection(_ shapesFit: Bool, _ summed: MatrixView) {
    precondition(shapesFit, "shapes do not fit")
    precondition(isPadded && summed.isPadded, "row sums take whole vectors")
  }

  /// self ← the transposed matrix.
  public func transpose(_ source: MatrixView) {
    precondition(rows == source.columns && columns == source.rows, "shapes do not fit")
    Kernels.best.transpose(source.base, source.stride, base, stride, source.rows, source.columns)
  }
}
