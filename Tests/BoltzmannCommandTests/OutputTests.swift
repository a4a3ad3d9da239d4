import BoltzmannData
import Foundation
import Testing

/// Where results cannot go: status 73 or 74, one line, and what was there before is as it was.
@Suite struct OutputTests {
  private static func scratch() throws -> Scratch {
    let scratch = try Scratch()
    try scratch.write("data.csv", TinyMachine.stateText)
    try scratch.write("m.safetensors", TinyMachine().bytes)
    return scratch
  }

  private static let train = [
    "train", "--data", "data.csv", "--batch-size", "2", "--hidden", "2", "--epochs", "2", "--quiet",
  ]

  /// The commands that write one file, without its name.
  private static let writers = [
    ["sample", "m.safetensors", "--count", "3", "--steps", "1", "--output"],
    ["transform", "m.safetensors", "--data", "data.csv", "--output"],
    ["evaluate", "m.safetensors", "--data", "data.csv", "--per-sample"],
    ["info", "m.safetensors", "--filters"],
  ]

  // MARK: - Run folders

  @Test func existingFolders() throws {
    let scratch = try Self.scratch()
    #expect(try Tool.run(Self.train + ["--output", "run"], folder: scratch.root).status == 0)
    try scratch.write("file", "precious")
    try FileManager.default.createDirectory(
      atPath: scratch.path("folder/inner"), withIntermediateDirectories: true)
    try scratch.write("folder/thesis.tex", "precious")
    let before = try scratch.tree()
    let cases: [([String], [String])] = [
      (["run"], ["run: exists", "--overwrite", "--resume"]), (["folder"], ["folder: exists"]),
      (["folder", "--overwrite"], ["folder: is no run folder"]),
      (["file"], ["file: exists and is no folder"]),
      (["file", "--overwrite"], ["file: exists and is no folder"]),
      (["file/run"], ["file/run: ", "Not a directory"]),
      (["file/deep/run", "--overwrite"], ["file/deep/run: "]), ([""], ["\"\": "]),
    ]
    for (options, parts) in cases {
      try Tool.run(Self.train + ["--output"] + options, folder: scratch.root).expectFailure(73, parts)
    }
    #expect(try scratch.tree() == before)
  }

  /// `--overwrite` replaces a run as a whole: nothing of the old one is left in it, or beside it.
  @Test func overwriting() throws {
    let scratch = try Self.scratch()
    let run = Self.train + ["--output", "run"]
    #expect(try Tool.run(run + ["--keep-every", "1"], folder: scratch.root).status == 0)
    let names = try scratch.names()
    #expect(try Tool.run(run + ["--seed", "9", "--overwrite"], folder: scratch.root).status == 0)
    #expect(try scratch.names("run") == ["checkpoint", "metrics.jsonl", "model.safetensors", "run.json"])
    #expect(try scratch.names("run/checkpoint") == ["current.json", "state-2-0.safetensors"])
    #expect(try scratch.names() == names)
    #expect(try Tool.run(Self.train + ["--seed", "9", "--output", "new"], folder: scratch.root).status == 0)
    #expect(try scratch.model("run") == scratch.model("new"))
    // An empty folder holds nothing to lose; a folder that is not there has nothing to replace.
    try FileManager.default.createDirectory(
      atPath: scratch.path("empty"), withIntermediateDirectories: true)
    for folder in ["empty", "fresh", "deep/er/run/"] {
      let outcome = try Tool.run(
        Self.train + ["--seed", "9", "--overwrite", "--output", folder], folder: scratch.root)
      #expect(outcome.status == 0, "\(outcome.error)")
      #expect(try scratch.model(folder) == scratch.model("new"))
    }
  }

  /// Where the new run cannot begin, the old one stays.
  @Test func overwritingInVain() throws {
    let scratch = try Self.scratch()
    let run = Self.train + ["--output", "run", "--overwrite"]
    #expect(try Tool.run(run, folder: scratch.root).status == 0)
    let before = try scratch.tree()
    try Tool.run(run + ["--data", "none.csv"], folder: scratch.root).expectFailure(66, ["none.csv"])
    try Tool.run(run + ["--validation", "none.csv"], folder: scratch.root).expectFailure(66, ["none.csv"])
    try Tool.run(run + ["--batch-size", "6"], folder: scratch.root).expectFailure(64, ["minibatch of 6"])
    #expect(try scratch.tree() == before)
  }

  // MARK: - Files

