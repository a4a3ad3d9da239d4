internal import CBoltzmannKernels

// Training data at rest is bits or bytes; a block of it becomes Float where it is used.

extension MutableMatrixView {
  /// Row `row` ← the bits (least significant first) from byte `offset` of `bits`.
  public func expandBits(_ bits: [UInt8], from offset: Int, row: Int) {
    precondition(offset >= 0 && offset + (columns + 7) / 8 <= bits.count, "outside the data")
    precondition(row >= 0 && row < rows, "row \(row) lies outside of \(rows) rows")
    bits.withUnsafeBufferPointer {
      Kernels.best.expand_bits($0.baseAddress! + offset, base + row * stride, columns)
    }
  }

  /// Row `row` ← scale·bytes from index `offset`.
  public func expandBytes(_ bytes: [UInt8], from offset: Int, scale: Float, row: Int) {
    precondition(offset >= 0 && offset + columns <= bytes.count, "outside the data")
    precondition(row >= 0 && row < rows, "row \(row) lies outside of \(rows) rows")
    bytes.withUnsafeBufferPointer {
      Kernels.best.expand_bytes($0.baseAddress! + offset, scale, base + row * stride, columns)
    }
  }

  /// Row `row` ← the floats from index `offset`.
  public func copyRow(_ values: [Float], from offset: Int, row: Int) {
    precondition(offset >= 0 && offset + columns <= values.count, "outside the data")
    precondition(row >= 0 && row < rows, "row \(row) lies outside of \(rows) rows")
    values.withUnsafeBufferPointer {
      (base + row * stride).update(from: $0.baseAddress! + offset, count: columns)
    }
  }
}
