import BoltzmannData
import Testing

@Suite struct JSONLinesTests {
  let folder: TemporaryFolder
  let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.file("metrics.jsonl")
  }

  @Test func linesAreAppended() throws {
    for epoch in 1...3 { try JSONLines.append(["epoch": .integer(epoch), "x": .number(.nan)], to: path) }
    #expect(try folder.content("metrics.jsonl").count { $0 == UInt8(ascii: "\n") } == 3)
    #expect(try JSONLines.read(path).map { $0["epoch"]?.integer } == [1, 2, 3])
  }

  @Test func filesAreReplaced() throws {
    try JSONLines.write([1, 2, 3], to: path)
    try JSONLines.write([1], to: path)
    #expect(try folder.content("metrics.jsonl") == Array("1\n".utf8))
    try JSONLines.write([], to: path)
    #expect(try JSONLines.read(path) == [])
  }

  @Test func errorsNameTheLine() throws {
    _ = try folder.file("metrics.jsonl", Array("1\n[\n".utf8))
    let error = message { _ = try JSONLines.read(path) }
    #expect(error == "\(path): line 2: JSON: the text ends too early")
  }

  @Test func aTornEndIsLeftOutOnDemand() throws {
    _ = try folder.file("metrics.jsonl", Array("{\"epoch\":1}\n{\"epo".utf8))
    #expect(try JSONLines.read(path, allowsTornEnd: true) == [["epoch": 1]])
    #expect(throws: DataError.self) { try JSONLines.read(path) }
  }

  @Test func unwritablePlaces() throws {
    for (path, category) in [
      (folder.file("missing/a"), DataError.Category.cannotCreate), ("/dev/full", .writeFailed),
    ] {
      let error = try #require(throws: DataError.self) { try JSONLines.append(1, to: path) }
      #expect(error.category == category)
    }
  }
}
