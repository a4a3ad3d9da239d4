import BoltzmannData
import Testing

@Suite struct FileBytesTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func readsAFileAsItIs() throws {
    // Longer than the chunks in which files are read.
    let content = (0..<2_500_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
    #expect(try FileBytes.read(folder.file("a", content)) == content)
    #expect(try FileBytes.read(folder.file("empty", [])).isEmpty)
  }

  @Test func readsDevices() throws {
    #expect(try FileBytes.read("/dev/null").isEmpty)
  }

  @Test(arguments: ["missing", "", "file/below"])
  func missingFilesAreMissingInput(name: String) throws {
    _ = try folder.file("file", [1])
    try expectMissing(folder.file(name))
  }

  @Test func foldersAreMissingInput() throws {
    try expectMissing(folder.path)
  }

  private func expectMissing(_ path: String) throws {
    let error = try #require(throws: DataError.self) { try FileBytes.read(path) }
    #expect(error.category == .missingInput)
    #expect(error.path == path)
  }

  @Test func limitsAreKeptForFilesAndEndlessDevices() throws {
    let path = try folder.file("a", [1, 2, 3])
    #expect(try FileBytes.read(path, limit: 3) == [1, 2, 3])
    for path in [path, "/dev/zero"] {
      let error = try #require(throws: DataError.self) { try FileBytes.read(path, limit: 2) }
      #expect(error.category == .content)
    }
  }
}
