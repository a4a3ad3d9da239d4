import BoltzmannData
import Testing

@Suite struct DataErrorTests {
  @Test(arguments: [
    (DataError.Location.line(12), "a.csv: line 12: ragged"),
    (.field(line: 2, column: 3), "a.csv: line 2, column 3: ragged"),
    (.entry(row: 2, column: 3), "a.csv: row 2, column 3: ragged"),
    (.tensor("weights"), "a.csv: tensor weights: ragged"),
    (.byte(8), "a.csv: byte 8: ragged"),
  ])
  func descriptionNamesFileAndPlace(location: DataError.Location, expected: String) {
    #expect(DataError(path: "a.csv", location: location, message: "ragged").description == expected)
  }

  @Test func descriptionWithoutPlace() {
    #expect("\(DataError(path: "a", message: "empty"))" == "a: empty")
  }

  @Test func hostileNamesStayOnOneLine() {
    let error = DataError(path: "a\nb", location: .tensor("x\u{1b}[2J\r\n\u{2028}"), message: "m\té")
    #expect(error.description == "a\\nb: tensor x\\u{1B}[2J\\r\\n\\u{2028}: m\\té")
  }

  @Test func exitCodesAreThoseOfSysexits() {
    let categories: [DataError.Category] = [.content, .missingInput, .cannotCreate, .writeFailed]
    #expect(categories.map(\.exitCode) == [65, 66, 73, 74])
  }
}
