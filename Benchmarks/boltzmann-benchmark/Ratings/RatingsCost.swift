internal import ArgumentParser
internal import Boltzmann
internal import BoltzmannCompute
internal import BoltzmannRecommendation
internal import Foundation

/// What learning from ratings costs, by how many there are.
struct RatingsCost: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ratings",
    abstract: "Time and memory of rating RBMs on synthetic ratings of several sizes.",
    discussion: """
      Examples:

        swift run -c release boltzmann-benchmark ratings
        swift run -c release boltzmann-benchmark ratings --users 6040 \\
            --items 3706 --sizes 1000209 --epochs 50

      A line for each size: ratings, seconds an epoch (median) and nanoseconds a rating by user and by item, and the \
      most memory that the process has had so far.
      """)

  @Option(help: "Ratings, several sizes separated by commas.")
  var sizes = "100000,1000000,10000000"

  @Option(help: "Users. (default: a hundredth of the ratings)")
  var users: Int?

  @Option(help: "Items.")
  var items = 3706

  @Option(help: "Hidden units.")
  var hidden = 100

  @Option(help: "Epochs that are timed.")
  var epochs = 3

  @Option(help: "Cases in a minibatch.")
  var batchSize = 10

  @Option(help: "Threads. (default: all cores)")
  var threads: Int?

  func validate() throws {
    if counts.isEmpty { throw ValidationError("--sizes must be numbers of ratings, not \(sizes)") }
    if [users ?? 1, items, hidden, epochs, batchSize, threads ?? 1].contains(where: { $0 < 1 }) {
      throw ValidationError("users, items, hidden units, epochs, cases and threads must be at least 1")
    }
  }

  private var counts: [Int] {
    let counts = sizes.split(separator: ",").map { Int($0) ?? 0 }
    return counts.allSatisfy { $0 >= 1000 } ? counts.filter { $0 > 0 } : []
  }

  func run() throws {
    let parallel = threads.map { Parallel(threads: $0) } ?? .all
    let date = Date().formatted(.iso8601).prefix(10)
    print("\(Processor.name), \(parallel.threads) threads, kernels for \(InstructionSet.name), \(date)")
    print("CD-1, \(hidden) hidden units, minibatches of \(batchSize) cases, \(epochs) epochs\n")
    var table = Table(
      headings: ["ratings", "users × items", "s by user", "ns a rating", "s by item", "ns a rating", "GB"],
      textColumns: 0)
    for count in counts {
      let users = users ?? max(50, count / 100)
      note("drawing \(count) ratings …")
      let lists = try SyntheticRatings(users: users, items: items, count: count, seed: 1).lists(
        parallel: parallel)
      let byUser = try secondsAnEpoch(lists, parallel),
        byItem = try secondsAnEpoch(lists.transposed(), parallel)
      func nanoseconds(_ seconds: Double) -> String { fixed(1e9 * seconds / Double(lists.count), 0) }
      table.rows.append([
        "\(lists.count)", "\(users) × \(items)", fixed(byUser, 3), nanoseconds(byUser), fixed(byItem, 3),
        nanoseconds(byItem), fixed(Memory.peakGigabytes, 2),
      ])
    }
    print(table.description)
  }

  private func secondsAnEpoch(_ lists: RatingLists, _ parallel: Parallel) throws -> Double {
    var shape = RatingRBM.Shape(), settings = RatingSettings()
    shape.hidden = hidden
    (settings.steps, settings.epochs, settings.batchSize) = (StepSchedule(1), epochs + 1, batchSize)
    // Time does not depend on the rate: a small one suits any size.
    settings.learningRate = 1e-4
    var trainer = try RatingTrainer(
      model: RatingRBM.initialized(lists, shape: shape, seed: 1), lists: lists, settings: settings)
    let seconds = try (0...epochs).map { _ in
      try timed { while try !trainer.step(parallel: parallel).endsEpoch {} }.seconds
    }
    return seconds.dropFirst().sorted()[epochs / 2]
  }
}

/// The memory of this process.
enum Memory {
  /// The most that it has had, in units of 10⁹ bytes; NaN where the system does not tell.
  static var peakGigabytes: Double {
    let text = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    let kilobytes = line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Double($0) }
    return kilobytes.map { 1024 * $0 / 1e9 } ?? .nan
  }
}
