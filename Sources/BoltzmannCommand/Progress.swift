internal import Foundation

/// A bar on standard error, with rate and time left; nothing where that is no terminal.
struct Progress {
  /// All minibatches of the run; a `Double`, since nobody keeps a user from asking for 10¹⁸ epochs.
  private let total: Double
  private let batchSize: Int
  private let isShown: Bool
  private let start = Date()
  private let doneAtStart: Double
  private var done: Double
  private var lastDrawn = Date.distantPast

  /// Minibatches done before: whole epochs and some of the next.
  init(
    epochs: Int, minibatchesPerEpoch: Int, doneEpochs: Int = 0, doneMinibatches: Int = 0, batchSize: Int,
    isShown: Bool
  ) {
    total = Double(epochs) * Double(minibatchesPerEpoch)
    self.batchSize = batchSize
    self.isShown = isShown && Console.errorIsTerminal
    doneAtStart = Double(doneEpochs) * Double(minibatchesPerEpoch) + Double(doneMinibatches)
    self.done = doneAtStart
  }

  mutating func advance() {
    done += 1
    guard isShown, Date().timeIntervalSince(lastDrawn) > 0.1 else { return }
    lastDrawn = Date()
    Console.noteWithoutNewline("\r\(line)\u{1B}[K")
  }

  func clear() {
    if isShown { Console.noteWithoutNewline("\r\u{1B}[K") }
  }

  private var line: String {
    let fraction = min(max(done / max(total, 1), 0), 1)
    let width = 30, filled = Int(Double(width) * fraction)
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
    let elapsed = max(Date().timeIntervalSince(start), 1e-9)
    let perSecond = (done - doneAtStart) / elapsed
    let left = (total - done) / max(perSecond, 1e-9)
    let samples = Int(min(perSecond * Double(batchSize), 1e15))
    return "\(bar) \(Int(100 * fraction)) %  \(samples) samples/s  \(clock(left)) left"
  }

  private func clock(_ seconds: Double) -> String {
    let total = Int(min(max(seconds, 0), 359_999))
    let (hours, minutes, rest) = (total / 3600, total / 60 % 60, total % 60)
    return hours > 0
      ? String(format: "%d:%02d:%02d", hours, minutes, rest) : String(format: "%d:%02d", minutes, rest)
  }
}
