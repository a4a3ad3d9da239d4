extension NumericTable {
  /// Reads a table from a file, or the bundled handwritten digits by the name `digits`.
  ///
  /// NPY, IDX, CSV and TSV, each also gzipped, are recognised by what the file holds, never by its name.
  ///
  /// - Throws: `DataError`: `missingInput` if the file cannot be read, `content` if it is of none of these
  ///   formats, damaged, empty, or holds numbers that are not finite.
  public static func read(_ source: String) throws -> NumericTable {
    source == Digits.name
      ? try Digits.load().images
      : try decode(FileBytes.readUncompressed(source), path: source)
  }

  /// Decodes the uncompressed content of a file; `path` is named in errors.
  ///
  /// - Throws: `DataError`, category `content`.
  public static func decode(_ bytes: consuming [UInt8], path: String) throws -> NumericTable {
    if bytes.isEmpty { throw DataError(path: path, message: "the file is empty") }
    if NPY.isRecognised(bytes) { return try NPY.decode(bytes, path: path) }
    if IDX.isRecognised(bytes) { return try IDX.decode(bytes, path: path) }
    if let foreign = foreignFormat(bytes) {
      throw DataError(path: path, message: "\(foreign), not NPY, IDX, CSV or TSV")
    }
    return try DelimitedText.decode(bytes, path: path)
  }

  /// Names what is likely to be handed over by mistake; zero bytes never occur in UTF-8 tables.
  private static func foreignFormat(_ bytes: [UInt8]) -> String? {
    for (signature, name) in signatures where bytes.starts(with: signature) { return name }
    if bytes.dropFirst(8).first == UInt8(ascii: "{") && bytes.prefix(8).contains(0) {
      return "a safetensors file"
    }
    return bytes.prefix(4096).contains(0) ? "binary data" : nil
  }

  private static let signatures: [([UInt8], String)] = [
    ([0x50, 0x4b, 0x03, 0x04], "a zip archive (NPZ?)"),
    ([0x89, 0x48, 0x44, 0x46], "an HDF5 file"),
    ([0x89, 0x50, 0x4e, 0x47], "a PNG picture"),
    ([0x80, 0x02], "a Python pickle"),
    ([0x80, 0x03], "a Python pickle"),
    ([0x80, 0x04], "a Python pickle"),
    ([0x80, 0x05], "a Python pickle"),
    ([0x1f, 0x8b], "a gzip file"),
    ([0xff, 0xfe], "UTF-16 text"),
    ([0xfe, 0xff], "UTF-16 text"),
  ]
}
