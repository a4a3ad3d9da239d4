import Foundation
import Testing

/// The built command line tool, run as a user runs it: as a process.
enum Tool {
  /// How a run of the tool ended.
  struct Outcome {
    /// The exit status; negative: the number of the signal that killed it.
    let status: Int32
    let output: String
    let error: String

    var outputLines: [Substring] { output.split(separator: "\n") }
    var errorLines: [Substring] { error.split(separator: "\n") }
  }

  static func run(
    _ arguments: [String], environment: [String: String] = [:], folder: String? = nil,
    output: String? = nil, timeout: Double = 120
  ) throws -> Outcome {
    try RunningTool(arguments, environment: environment, folder: folder, output: output)
      .wait(timeout: timeout)
  }

  /// Beside the tests: `swift test` builds all products into one folder, wherever that is.
  static let path: String = {
    let starts = CommandLine.arguments + [Bundle.main.bundlePath, Bundle.main.executablePath ?? ""]
    let candidates = starts.filter { $0.hasPrefix("/") }.flatMap { start in
      sequence(first: URL(fileURLWithPath: start)) { $0.path == "/" ? nil : $0.deletingLastPathComponent() }
        .prefix(6).map { $0.appending(path: "boltzmann").path }
    }
    return candidates.first(where: isProgram) ?? "boltzmann: not found beside the tests"
  }()

  private static func isProgram(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
      && FileManager.default.isExecutableFile(atPath: path)
  }
}

/// The tool at work, to be waited for or to be shot at.
final class RunningTool {
  private let process: ChildProcess
  private let arguments: [String]
  /// Files rather than pipes: nobody has to empty them while the tool runs.
  private let streams: Scratch
  private let outputPath: String

  /// - Parameters:
  ///   - output: A file or device in place of standard output.
  ///   - blocked: Signals that the tool inherits as blocked.
  init(
    _ arguments: [String], environment: [String: String] = [:], folder: String? = nil, output: String? = nil,
    blocked: [Int32] = []
  ) throws {
    self.arguments = arguments
    streams = try Scratch()
    outputPath = output ?? streams.path("output")
    let inherited = ProcessInfo.processInfo.environment.merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }
    process = try ChildProcess(
      [Tool.path] + arguments, environment: inherited.merging(environment) { $1 }, folder: folder,
      output: outputPath, error: streams.path("error"), blocked: blocked)
  }

  func signal(_ number: Int32) { process.signal(number) }

  /// Waits for the end, and makes an end where it takes too long.
  func wait(timeout: Double = 120) throws -> Tool.Outcome {
    if !poll(timeout: timeout, until: { process.status != nil }) {
      Issue.record("still running after \(timeout) s: \(arguments)")
      signal(SIGKILL)
      _ = poll(timeout: 10) { process.status != nil }
    }
    return Tool.Outcome(
      status: process.status ?? -SIGKILL,
      output: outputPath == streams.path("output") ? try streams.text("output") : "",
      error: try streams.text("error"))
  }
}

/// Looks every millisecond; false where the time is over.
func poll(timeout: Double = 60, until condition: () throws -> Bool) rethrows -> Bool {
  let end = Date().addingTimeInterval(timeout)
  while try !condition() {
    if Date() > end { return false }
    usleep(1000)
  }
  return true
}
