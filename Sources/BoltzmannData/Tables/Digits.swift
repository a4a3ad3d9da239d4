/// The bundled data: 1,797 handwritten digits of 8 × 8 pixels.
///
/// Source: E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits (test part), UCI Machine Learning
/// Repository, doi 10.24432/C50P49, CC BY 4.0.
public struct Digits: Sendable {
  /// By this name in place of a path the digits are read.
  public static let name = "digits"

  /// Pixels v/16 with v from 0 to 16: `[1797, 64]`, item shape 8 × 8.
  public let images: NumericTable
  /// Which digit each row shows, 0 to 9.
  public let labels: [UInt8]

  /// Unpacks the bundled file.
  ///
  /// - Throws: `DataError` if the program was built with a damaged file.
  public static func load() throws -> Digits {
    let packed = PackageResources.digits_csv_gz
    let text = try Gzip.decompress(packed, limit: 1 << 20, path: name)
    let table = try DelimitedText.decode(text, path: name)
    guard case .bytes(let bytes) = table.values, table.columns == side * side + 1 else {
      throw DataError(path: name, message: "expected 64 pixels and a label in each row")
    }
    return Digits(rows: bytes, width: table.columns)
  }

  private static let side = 8

  private init(rows: [UInt8], width: Int) {
    let starts = stride(from: 0, to: rows.count, by: width)
    let pixels = starts.flatMap { rows[$0..<$0 + width - 1].map { Float($0) / 16 } }
    labels = starts.map { rows[$0 + width - 1] }
    images = NumericTable(
      columns: width - 1, values: .floats(pixels), itemShape: [Self.side, Self.side], source: Self.name,
      format: "bundled digits (\(labels.count), \(Self.side), \(Self.side))")
  }
}