  @Test(arguments: writers)
  func placesThatCannotBe(command: [String]) throws {
    let scratch = try Self.scratch()
    let before = try scratch.tree()
    let cases = [
      ("none/out.npy", ["none/out.npy: ", "No such file"]), ("data.csv/out", ["Not a directory"]),
      (".", ["Is a directory"]), ("", ["\"\": "]),
    ]
    for (place, parts) in cases {
      try Tool.run(command + [place, "--quiet"].prefix(command[0] == "info" ? 1 : 2), folder: scratch.root)
        .expectFailure(73, parts)
    }
    #expect(try scratch.tree() == before)
  }

  /// An earlier result gives way in one step, also through a link.
  @Test(arguments: writers)
  func replacing(command: [String]) throws {
    let scratch = try Self.scratch()
    try scratch.write("out", "old")
    try FileManager.default.createSymbolicLink(
      atPath: scratch.path("link"), withDestinationPath: scratch.path("out"))
    #expect(try Tool.run(command + ["link"], folder: scratch.root).status == 0)
    #expect(try scratch.bytes("out") != Array("old".utf8))
    #expect(try scratch.names() == ["data.csv", "link", "m.safetensors", "out"])
    let attributes = try FileManager.default.attributesOfItem(atPath: scratch.path("link"))
    #expect(attributes[.type] as? FileAttributeType == .typeSymbolicLink)
  }

  // MARK: - Full disks

  private static let hasFullDevice = FileManager.default.fileExists(atPath: "/dev/full")

  /// The name decides the format, the link leads to the device.
  @Test(.enabled(if: hasFullDevice), arguments: writers)
  func fullDevice(command: [String]) throws {
    let scratch = try Self.scratch()
    for name in ["out.png", "out.csv", "out.npy"] {
      try FileManager.default.createSymbolicLink(
        atPath: scratch.path(name), withDestinationPath: "/dev/full")
      let outcome = try Tool.run(command + [name], folder: scratch.root)
      #expect(outcome.status == 74)
      #expect(outcome.error.hasSuffix("boltzmann: /dev/full: No space left on device\n"))
    }
  }

  @Test(.enabled(if: hasFullDevice))
  func fullStandardOutput() throws {
    let scratch = try Self.scratch()
    for command in [
      ["info", "m.safetensors"], ["info", "m.safetensors", "--json"],
      ["evaluate", "m.safetensors", "--data", "data.csv"],
      ["sample", "m.safetensors", "--json", "--count", "1", "--steps", "1", "--output", "out"],
      ["transform", "m.safetensors", "--json", "--data", "data.csv", "--output", "out"],
      Self.train + ["--output", "run"], Self.train + ["--output", "json-run", "--json"],
    ] {
      try Tool.run(command, folder: scratch.root, output: "/dev/full")
        .expectFailure(74, ["standard output: No space left on device"])
    }
    // What could not be printed is in the folder all the same, and the run goes on from there.
    #expect(try scratch.epochs("json-run") == [1])
    #expect(try Tool.run(["train", "--resume", "json-run"], folder: scratch.root).status == 0)
    #expect(try scratch.epochs("json-run") == [1, 2])
  }

  @Test(.enabled(if: TinyDisk.isAvailable))
  func fullDiskAtTheStart() throws {
    let scratch = try Self.scratch(), disk = try TinyDisk(kilobytes: 16)
    let outcome = try Tool.run(
      Self.train + ["--hidden", "2000", "--output", "\(disk.root)/run"], folder: scratch.root)
    outcome.expectFailure(74, ["No space left on device"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: disk.root).isEmpty)
  }

  /// The disk fills up while the run is at work: the last checkpoint is whole, and with more room it goes on.
  @Test(.enabled(if: TinyDisk.isAvailable))
  func fullDiskOnTheWay() throws {
    let scratch = try Self.scratch(), disk = try TinyDisk(kilobytes: 100)
    let run = ["--hidden", "200", "--epochs", "40", "--keep-every", "1", "--output"]
    let outcome = try Tool.run(Self.train + run + ["\(disk.root)/run"], folder: scratch.root)
    #expect(outcome.status == 74)
    #expect(outcome.errorLines.count == 1)
    #expect(outcome.error.contains("No space left on device"))
    _ = try StoredModel.read("\(disk.root)/run/model.safetensors")
    #expect(disk.grow(kilobytes: 4000))
    let resumed = try Tool.run(["train", "--resume", "\(disk.root)/run"])
    #expect(resumed.status == 0, "\(resumed.error)")
    #expect(try Tool.run(Self.train + run + ["run"], folder: scratch.root).status == 0)
    for file in ["model.safetensors", "models/epoch-0040.safetensors", "checkpoint/state-40-0.safetensors"] {
      let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(disk.root)/run/\(file)"))
      #expect(try Array(bytes) == scratch.bytes("run/\(file)"))
    }
    let epochs = try JSONLines.read("\(disk.root)/run/metrics.jsonl").map { $0["epoch"]?.integer }
    #expect(epochs == Array(1...40))
  }
}
