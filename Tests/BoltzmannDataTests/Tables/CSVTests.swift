import BoltzmannData
import Testing

@Suite struct CSVTests {
  private func text(_ values: NumericTable.Values, columns: Int, names: [String]? = nil) -> String {
    String(decoding: CSV.encode(values, columns: columns, names: names), as: UTF8.self)
  }

  @Test func numbersAreShort() {
    let floats: [Float] = [1, 0.1, -2, -0.0, 1e-5, 0x1p24]
    #expect(text(.floats(floats), columns: 3) == "1,0.1,-2\n-0.0,1e-05,16777216.0\n")
    #expect(text(.bytes([1, 255]), columns: 1) == "1\n255\n")
  }

  @Test func namesAreQuotedWhereNeeded() {
    let names = ["a", "b,\"c\"", "d\ne"]
    #expect(text(.bytes([1, 2, 3]), columns: 3, names: names) == "a,\"b,\"\"c\"\"\",d e\n1,2,3\n")
  }

  @Test func everyFloatReadsBackTheSame() throws {
    var random = SplitMix(state: 6)
    let values = (0..<3000).map { _ in Float(bitPattern: UInt32(truncatingIfNeeded: random.next())) }
      .filter(\.isFinite)
    let folder = try TemporaryFolder()
    try CSV.write(.floats(values), columns: 1, names: ["x;y"], to: folder.file("a"))
    let table = try NumericTable.read(folder.file("a"))
    #expect(table.names == ["x;y"])
    #expect((0..<table.rows).map { table[$0, 0].bitPattern } == values.map(\.bitPattern))
  }
}
