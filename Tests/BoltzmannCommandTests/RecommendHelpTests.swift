import Testing

/// Help of the subcommands of `recommend`: within 80 columns, with a word on every option and examples that parse.
@Suite struct RecommendHelpTests {
  private func help(_ arguments: [String]) throws -> String {
    let outcome = try Tool.run(["recommend"] + arguments + ["--help"], environment: ["COLUMNS": "80"])
    #expect(outcome.status == 0 && outcome.error.isEmpty)
    return outcome.output
  }

  @Test(arguments: [[], ["train"], ["predict"], ["evaluate"], ["top"], ["split"]])
  func subcommand(names: [String]) throws {
    let text = try help(names)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() where line.hasPrefix("  -") {
      #expect(line.dropFirst(2).contains("  ") || lines[index + 1].hasPrefix("      "), "\(line)")
    }
    for line in lines where !line.hasPrefix("USAGE") { #expect(line.count <= 80, "\(line)") }
    let examples = text.replacing("\\\n", with: " ").split(separator: "\n").filter {
      $0.hasPrefix("  boltzmann ")
    }
    #expect(!examples.isEmpty)
    let empty = try Scratch()
    for example in examples {
      let outcome = try Tool.run(
        example.split(separator: " ").dropFirst().map(String.init), folder: empty.root)
      #expect(outcome.status == 66, "\(example): \(outcome.error)")
    }
  }
}
