internal import Boltzmann
internal import BoltzmannData
internal import BoltzmannRecommendation
internal import Foundation

/// Everything that decides a training of ratings, as `run.json` keeps it.
struct RecommendSettings: Codable {
  /// Absolute paths.
  var ratings: String
  var seen: String?
  var validation: String?
  var scale: RatingScale
  /// The machines in the order in which they are trained.
  var orientations: [RecommendOrientation]
  var shape: RatingRBM.Shape
  var learning: RatingSettings
  /// Whether a machine of who has what comes last.
  var isImplicit: Bool
  /// Which ratings and pairs the run began with.
  var fingerprint: String
  /// The program, instruction set and BLAS that began it.
  var versions = Versions.current

  var machineCount: Int { orientations.count + (isImplicit ? 1 : 0) }

  /// Throws `SettingsError` where no training can be so.
  func validate(_ data: RecommendData) throws {
    guard !orientations.isEmpty, Set(orientations).count == orientations.count else {
      throw SettingsError(message: "there must be a machine by user, by item or one of each")
    }
    try shape.validate()
    try learning.validate(cases: data.table.users.count)
    for orientation in orientations { try requireMemory(orientation, data) }
    if isImplicit { try requireMemoryForImplicit(data) }
  }

  /// Weights, velocity and a copy for the validation; and the layers of a minibatch.
  private func requireMemory(_ orientation: RecommendOrientation, _ data: RecommendData) throws {
    let (users, items) = (Double(data.table.users.count), Double(data.table.items.count))
    let (cases, sites) = orientation == .user ? (users, items) : (items, users)
    let hidden = Double(shape.hidden), columns = shape.factors.map { Double($0) } ?? hidden
    let rows = sites * Double(data.scale.levelCount + 1)
    let mixing = shape.factors == nil ? 0 : columns * hidden
    let together = min(Double(learning.batchSize), cases)
    let floats = 3 * (rows * columns + mixing + together * (hidden + columns))
    try MemoryLimit.require(floats: floats, for: "a machine with so many hidden units")
  }

  /// Weights and what goes with them, and a bit for each user and item.
  private func requireMemoryForImplicit(_ data: RecommendData) throws {
    let users = data.seen.map { data.table.users.appending($0.pairs.users) } ?? data.table.users
    let items = Double(data.table.items.count)
    try MemoryLimit.require(
      floats: 4 * items * Double(shape.hidden) + Double(users.count) * items / 32,
      for: "a machine of who has rated what")
  }
}

/// The folder of a training of ratings.
/// ```
/// run.json                every setting, fingerprints of the data, versions
/// model.safetensors       the machines that are trained, replaced in one step
/// checkpoint.safetensors  how many these are, and where the training of the next one stands
/// ```
struct RecommendFolder {
  let path: String
  private let lock: FolderLock

  private static let settingsName = "run.json"
  private static let checkpointName = "checkpoint.safetensors"
  private static let machines = "machines"

  var modelPath: String { "\(path)/model.safetensors" }
  private var settingsPath: String { "\(path)/\(RecommendFolder.settingsName)" }
  private var checkpointPath: String { "\(path)/\(RecommendFolder.checkpointName)" }

  /// Throws `DataError` of `cannotCreate` where files of a training are there already, or the folder cannot be made.
  init(new path: String, overwrite: Bool, settings: RecommendSettings) throws {
    self.path = path
    try OutputFolder.require(
      path, free: ["model.safetensors", RecommendFolder.settingsName, RecommendFolder.checkpointName],
      overwrite: overwrite)
    lock = try FolderLock(path)
    // Before the settings: an older training whose settings are still there must not be taken for finished.
    try save(machines: 0, state: Snapshot())
    try? FileManager.default.removeItem(atPath: modelPath)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    try AtomicFile.write(Array(encoder.encode(settings)) + [UInt8(ascii: "\n")], to: settingsPath)
  }

  /// Throws `DataError` where no training has begun there, or another process is at it.
  init(existing path: String) throws {
    guard FileManager.default.fileExists(atPath: "\(path)/\(RecommendFolder.settingsName)") else {
      throw DataError(
        path: path, message: "is no folder of a training: it has no \(RecommendFolder.settingsName)",
        category: .missingInput)
    }
    self.path = path
    lock = try FolderLock(path)
  }

  func settings() throws -> RecommendSettings {
    let bytes = try FileBytes.read(settingsPath)
    do {
      return try JSONDecoder().decode(RecommendSettings.self, from: Data(bytes))
    } catch is DecodingError {
      throw DataError(path: settingsPath, message: "is not the settings of a training of ratings")
    }
  }

  func save(machines: Int, state: Snapshot) throws {
    var state = state
    state.numbers[RecommendFolder.machines] = Double(machines)
    try SafetensorsFile(state).write(to: checkpointPath)
  }

  /// How many machines are trained, and the state of the next one's training, if it has begun.
  func checkpoint(of settings: RecommendSettings) throws -> (machines: Int, state: Snapshot?) {
    var state = try SafetensorsFile.read(checkpointPath).snapshot(path: checkpointPath)
    let found = state.numbers.removeValue(forKey: RecommendFolder.machines)
    guard let machines = found.flatMap({ Int(exactly: $0) }), (0...settings.machineCount).contains(machines)
    else { throw DataError(path: checkpointPath, message: "does not say how many machines are trained") }
    return (machines, state.numbers.isEmpty ? nil : state)
  }

  /// Does what cannot fail but by what stands in the folder's files.
  func blamed<R>(_ work: () throws -> R) throws -> R {
    do {
      return try work()
    } catch let error as SnapshotError {
      throw DataError(path: checkpointPath, message: "\(error)")
    } catch let error as SettingsError {
      throw DataError(path: settingsPath, message: "\(error)")
    }
  }
}
