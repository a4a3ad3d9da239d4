import BoltzmannData
import Testing

extension Scratch {
  /// Trains in this folder, where it must succeed.
  @discardableResult
  func train(
    _ arguments: [String], environment: [String: String] = [:],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Tool.Outcome {
    let outcome = try Tool.run(["train", "--quiet"] + arguments, environment: environment, folder: root)
    #expect(outcome.status == 0, "\(outcome.error)", sourceLocation: sourceLocation)
    #expect(outcome.error.isEmpty, "\(outcome.error)", sourceLocation: sourceLocation)
    return outcome
  }

  /// The bytes of a run's machine.
  func model(_ run: String) throws -> [UInt8] { try bytes("\(run)/model.safetensors") }

  /// The objects of a run's `metrics.jsonl`; whatever was written last must be whole.
  func metrics(_ run: String) throws -> [JSONValue] { try JSONLines.read(path("\(run)/metrics.jsonl")) }

  func epochs(_ run: String) throws -> [Int] { try metrics(run).compactMap { $0["epoch"]?.integer } }
}

extension Tool.Outcome {
  /// One line on standard error that holds all of `parts`, this status, and nothing on standard output.
  func expectFailure(
    _ expected: Int32, _ parts: [String], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(status == expected, "\(error)", sourceLocation: sourceLocation)
    #expect(errorLines.count == 1, "\(error)", sourceLocation: sourceLocation)
    #expect(error.hasPrefix("boltzmann: "), "\(error)", sourceLocation: sourceLocation)
    for part in parts { #expect(error.contains(part), "\(error)", sourceLocation: sourceLocation) }
  }

  /// Status 64 and a first line that says what is wrong; the argument parser adds how the command is used.
  func expectUsageError(_ part: String, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(status == 64, "\(error)", sourceLocation: sourceLocation)
    let first = errorLines.first.map(String.init) ?? ""
    #expect(
      first.hasPrefix("Error: ") || first.hasPrefix("boltzmann: "), "\(error)", sourceLocation: sourceLocation
    )
    #expect(first.contains(part), "\(error)", sourceLocation: sourceLocation)
  }
}
