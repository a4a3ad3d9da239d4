import Boltzmann
import BoltzmannData
import Foundation
import Testing

@Suite struct RunFolderTests {
  private func category(_ body: () throws -> Void) -> DataError.Category? {
    do {
      try body()
      return nil
    } catch {
      return (error as? DataError)?.category
    }
  }

  @Test func creation() throws {
    let temporary = try TemporaryFolder()
    let run = try RunExample.create(temporary.file("runs/deep/run"))
    #expect(run.path == temporary.file("runs/deep/run"))
    #expect(
      try temporary.names("runs/deep/run") == [
        "checkpoint", "metrics.jsonl", "model.safetensors", "run.json",
      ])
    #expect(
      try temporary.names("runs/deep/run/checkpoint") == ["current.json", "state-0-0.safetensors"])
    #expect(try temporary.names("runs/deep") == ["run"])
    #expect(try temporary.content("runs/deep/run/metrics.jsonl").isEmpty)
    let read = try run.settings()
    #expect(read.training == RunExample.settings.training && read.hidden == 3)
    #expect(try run.restoreCheckpoint().state == RunExample.checkpoint().state)
    #expect(try StoredModel.read(run.modelPath).machine.weights == StoredModelTests.machine.weights)
  }

  /// The same run gives the same bytes: keys are sorted, and no time or host is in any file.
  @Test func sameBytes() throws {
    let temporary = try TemporaryFolder()
    for name in ["a", "b"] { _ = try RunExample.create(temporary.file(name)) }
    for file in [
      "run.json", "model.safetensors", "checkpoint/current.json", "checkpoint/state-0-0.safetensors",
    ] {
      #expect(try temporary.content("a/\(file)") == temporary.content("b/\(file)"))
    }
  }

  @Test func whatIsThereStays() throws {
    let temporary = try TemporaryFolder()
    _ = try temporary.file("file", [1])
    try FileManager.default.createDirectory(
      atPath: temporary.file("folder"), withIntermediateDirectories: true)
    _ = try temporary.file("folder/thesis.tex", [1])
    try FileManager.default.createDirectory(
      atPath: temporary.file("empty"), withIntermediateDirectories: true)
    for name in ["file", "folder", "empty", "file/run"] {
      #expect(category { _ = try RunExample.create(temporary.file(name)) } == .cannotCreate)
    }
    for name in ["file", "folder", "file/run"] {
      let line = message { _ = try RunExample.create(temporary.file(name), overwrite: true) }
      #expect(line?.hasPrefix("\(temporary.file(name)): ") == true, "\(line ?? "none")")
    }
    #expect(try temporary.names() == ["empty", "file", "folder"])
    #expect(try temporary.names("folder") == ["thesis.tex"])
  }

  @Test func overwriting() throws {
    let temporary = try TemporaryFolder()
    do {
      let old = try RunExample.create(temporary.file("run"))
      try old.keep(model: StoredModelTests.stored, epoch: 12)
      try old.append(metrics: ["epoch": 1])
      #expect(category { _ = try RunExample.create(temporary.file("run")) } == .cannotCreate)
    }
    let new = try RunExample.create(temporary.file("run"), overwrite: true)
    #expect(try temporary.names() == ["run"])
    #expect(try temporary.names("run") == ["checkpoint", "metrics.jsonl", "model.safetensors", "run.json"])
    #expect(try JSONLines.read("\(new.path)/metrics.jsonl").isEmpty)
  }

  /// The lock is held from creation on, follows the folder, and ends with its holder.
  @Test func oneAtATime() throws {
    let temporary = try TemporaryFolder(), path = temporary.file("run")
    do {
      let run = try RunExample.create(path)
      for attempt in [
        { _ = try RunFolder(existing: path) }, { _ = try RunExample.create(path, overwrite: true) },
      ] {
        let line = message(attempt)
        #expect(line == "\(path): another process works in this folder")
      }
      #expect(category { _ = try RunFolder(existing: path) } == .cannotCreate)
      try run.append(metrics: ["epoch": 1])
    }
    let again = try RunFolder(existing: path)
    #expect(try again.settings().hidden == 3)
  }

  /// A lock that is refused is closed once: a second time would close what another thread opened meanwhile.
  @Test func refusedLocksCloseOnlyTheirOwn() async throws {
    let temporary = try TemporaryFolder(inMemory: true), path = temporary.file("run")
    let run = try RunExample.create(path)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        for _ in 0..<3000 { #expect(throws: DataError.self) { try RunFolder(existing: path) } }
      }
      group.addTask {
        for _ in 0..<3000 { _ = try FileBytes.read("\(path)/run.json") }
      }
      try await group.waitForAll()
    }
    withExtendedLifetime((temporary, run)) {}
  }

  @Test func noRunFolder() throws {
    let temporary = try TemporaryFolder()
    _ = try temporary.file("file", [1])
    for path in [temporary.path, temporary.file("none"), temporary.file("file")] {
      #expect(category { _ = try RunFolder(existing: path) } == .missingInput)
      #expect(
        message { _ = try RunFolder(existing: path) } == "\(path): is no run folder: it has no run.json")
    }
  }

  @Test func keptMachines() throws {
    let temporary = try TemporaryFolder()
    let run = try RunExample.create(temporary.file("run"))
    for epoch in [1, 50, 9999, 12345] { try run.keep(model: StoredModelTests.stored, epoch: epoch) }
    #expect(
      try temporary.names("run/models") == [
        "epoch-0001.safetensors", "epoch-0050.safetensors", "epoch-12345.safetensors",
        "epoch-9999.safetensors",
      ])
    #expect(
      try temporary.content("run/models/epoch-0001.safetensors")
        == temporary.content("run/model.safetensors"))
  }

  /// Only files of this program's making go, and only with the lock.
  @Test func temporaryFilesGo() throws {
    let temporary = try TemporaryFolder(), path = temporary.file("run")
    do {
      try RunExample.create(path).keep(model: StoredModelTests.stored, epoch: 1)
    }
    let names = [".boltzmann-7-0.tmp", "checkpoint/.boltzmann-7-1.tmp", "models/.boltzmann-8-0.tmp"]
    for name in names + [".hidden.tmp", ".boltzmann-notes"] { _ = try temporary.file("run/\(name)", [1]) }
    let run = try RunFolder(existing: path)
    for name in names { #expect(!FileManager.default.fileExists(atPath: "\(run.path)/\(name)")) }
    for name in [".hidden.tmp", ".boltzmann-notes"] {
      #expect(FileManager.default.fileExists(atPath: "\(run.path)/\(name)"))
    }
  }

  @Test(arguments: [
    ("", "is no run's settings"), ("{}", "\"training\" is missing"), ("[1]", "is no run's settings"),
    ("{\"training\":3}", "training"),
  ])
  func damagedSettings(text: String, expected: String) throws {
    let temporary = try TemporaryFolder()
    let run = try RunExample.create(temporary.file("run"))
    let path = try temporary.file("run/run.json", Array(text.utf8))
    let line = message { _ = try run.settings() }
    #expect(line?.hasPrefix("\(path): ") == true && line?.contains(expected) == true, "\(line ?? "none")")
  }
}
