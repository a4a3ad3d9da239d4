internal import ArgumentParser
internal import Boltzmann
internal import BoltzmannData
internal import Foundation

/// The command line tool: parses, runs one subcommand, and turns what went wrong into one line and a status.
@main
struct BoltzmannTool: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "boltzmann",
    abstract: "Train, score and use restricted Boltzmann machines on CPUs.",
    discussion: """
      A first machine, from the bundled handwritten digits:

        boltzmann train --data digits --hidden 64 --epochs 50 --output runs/digits
        boltzmann evaluate runs/digits/model.safetensors --data digits
        boltzmann sample runs/digits/model.safetensors --count 100 \\
            --output samples.png

      Results go to standard output, progress and notes to standard error. Exit status: 0; 64 options, \
      65 content of a file, 66 missing input, 73 output exists or cannot be created, 74 write failed, \
      75 training diverged, 70 internal fault, 130 and 143 interrupted, after a checkpoint.
      """,
    version: "boltzmann \(Versions.boltzmann)",
    subcommands: [
      Train.self, Evaluate.self, Sample.self, Diagnose.self, Transform.self, Info.self, Classify.self,
      General.self, Recommend.self, GANCommand.self, CriticCommand.self,
    ])

  static func main() {
    var command = parsed()
    do {
      try command.run()
    } catch let status as Interrupted {
      exit(withStatus: status.exitStatus)
    } catch {
      guard let failure = Failure(error) else { exit(withError: error) }
      Console.note("boltzmann: \(failure.line)")
      exit(withStatus: failure.status)
    }
  }

  /// What the arguments ask for; where they are refused, the parser says why and ends the program.
  ///
  /// Such an error never becomes a `Failure`, and to ask for its status first would build the whole usage twice.
  private static func parsed() -> any ParsableCommand {
    do { return try parseAsRoot() } catch { exit(withError: error) }
  }

  private static func exit(withStatus status: Int32) -> Never { Foundation.exit(status) }
}

/// An error as a user meets it: one line and an exit status (sysexits.h).
struct Failure {
  let line: String
  let status: Int32

  /// Nil for what the argument parser reports by itself.
  init?(_ error: any Error) {
    switch error {
    case let error as DataError: (line, status) = ("\(error)", error.category.exitCode)
    case let error as SettingsError: (line, status) = ("\(error)", 64)
    case let error as EnumerationError: (line, status) = ("\(error)", 64)
    case let error as NoPartitionError: (line, status) = ("\(error)", 65)
    case let error as SnapshotError: (line, status) = ("checkpoint: \(error)", 65)
    case let error as TrainingDiverged: (line, status) = ("\(error)", 75)
    case is ExitCode, is ValidationError, is CleanExit: return nil
    default:
      guard BoltzmannTool.exitCode(for: error) == .failure else { return nil }
      (line, status) = ("internal fault: \(error)", 70)
    }
  }
}
