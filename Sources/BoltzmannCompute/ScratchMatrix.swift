/// A matrix that is written over and over: reference semantics, never copied behind the scenes.
///
/// Work that runs on many workers at once shares scratch; each worker writes to its own rows.
public final class ScratchMatrix: Sendable {
  public let rows: Int
  public let columns: Int
  public let stride: Int
  private let storage: MatrixStorage

  /// Zeros, `[rows, columns]`.
  public init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
    self.stride = Matrix.paddedStride(columns)
    self.storage = MatrixStorage(count: rows * stride)
  }

  /// All of it, to write.
  public var mutableView: MutableMatrixView {
    MutableMatrixView(storage: storage, offset: 0, rows: rows, columns: columns, stride: stride)
  }

  /// All of it, to read.
  public var view: MatrixView { mutableView.view }
}
