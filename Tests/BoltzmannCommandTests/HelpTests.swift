import Foundation
import Testing

/// Help that can be read on a terminal of 80 columns, says something of every option, and has examples that work.
@Suite struct HelpTests {
  private static let subcommands = [
    "train", "evaluate", "sample", "diagnose", "transform", "info", "classify", "general", "recommend",
    "gan", "critic",
  ]

  private static let pages = Memory<[String], String>()

  private func help(_ arguments: [String]) throws -> String {
    try Self.pages.value(for: arguments) {
      let outcome = try Tool.run(arguments, environment: ["COLUMNS": "80"])
      #expect(outcome.status == 0 && outcome.error.isEmpty)
      return outcome.output
    }
  }

  @Test(arguments: subcommands)
  func everyOptionIsExplained(subcommand: String) throws {
    let lines = try help([subcommand, "--help"]).split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() where line.hasPrefix("  -") {
      // Names and explanation are two spaces apart, or the explanation starts on the next line.
      let isExplained = line.dropFirst(2).contains("  ") || lines[index + 1].hasPrefix("      ")
      #expect(isExplained, "\(line)")
    }
    // The line of usage is not wrapped by the parser.
    for line in lines where !line.hasPrefix("USAGE") { #expect(line.count <= 80, "\(line)") }
  }

  /// Examples are indented by two, a backslash goes on with the next line; input that is not there is status 66.
  @Test(arguments: [[]] + subcommands.map { [$0] })
  func examplesParse(subcommand: [String]) throws {
    let text = try help(subcommand + ["--help"]).replacingOccurrences(of: "\\\n", with: " ")
    let examples = text.split(separator: "\n").filter { $0.hasPrefix("  boltzmann ") }
    #expect(!examples.isEmpty)
    let empty = try Scratch()
    for example in examples {
      var arguments = example.split(separator: " ").dropFirst().map(String.init)
      if arguments.first == "train" && !arguments.contains("--resume") {
        arguments += ["--validation", "no-such-file"]
      }
      if arguments.prefix(2) == ["classify", "train"] && !arguments.contains("--validation") {
        arguments += ["--validation", "no-such-file", "--validation-labels", "no-such-file"]
      }
      let outcome = try Tool.run(arguments, folder: empty.root)
      #expect(outcome.status == 66, "\(example): \(outcome.error)")
    }
  }

  /// The options of units, their data and their learning, and the kinds that there are.
  @Test(arguments: [
    "--visible-kind", "--hidden-kind", "bernoulli, spin, categorical, gaussian, relu",
    "bernoulli*12,categorical:4*2,gaussian", "--whiten", "pca, zca, or standardization",
    "--whitening-epsilon",
    "--whitening-components", "--sample-weights", "--gradient-clip", "--learn-precision/--no-learn-precision",
    "--hidden-bias-initialization", "share:x",
  ])
  func options(of text: String) throws {
    let words = try help(["train", "--help"]).split { $0.isWhitespace }.joined(separator: " ")
    #expect(words.contains(text))
  }

  @Test func overview() throws {
    let text = try help(["--help"])
    for subcommand in Self.subcommands { #expect(text.contains("\n  \(subcommand) ")) }
    for status in ["64", "65", "66", "73", "74", "75", "70", "130", "143"] { #expect(text.contains(status)) }
    #expect(try help([]) == text && help(["help"]) == text)
    #expect(try help(["--version"]).hasPrefix("boltzmann "))
  }
}
