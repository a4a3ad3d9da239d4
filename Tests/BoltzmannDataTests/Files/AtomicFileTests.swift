import BoltzmannData
import Foundation
import Testing

@Suite struct AtomicFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private struct Interruption: Error {}

  private func category(writingTo path: String) -> DataError.Category? {
    do {
      try AtomicFile.write([1, 2, 3], to: path)
      return nil
    } catch {
      return (error as? DataError)?.category
    }
  }

  @Test func createsAndReplaces() throws {
    try AtomicFile.write([1, 2, 3], to: folder.file("a"))
    #expect(try folder.content("a") == [1, 2, 3])
    try AtomicFile.write([4], to: folder.file("a"))
    #expect(try folder.content("a") == [4])
    try AtomicFile.write([], to: folder.file("a"))
    #expect(try folder.content("a") == [])
    #expect(try folder.names() == ["a"])
  }

  @Test func writesPartsInOrder() throws {
    try AtomicFile.write(to: folder.file("a")) { file in
      try file.write([UInt8](repeating: 7, count: 3))
      try file.write([Float(1)])
    }
    #expect(try folder.content("a") == [7, 7, 7, 0, 0, 0x80, 0x3f])
  }

  @Test func anInterruptedWriteLeavesTheOldFile() throws {
    try AtomicFile.write([1], to: folder.file("a"))
    #expect(throws: Interruption.self) {
      try AtomicFile.write(to: folder.file("a")) { file in
        try file.write([2] as [UInt8])
        throw Interruption()
      }
    }
    #expect(try folder.content("a") == [1])
    #expect(try folder.names() == ["a"])
  }

  @Test func readersNeverSeeAPart() throws {
    try AtomicFile.write([1], to: folder.file("a"))
    try AtomicFile.write(to: folder.file("a")) { file in
      try file.write([2] as [UInt8])
      #expect(try folder.content("a") == [1])
    }
    #expect(try folder.content("a") == [2])
  }

  @Test(arguments: ["missing/a", "file/a", "folder", "missing/"])
  func placesWhereNothingCanBe(name: String) throws {
    _ = try folder.file("file", [1])
    try FileManager.default.createDirectory(atPath: folder.file("folder"), withIntermediateDirectories: true)
    #expect(category(writingTo: folder.file(name)) == .cannotCreate)
    #expect(try folder.names() == ["file", "folder"])
    #expect(try folder.content("file") == [1])
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func aFullDeviceFailsAndStaysADevice() throws {
    #expect(category(writingTo: "/dev/full") == .writeFailed)
    let type = try FileManager.default.attributesOfItem(atPath: "/dev/full")[.type]
    #expect(type as? FileAttributeType == .typeCharacterSpecial)
  }

  @Test func devicesAreWrittenDirectly() {
    #expect(category(writingTo: "/dev/null") == nil)
  }

  /// A file size limit fails in the middle of the data, as a full disk does; it holds for a whole process.
  @Test func aWriteThatRunsOutOfRoomLeavesTheOldFile() async {
    await #expect(processExitsWith: .success) {
      let folder = try TemporaryFolder()
      try AtomicFile.write([1], to: folder.file("a"))
      limitFileSize(to: 100_000)
      let error = try #require(throws: DataError.self) {
        try AtomicFile.write([UInt8](repeating: 2, count: 1_000_000), to: folder.file("a"))
      }
      #expect(error.category == .writeFailed)
      #expect(try folder.content("a") == [1])
      #expect(try folder.names() == ["a"])
    }
  }

  @Test func permissionsAreKept() throws {
    let path = try folder.file("a", [1])
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
    try AtomicFile.write([2], to: path)
    let permissions = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
    #expect(permissions as? NSNumber == 0o640)
  }

  @Test func linksAreFollowed() throws {
    _ = try folder.file("target", [1])
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("link"), withDestinationPath: folder.file("target"))
    try AtomicFile.write([2], to: folder.file("link"))
    #expect(try folder.content("target") == [2])
    let link = try FileManager.default.attributesOfItem(atPath: folder.file("link"))[.type]
    #expect(link as? FileAttributeType == .typeSymbolicLink)
  }

  @Test func manyWritersOfOneFileLeaveOneOfTheirContents() async throws {
    let path = folder.file("a")
    try await withThrowingTaskGroup { group in
      for writer in 0..<8 {
        group.addTask { try AtomicFile.write([UInt8](repeating: UInt8(writer), count: 1000), to: path) }
      }
      try await group.waitForAll()
    }
    let content = try folder.content("a")
    #expect(content.count == 1000 && Set(content).count == 1)
    #expect(try folder.names() == ["a"])
  }
}

/// Writing beyond the limit then gives an error rather than the signal.
private func limitFileSize(to bytes: Int) {
  var limit = rlimit(rlim_cur: rlim_t(bytes), rlim_max: rlim_t(bytes))
  signal(SIGXFSZ, SIG_IGN)
  #if os(Linux)
    setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
  #else
    setrlimit(RLIMIT_FSIZE, &limit)
  #endif
}
