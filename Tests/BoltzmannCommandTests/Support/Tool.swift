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
  private let process = Process()
  /// Files rather than pipes: a pipe's other end would be inherited by the children of tests beside this one.
  private let streams: Scratch
  private let outputPath: String

  /// - Parameter output: a file or device in place of standard output.
  init(
    _ arguments: [String], environment: [String: String] = [:], folder: String? = nil, output: String? = nil
  ) throws {
    streams = try Scratch()
    outputPath = output ?? streams.path("output")
    process.executableURL = URL(fileURLWithPath: Tool.path)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment
      .merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }.merging(environment) { $1 }
    if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try RunningTool.opened(outputPath)
    process.standardError = try RunningTool.opened(streams.path("error"))
    try process.run()
  }

  private static func opened(_ path: String) throws -> FileHandle {
    if !FileManager.default.fileExists(atPath: path) {
      try Data().write(to: URL(fileURLWithPath: path))
    }
    return try FileHandle(forWritingTo: URL(fileURLWithPath: path))
  }

  func signal(_ number: Int32) { kill(process.processIdentifier, number) }

  /// Waits for the end, and makes an end where it takes too long.
  func wait(timeout: Double = 120) throws -> Tool.Outcome {
    if !poll(timeout: timeout, until: { !process.isRunning }) {
      Issue.record("still running after \(timeout) s: \(process.arguments ?? [])")
      signal(SIGKILL)
    }
    process.waitUntilExit()
    let code = process.terminationStatus
    return Tool.Outcome(
      status: process.terminationReason == .exit ? code : -code,
      output: outputPath == streams.path("output") ? try streams.text("output") : "",
      error: try streams.text("error"))
  }

  deinit { if process.isRunning { signal(SIGKILL) } }
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
