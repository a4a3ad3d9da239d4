internal import Boltzmann
internal import Foundation

/// The folder of a training run: settings, metrics, the latest machine, and a checkpoint to go on from.
///
/// ```
/// run.json                every setting, seed, data fingerprint, versions
/// metrics.jsonl           one object an epoch
/// model.safetensors       the latest machine, replaced in one step
/// best.safetensors        the best machine by validation likelihood, where a run may stop early
/// models/                 machines that are kept
/// checkpoint/current.json names the state file, which is never written over
/// ```
/// Whenever the program stops, the folder is whole: it comes into being under its name with a first
/// checkpoint inside, and every later change is one rename.
public struct RunFolder: Sendable {
  public let path: String
  private let lock: FolderLock

  public static let settingsName = "run.json"

  public var modelPath: String { "\(path)/model.safetensors" }
  public var bestModelPath: String { "\(path)/best.safetensors" }
  var metricsPath: String { "\(path)/metrics.jsonl" }
  public var settingsPath: String { "\(path)/\(RunFolder.settingsName)" }
  public var checkpointPath: String { "\(path)/checkpoint" }
  var keptModelsPath: String { "\(path)/models" }

  /// Makes the folder, with the training's first state in it.
  ///
  /// Throws `DataError` of `cannotCreate` where something is there already. With `overwrite` an older run
  /// folder gives way once the new one is whole; anything else is left alone.
  public static func create(
    _ path: String, overwrite: Bool, settings: RunSettings, model: StoredModel, checkpoint: Checkpoint
  ) throws -> RunFolder {
    try requireFree(path, overwrite: overwrite)
    let temporary = try NewFolder(replacing: path)
    do {
      let folder = try RunFolder(temporary.path)
      try makeFolder("\(temporary.path)/checkpoint")
      try folder.write(settings)
      try AtomicFile.write([], to: folder.metricsPath)
      try folder.save(model: model)
      try folder.save(checkpoint)
      try temporary.takePlace()
      return RunFolder(path, lock: folder.lock)
    } catch {
      temporary.remove()
      throw error
    }
  }

  /// Whether a run may begin there.
  public static func requireFree(_ path: String, overwrite: Bool) throws {
    guard let entries = try? FileManager.default.contentsOfDirectory(atPath: path) else {
      guard !FileManager.default.fileExists(atPath: path) else {
        throw DataError(path: path, message: "exists and is no folder", category: .cannotCreate)
      }
      return
    }
    guard overwrite else {
      throw DataError(
        path: path, message: "exists (--overwrite replaces it, --resume goes on with it)",
        category: .cannotCreate)
    }
    guard entries.isEmpty || entries.contains(settingsName) else {
      throw DataError(
        path: path, message: "is no run folder, so --overwrite does not replace it", category: .cannotCreate)
    }
    // Its owner would go on writing, into the new run.
    _ = try FolderLock(path)
  }

  /// An existing run. Throws `DataError` where there is none or another process works in it.
  public init(existing path: String) throws {
    guard FileManager.default.fileExists(atPath: "\(path)/\(RunFolder.settingsName)") else {
      throw DataError(
        path: path, message: "is no run folder: it has no \(RunFolder.settingsName)", category: .missingInput)
    }
    try self.init(path)
    removeTemporaryFiles()
  }

  /// What a process that was killed while it wrote has left; the lock says that nobody writes now.
  private func removeTemporaryFiles() {
    for folder in [path, checkpointPath, keptModelsPath] {
      for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      where name.hasPrefix(".boltzmann-") && name.hasSuffix(".tmp") {
        try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
      }
    }
  }

  private init(_ path: String) throws { self.init(path, lock: try FolderLock(path)) }

  private init(_ path: String, lock: FolderLock) {
    self.path = path
    self.lock = lock
  }

  public func write(_ settings: RunSettings) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    try AtomicFile.write(Array(encoder.encode(settings)) + [UInt8(ascii: "\n")], to: settingsPath)
  }

  /// Throws `DataError` where the file is no run's settings, or says what no run can be.
  public func settings() throws -> RunSettings {
    let bytes = try FileBytes.read(settingsPath)
    do {
      let settings = try JSONDecoder().decode(RunSettings.self, from: Data(bytes))
      try settings.validate()
      return settings
    } catch let error as DecodingError {
      throw DataError(path: settingsPath, message: "is no run's settings: \(error.reason)")
    } catch let error as SettingsError {
      throw DataError(path: settingsPath, message: "\(error)")
    }
  }

  public func save(model: StoredModel) throws { try model.write(to: modelPath) }

  /// Keeps the machine that is best by validation likelihood.
  public func save(best model: StoredModel) throws { try model.write(to: bestModelPath) }

  /// Keeps the machine of an epoch for good.
  public func keep(model: StoredModel, epoch: Int) throws {
    let folder = keptModelsPath
    if !FileManager.default.fileExists(atPath: folder) { try makeFolder(folder) }
    let number = String(repeating: "0", count: max(0, 4 - String(epoch).count)) + String(epoch)
    try model.write(to: "\(folder)/epoch-\(number).safetensors")
  }
}

extension DecodingError {
  /// What is wrong, in a few words.
  fileprivate var reason: String {
    switch self {
    case .keyNotFound(let key, _): "\"\(key.stringValue)\" is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
      (context.codingPath.map(\.stringValue) + [context.debugDescription]).joined(separator: ": ")
    @unknown default: "it cannot be read"
    }
  }
}
