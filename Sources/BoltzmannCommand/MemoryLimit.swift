internal import Boltzmann
internal import Foundation

/// Sizes are checked before memory is asked for: an allocation that fails would end the program without a word.
enum MemoryLimit {
  /// Throws `SettingsError` where numbers of 4 bytes exceed what the machine has.
  ///
  /// - Parameter floats: how many, as `Double` since the product of options may exceed every integer.
  static func require(floats: Double, for what: String) throws {
    let needed = 4 * floats, available = Double(ProcessInfo.processInfo.physicalMemory)
    guard needed > available else { return }
    throw SettingsError(
      message:
        "\(what) would take \(gigabytes(needed)) GB of memory, this machine has \(gigabytes(available))")
  }

  /// Weights, velocity, gradient and the transposed copy; and both layers of a minibatch and of the chains.
  static func requireTraining(visible: Int, hidden: Double, settings: TrainingSettings) throws {
    let visible = Double(visible)
    try require(floats: 4 * visible * hidden, for: "\(settings.method) with so many hidden units")
    let rows = Double(settings.batchSize) + Double(settings.chains ?? settings.batchSize)
    try require(floats: 2 * rows * (visible + hidden), for: "so many chains")
  }

  /// The states of independent chains and the means beside them.
  static func requireChains(_ count: Int, of machine: RBM) throws {
    let width = Double(machine.visibleCount) + Double(machine.hiddenCount)
    try require(floats: 3 * Double(count) * width, for: "\(count) chains")
  }

  private static func gigabytes(_ bytes: Double) -> String { String(format: "%.3g", bytes / 1e9) }
}
