internal import Foundation

/// A bar on standard error, with rate and time left; nothing where that is no terminal.
struct Progress {
  private let minibatches: Int
  private let batchSize: Int
  private let isShown: Bool
  private let start = Date()
  private let doneAtStart: Int
  private var done: Int
  private var lastDrawn = Date.distantPast

  init(minibatches: Int, done: Int, batchSize: Int, isShown: Bool) {
    self.minibatches = minibatches
    self.batchSize = batchSize
    self.isShown = isShown && Console.errorIsTerminal
    doneAtStart = done
    self.done = done
  }

  mutating func advance() {
    done += 1
    guard isShown, Date().timeIntervalSince(lastDrawn) > 0.1 else { return }
    lastDrawn = Date()
    write("\r\(line)\u{1B}[K")
  }

  func clear() {
    if isShown { write("\r\u{1B}[K") }
  }

  private var line: String {
    let width = 30, filled = width * done / max(minibatches, 1)
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
    let elapsed = max(Date().timeIntervalSince(start), 1e-9)
    let perSecond = Double(done - doneAtStart) / elapsed
    let left = Double(minibatches - done) / max(perSecond, 1e-9)
    let samples = Int(perSecond * Double(batchSize))
    return "\(bar) \(100 * done / max(minibatches, 1)) %  \(samples) samples/s  \(clock(left)) left"
  }

  private func clock(_ seconds: Double) -> String {
    let total = Int(min(seconds, 359_999))
    let (hours, minutes, rest) = (total / 3600, total / 60 % 60, total % 60)
    return hours > 0 ? String(format: "%d:%02d:%02d", hours, minutes, rest) : String(format: "%d:%02d", minutes, rest)
  }

  private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
