import BoltzmannData
import Foundation
import Testing

@Suite struct ResumptionTests {
  @Test func finishedRunsStayAsTheyAre() throws {
    let training = try Training()
    _ = try training.uninterrupted(epochs: 2)
    let before = try training.scratch.tree("uninterrupted-2")
    let outcome = try training.resume("uninterrupted-2")
    #expect(outcome.status == 0)
    #expect(outcome.output.isEmpty)
    #expect(outcome.error == "uninterrupted-2: finished, 2 epochs; --epochs prolongs it\n")
    #expect(try training.resume("uninterrupted-2", ["--quiet"]).error.isEmpty)
    #expect(try training.scratch.tree("uninterrupted-2") == before)
  }

  /// With a constant rate it makes no difference when the end was decided.
  @Test func prolongedRunsEqualLongOnes() throws {
    let training = try Training()
    #expect(try Tool.run(Training.begin("run", epochs: 2), folder: training.scratch.root).status == 0)
    #expect(try training.resume("run", ["--epochs", "5"]).status == 0)
    try training.expectWhole("run", epochs: 5)
    let settings = try JSONValue.read(training.scratch.path("run/run.json"))
    #expect(settings["epochs"]?.integer == 5)
    #expect(settings["training"]?["epochs"]?.integer == 2)
  }

  /// A run may end earlier than it was meant to, but not before where it is.
  @Test func shortenedRuns() throws {
    let training = try Training(), scratch = training.scratch
    _ = try training.uninterrupted(epochs: 3)
    let before = try scratch.tree("uninterrupted-3")
    try training.resume("uninterrupted-3", ["--epochs", "2"])
      .expectFailure(64, ["--epochs 2 is in the past", "3 epochs"])
    try training.resume("uninterrupted-3", ["--epochs", "0"]).expectUsageError("--epochs must be at least 1")
    #expect(try scratch.tree("uninterrupted-3") == before)
    #expect(try training.resume("uninterrupted-3", ["--epochs", "3"]).status == 0)
  }

  /// Schedules run over the epochs that the run began with.
  @Test func schedulesKeepTheirLength() throws {
    let scratch = try Training().scratch
    try scratch.train(
      Training.options + [
        "--learning-rate", "0.01", "--schedule", "linear", "--epochs", "4", "--output", "run",
      ])
    let rates = try scratch.metrics("run").compactMap { $0["learning_rate"]?.double }
    // Four minibatches an epoch; the object has the rate of the last: 0.01·(1 − (e + 3/4)/4), e = 0 … 3.
    for (epoch, rate) in rates.enumerated() {
      // The sum, quotient, difference and product round four times, each by at most half an ulp of 1.
      #expect(abs(rate - 0.01 * (1 - (Double(epoch) + 0.75) / 4)) <= 0.01 * 4 * 0x1p-53)
    }
    #expect(rates.count == 4)
    #expect(try Tool.run(["train", "--resume", "run", "--epochs", "5"], folder: scratch.root).status == 0)
    #expect(try scratch.metrics("run").last?["learning_rate"]?.double == 0)
  }

  @Test func keptMachines() throws {
    let training = try Training(), scratch = training.scratch
    let keep = ["--keep-every", "2"]
    #expect(try Tool.run(Training.begin("run", epochs: 3, keep), folder: scratch.root).status == 0)
    #expect(try scratch.names("run/models") == ["epoch-0002.safetensors"])
    #expect(try training.resume("run", ["--epochs", "5"]).status == 0)
    let kept = [2, 4].map { "models/epoch-000\($0).safetensors" }
    for (file, epochs) in zip(kept, [2, 4]) {
      #expect(try scratch.bytes("run/\(file)") == training.uninterrupted(epochs: epochs))
    }
    try training.expectWhole("run", epochs: 5, kept: kept)
  }

  /// The folder may have moved, and the working directory may be another; the data are where they were.
  @Test func fromAnotherFolder() throws {
    let training = try Training(), scratch = training.scratch
    let kill = try training.start("run", epochs: 200_000)
    #expect(poll { (try? scratch.epochs("run").count) ?? 0 >= 1 })
    kill.signal(SIGKILL)
    _ = try kill.wait()
    try FileManager.default.createDirectory(
      atPath: scratch.path("elsewhere"), withIntermediateDirectories: true)
    try FileManager.default.moveItem(atPath: scratch.path("run"), toPath: scratch.path("elsewhere/moved"))
    let epochs = try scratch.epochs("elsewhere/moved").count + 1
    let outcome = try Tool.run(
      ["train", "--resume", "moved/", "--epochs", "\(epochs)"], folder: scratch.path("elsewhere"))
    #expect(outcome.status == 0, "\(outcome.error)")
    try training.expectWhole("elsewhere/moved", epochs: epochs)
  }

  @Test func otherData() throws {
    let training = try Training(), scratch = training.scratch
    _ = try training.uninterrupted(epochs: 2)
    let before = try scratch.tree("uninterrupted-2")
    try scratch.write("data.csv", TinyData.grey(rows: 60, columns: 6, seed: 9))
    let prolong = ["--epochs", "3"]
    try training.resume("uninterrupted-2", prolong)
      .expectFailure(65, ["data.csv", "is not the data that the run began with", "60x6"])
    try FileManager.default.removeItem(atPath: scratch.path("data.csv"))
    try training.resume("uninterrupted-2", prolong).expectFailure(66, ["data.csv", "No such file"])
    #expect(try scratch.tree("uninterrupted-2") == before)
  }

  @Test func whileAnotherProcessWorks() throws {
    let training = try Training(), scratch = training.scratch
    let running = try training.start("run", epochs: 1_000_000)
    #expect(poll { (try? scratch.epochs("run").count) ?? 0 >= 1 })
    try training.resume("run").expectFailure(73, ["run: ", "another process"])
    let begin = Training.begin("run", epochs: 1)
    try Tool.run(begin, folder: scratch.root).expectFailure(73, ["run: exists"])
    try Tool.run(begin + ["--overwrite"], folder: scratch.root).expectFailure(73, ["another process"])
    running.signal(SIGTERM)
    #expect(try running.wait().status == 143)
    let epochs = try scratch.epochs("run").count + 1
    #expect(try training.resume("run", ["--epochs", "\(epochs)"]).status == 0)
    try training.expectWhole("run", epochs: epochs)
    #expect(try scratch.names().filter { $0.hasPrefix("run") } == ["run"])
  }

  /// The run's own settings hold: an option that would be ignored is refused.
  @Test(arguments: [
    ["--learning-rate", "1"], ["--seed=3"], ["--data", "digits"], ["--output", "other"], ["--overwrite"],
    ["--no-center"], ["--validation", "data.csv"], ["--binarize", "none"], ["--checkpoint-minutes", "1"],
  ])
  func otherOptions(option: [String]) throws {
    let training = try Training()
    let name = option[0].prefix { $0 != "=" }
    try training.resume("run", option).expectUsageError("\(name) has no place here")
  }
}
