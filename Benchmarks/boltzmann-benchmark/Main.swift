internal import ArgumentParser
internal import Boltzmann
internal import BoltzmannData
internal import Foundation

/// Parses, runs, and turns what went wrong into one line and a status.
@main
enum Main {
  static func main() {
    do {
      var command = try Benchmark.parseAsRoot()
      try command.run()
    } catch {
      guard let failure = Failure(error) else { Benchmark.exit(withError: error) }
      note("boltzmann-benchmark: \(failure.line)")
      exit(failure.status)
    }
  }
}

/// An error as a user meets it: one line and an exit status (sysexits.h).
private struct Failure {
  let line: String
  let status: Int32

  /// Nil for what the argument parser reports by itself.
  init?(_ error: any Error) {
    switch error {
    case let error as DataError: (line, status) = ("\(error)", error.category.exitCode)
    case let error as SettingsError: (line, status) = ("\(error)", 64)
    case let error as TrainingDiverged: (line, status) = ("\(error)", 75)
    default:
      guard Benchmark.exitCode(for: error) == .failure else { return nil }
      (line, status) = ("internal fault: \(error)", 70)
    }
  }
}

/// A line for people, on standard error.
func note(_ line: String) { FileHandle.standardError.write(Data("\(line)\n".utf8)) }
