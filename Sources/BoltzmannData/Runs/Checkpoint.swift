public import Boltzmann
internal import Foundation

/// A place in a run to go on from.
public struct Checkpoint: Sendable {
  public var state: Snapshot
  /// Epochs done, and minibatches done in the next one.
  public var epoch: Int
  public var minibatch: Int
  /// Seconds of training spent on the epoch so far.
  public var seconds: Double

  public init(state: Snapshot, epoch: Int, minibatch: Int, seconds: Double) {
    self.state = state
    self.epoch = epoch
    self.minibatch = minibatch
    self.seconds = seconds
  }

  var fileName: String { "state-\(epoch)-\(minibatch).safetensors" }
}

extension RunFolder {
  private var currentPath: String { "\(checkpointPath)/current.json" }

  /// Writes the state to a file of its own, then makes it the current one; older states go last.
  public func save(_ checkpoint: Checkpoint) throws {
    try SafetensorsFile(checkpoint.state).write(to: "\(checkpointPath)/\(checkpoint.fileName)")
    let current: JSONValue = [
      "file": .string(checkpoint.fileName), "epoch": .integer(checkpoint.epoch),
      "minibatch": .integer(checkpoint.minibatch), "seconds": .number(checkpoint.seconds),
      "metrics_bytes": .integer(try metricsSize()),
    ]
    try current.write(to: currentPath)
    removeStates(except: checkpoint.fileName)
  }

  private func removeStates(except name: String) {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: checkpointPath)) ?? []
    for file in files where file.hasSuffix(".safetensors") && file != name {
      try? FileManager.default.removeItem(atPath: "\(checkpointPath)/\(file)")
    }
  }

  /// Reads the current checkpoint and cuts `metrics.jsonl` to what it had then.
  public func restoreCheckpoint() throws -> Checkpoint {
    let current = try JSONValue.read(currentPath)
    guard let file = current["file"]?.string, !file.contains("/"), let epoch = current["epoch"]?.integer,
      let minibatch = current["minibatch"]?.integer, let seconds = current["seconds"]?.double,
      let metrics = current["metrics_bytes"]?.integer, metrics >= 0
    else {
      throw DataError(path: currentPath, message: "does not name a checkpoint")
    }
    let path = "\(checkpointPath)/\(file)"
    let state = try SafetensorsFile.read(path).snapshot(path: path)
    try cutMetrics(to: metrics)
    return Checkpoint(state: state, epoch: epoch, minibatch: minibatch, seconds: seconds)
  }

  /// Adds the object of an epoch.
  public func append(metrics: JSONValue) throws { try JSONLines.append(metrics, to: metricsPath) }

  /// The objects of all epochs so far.
  public func metrics() throws -> [JSONValue] { try JSONLines.read(metricsPath) }

  private func metricsSize() throws -> Int { try FileBytes.read(metricsPath).count }

  private func cutMetrics(to size: Int) throws {
    let bytes = try FileBytes.read(metricsPath)
    guard bytes.count >= size else {
      throw DataError(path: metricsPath, message: "is shorter than the checkpoint says: \(size) bytes")
    }
    if bytes.count > size { try AtomicFile.write(Array(bytes[..<size]), to: metricsPath) }
  }
}
