internal import ArgumentParser
internal import BoltzmannCompute
internal import BoltzmannData
internal import Foundation

/// Trains under published conditions and compares with the published figures.
@main
struct PublishedTool: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "boltzmann-published",
    abstract: "Reproduce published figures of restricted Boltzmann machines.",
    discussion: """
      Each experiment follows the conditions of its source. The table goes to standard output, notes to \
      standard error; the exit status is 1 where a figure misses. All of it takes under an hour on two cores, \
      --quick under five minutes. MNIST comes from scripts/datasets.sh mnist.

      Experiments: \(Experiments.names).
      """)

  @Flag(help: "Only what is done in minutes.")
  var quick = false

  @Option(help: ArgumentHelp("Only experiments whose names begin so; may be given again.", valueName: "name"))
  var only: [String] = []

  @Option(help: "Fixes every random number; experiments with several seeds count on from it.")
  var seed: UInt64 = 1

  @Option(help: "Threads; the figures do not depend on it. (default: all cores)")
  var threads: Int?

  @Flag(help: "The findings as one JSON object.")
  var json = false

  @Option(
    help: ArgumentHelp(
      "Where MNIST lies. (default: $BOLTZMANN_DATA or ~/.cache/boltzmann)", valueName: "folder"))
  var data: String?

  func validate() throws {
    if let threads, threads < 1 { throw ValidationError("--threads must be at least 1, not \(threads)") }
    for name in only where !Experiments.all.contains(where: { $0.name.hasPrefix(name) }) {
      throw ValidationError("--only \"\(name)\" begins no experiment's name; there are: \(Experiments.names)")
    }
    if experiments.isEmpty { throw ValidationError("--quick has none of the experiments asked for") }
  }

  func run() throws {
    do {
      let report = try report()
      print(json ? report.json.description : report.table)
      if !report.passes { throw ExitCode.failure }
    } catch let error as DataError {
      FileHandle.standardError.write(Data("boltzmann-published: \(error)\n".utf8))
      throw ExitCode(error.category.exitCode)
    }
  }

  /// Runs what was chosen, noting each finding as it comes.
  private func report() throws -> Report {
    let chosen = experiments, laboratory = laboratory
    if chosen.contains(where: { $0.needsMNIST }) { try laboratory.mnist.check() }
    var report = Report(seed: seed)
    for experiment in chosen {
      laboratory.note("\(experiment.name) …")
      let (findings, seconds) = try laboratory.timed { try experiment.run(in: laboratory) }
      report.add(findings, seconds: seconds)
      for finding in findings { laboratory.note(finding.cells.joined(separator: "  ")) }
    }
    return report
  }

  private var experiments: [any Experiment] {
    Experiments.all.filter { experiment in
      (!quick || experiment.isQuick) && (only.isEmpty || only.contains { experiment.name.hasPrefix($0) })
    }
  }

  private var laboratory: Laboratory {
    let environment = ProcessInfo.processInfo.environment
    let cache = environment["BOLTZMANN_DATA"] ?? "\(NSHomeDirectory())/.cache/boltzmann"
    return Laboratory(
      seed: seed, isQuick: quick, mnist: MNISTFiles(folder: data ?? cache),
      parallel: threads.map { Parallel(threads: $0) } ?? .all)
  }
}
