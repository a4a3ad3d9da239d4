/// Arrays whose first index runs fastest.
enum FortranOrder {
  /// Reorders the raw elements of a 1-, 2- or 3-dimensional array so that the last index runs fastest.
  ///
  /// ```
  /// to[(i·h + y)·w + x] = from[i + n·(y + h·x)]        shape (n, h, w); a matrix has h = 1
  /// ```
  static func rowMajor(_ bytes: [UInt8], _ layout: ArrayLayout) -> [UInt8] {
    switch layout.type.size {
    case 1: reordered(bytes, layout.shape, as: UInt8.self)
    case 2: reordered(bytes, layout.shape, as: UInt16.self)
    case 4: reordered(bytes, layout.shape, as: UInt32.self)
    default: reordered(bytes, layout.shape, as: UInt64.self)
    }
  }

  private static func reordered<Element: BitwiseCopyable>(
    _ bytes: [UInt8], _ shape: [Int], as type: Element.Type
  ) -> [UInt8] {
    let sources = sourceColumns(shape)
    let size = MemoryLayout<Element>.size
    return bytes.withUnsafeBytes { from in
      [UInt8](unsafeUninitializedCapacity: bytes.count) { buffer, count in
        let to = UnsafeMutableRawBufferPointer(buffer)
        forEachElement(rows: shape[0], sources) { source, target in
          let element = from.loadUnaligned(fromByteOffset: source * size, as: type)
          to.storeBytes(of: element, toByteOffset: target * size, as: type)
        }
        count = bytes.count
      }
    }
  }

  /// For each column of the flattened samples, which column of the file holds it.
  private static func sourceColumns(_ shape: [Int]) -> [Int] {
    let width = shape.last ?? 1
    let height = shape.count > 2 ? shape[1] : 1
    if shape.count == 1 { return [0] }
    return (0..<height).flatMap { y in (0..<width).map { x in y + height * x } }
  }

  /// Goes by blocks of 64 rows, so that the cache lines read and written are used whole.
  private static func forEachElement(rows: Int, _ sources: [Int], _ body: (Int, Int) -> Void) {
    for start in stride(from: 0, to: rows, by: 64) {
      for (target, source) in sources.enumerated() {
        for row in start..<min(start + 64, rows) {
          body(row + rows * source, row * sources.count + target)
        }
      }
    }
  }
}
