extension Labels {
  /// Writes one label a sample in one step: text for names ending in .csv, else NPY, int64, `[samples]`.
  ///
  /// Missing labels are −1. Throws `DataError` as `AtomicFile.write` does.
  public func write(to path: String) throws {
    if path.hasSuffix(".csv") {
      try AtomicFile.write(Array(numbers.map { "\($0 ?? -1)\n" }.joined().utf8), to: path)
    } else {
      try NPY.write(numbers.map { Int64($0 ?? -1) }, shape: [numbers.count], to: path)
    }
  }
}

extension Int64: NPYElement {
  /// Little-endian, 64 bits.
  public static var npyDescription: String { "<i8" }
}
