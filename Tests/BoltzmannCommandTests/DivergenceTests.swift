import BoltzmannData
import Testing

/// A training whose numbers run away stops, says where and why, and leaves what it had.
@Suite struct DivergenceTests {
  private func scratch() throws -> Scratch {
    let scratch = try Scratch()
    try scratch.write("data.csv", TinyData.binary(rows: 30, columns: 6))
    return scratch
  }

  private static let common = [
    "--data", "data.csv", "--hidden", "3", "--batch-size", "10", "--output", "run",
  ]

  @Test func atOnce() throws {
    let scratch = try scratch()
    let outcome = try Tool.run(
      ["train", "--json", "--learning-rate", "1e39"] + Self.common, folder: scratch.root)
    outcome.expectFailure(75, ["epoch 1, minibatch 1", "learning rate 1e+39"])
    #expect(outcome.output.isEmpty)
    #expect(try scratch.epochs("run").isEmpty)
    let model = try StoredModel.read(scratch.path("run/model.safetensors"))
    #expect(model.preprocessing != nil)
    #expect(try Tool.run(["info", "run/model.safetensors"], folder: scratch.root).status == 0)
  }

  /// Weight decay of −rate·l2·W with rate·l2 = 100 multiplies the weights by about −99 a minibatch:
  /// some epochs pass before they leave the range of `Float`.
  @Test func afterSomeEpochs() throws {
    let scratch = try scratch()
    let arguments = [
      "train", "--json", "--learning-rate", "1", "--l2", "100", "--momentum", "0", "--epochs", "1000",
    ]
    let outcome = try Tool.run(arguments + Self.common, folder: scratch.root)
    #expect(outcome.status == 75)
    #expect(outcome.errorLines.count == 1)
    let epochs = try scratch.epochs("run")
    #expect(!epochs.isEmpty && epochs == Array(1...epochs.count))
    #expect(outcome.error.contains("training diverged in epoch \(epochs.count + 1), minibatch "))
    #expect(outcome.error.contains("learning rate 1.0"))
    #expect(outcome.output == (try scratch.text("run/metrics.jsonl")))
    // The last good epoch stays: its machine, and a checkpoint from which the same happens again.
    let before = try scratch.tree("run")
    #expect(before["checkpoint/state-\(epochs.count)-0.safetensors"] != nil)
    _ = try StoredModel.read(scratch.path("run/model.safetensors"))
    let again = try Tool.run(["train", "--resume", "run", "--quiet", "--json"], folder: scratch.root)
    #expect(again.status == 75 && again.error == outcome.error)
    #expect(try scratch.tree("run") == before)
  }
}
