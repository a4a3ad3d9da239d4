/// A matrix that is written over and over; what it holds lasts until the next `mutableView()`.
///
/// Copies do not share it: a copy that is used gets floats of its own, so that two trainings that began as
/// copies may run at once. While there is one owner, nothing is ever allocated.
public struct ScratchMatrix: Sendable {
  private final class Box: Sendable {
    let view: MutableMatrixView
    init(rows: Int, columns: Int) { view = MutableMatrixView(rows: rows, columns: columns) }
  }

  private var box: Box

  public init(rows: Int, columns: Int) { box = Box(rows: rows, columns: columns) }

  /// All of it, to write; for the sole use of the caller.
  public mutating func mutableView() -> MutableMatrixView {
    if !isKnownUniquelyReferenced(&box) {
      box = Box(rows: box.view.rows, columns: box.view.columns)
    }
    return box.view
  }
}

extension MutableMatrixView {
  /// A window on fresh zeros, `[rows, columns]`, that lives as long as somebody holds it.
  public init(rows: Int, columns: Int) {
    let stride = Matrix.paddedStride(columns)
    self.init(
      storage: MatrixStorage(count: rows * stride), offset: 0, rows: rows, columns: columns, stride: stride,
      isPadded: true)
  }
}
