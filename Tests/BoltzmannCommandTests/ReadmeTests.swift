import BoltzmannTestSupport
import Foundation
import Testing

/// What the README says works as written.
@Suite struct ReadmeTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  @Test("the library example is the one that this target compiles")
  func exampleIsCompiled() throws {
    let example = try Self.text("Tests/BoltzmannCommandTests/ReadmeExample.swift")
    #expect(try Self.text("README.md").contains("```swift\n\(example)```\n"))
  }

  @Test("the library example learns", .enabled(if: Build.isOptimized))
  func exampleLearns() throws {
    let scratch = try Scratch()
    let logLikelihood = try learnDigits(savingTo: scratch.path("digits.safetensors"))
    // Independent pixels with the data's means make −25.119 nats; a law of binary states stays below 0.
    #expect(logLikelihood > -25.119 && logLikelihood < 0)
    #expect(try Tool.run(["info", "digits.safetensors"], folder: scratch.root).status == 0)
  }

  @Test("every option of a command line in the README exists")
  func commandLines() throws {
    let joined = try Self.text("README.md").replacingOccurrences(of: "\\\n", with: " ")
    let lines = joined.split(separator: "\n").filter { $0.hasPrefix("boltzmann ") }
    #expect(lines.count >= 6)
    for line in lines {
      let words = line.split(separator: " ").map(String.init)
      let help = try Tool.run([words[1], "--help"]).output
      for option in words where option.hasPrefix("--") {
        #expect(help.contains("\(option) ") || help.contains("\(option)\n"), "\(option) in: \(line)")
      }
    }
  }
}
