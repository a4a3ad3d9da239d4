import Boltzmann
import BoltzmannData
import Foundation
import Testing

/// What the README shows works as it is written there.
@Suite struct ReadmeTests {
  /// A file of the package; the tests lie at `Tests/BoltzmannCommandTests`.
  private static func text(_ name: String) throws -> String {
    let here = URL(fileURLWithPath: #filePath)
    let root = here.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    return try String(contentsOf: root.appending(path: name), encoding: .utf8)
  }

  /// The code blocks of the README, each without its fences, with the word after the opening one.
  private static func blocks() throws -> [(language: String, lines: [Substring])] {
    var blocks: [(language: String, lines: [Substring])] = []
    var isInside = false
    for line in try text("README.md").split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") {
        if !isInside { blocks.append((String(line.dropFirst(3)), [])) }
        isInside.toggle()
      } else if isInside {
        blocks[blocks.count - 1].lines.append(line)
      }
    }
    return blocks
  }

  @Test func libraryExampleIsCompiled() throws {
    let example = try #require(
      Self.blocks().first { $0.language == "swift" && $0.lines.contains("import Boltzmann") })
    let source = try Self.text("Tests/BoltzmannCommandTests/ReadmeExample.swift")
    #expect(source.contains(example.lines.joined(separator: "\n")))
  }

  @Test func libraryExampleRuns() throws {
    let scratch = try Scratch()
    try readmeExample(savingTo: scratch.path("digits.safetensors"))
    let stored = try StoredModel.read(scratch.path("digits.safetensors"))
    #expect(stored.machine.hiddenCount == 16 && stored.visibleShape == [8, 8])
    let samples = try DataSet("digits").samples
    func likelihood(_ machine: RBM) throws -> Double {
      let energies = machine.freeEnergies(of: samples)
      return try -energies.reduce(0, +) / Double(energies.count) - machine.exactLogPartition()
    }
    let untrained = RBM.initialized(dataMeans: samples.means(), hidden: 16, seed: 1)
    #expect(try likelihood(stored.machine) > likelihood(untrained))
  }

  /// `boltzmann` and its arguments, one array a command; a backslash goes on with the next line.
  private static func commands() throws -> [[String]] {
    let blocks = try blocks().filter { ["", "sh", "bash", "shell", "console"].contains($0.language) }
    return blocks.flatMap { block in
      let text = block.lines.joined(separator: "\n").replacingOccurrences(of: "\\\n", with: " ")
      return text.split(separator: "\n").map { line in
        let words = line.split(separator: " ").map(String.init)
        return Array((words.first == "$" ? words.dropFirst() : words[...]).prefix { $0 != "#" })
      }
    }.filter { $0.first == "boltzmann" || $0.first?.hasSuffix("/boltzmann") == true }
  }

  /// In an empty folder each command misses its input: 66, not 64 for options it does not know.
  @Test func commandsParse() throws {
    let commands = try Self.commands(), empty = try Scratch()
    #expect(commands.count >= 5)
    for command in commands {
      var arguments = Array(command.dropFirst())
      if arguments.first == "train" && !arguments.contains("--resume") {
        // The bundled data are never missing, but these are.
        arguments += ["--validation", "no-such-file"]
      }
      let outcome = try Tool.run(arguments, folder: empty.root)
      #expect(outcome.status == 66, "\(command.joined(separator: " ")): \(outcome.error)")
    }
  }

  /// Whatever looks like an option of the tool is one.
  @Test func optionsExist() throws {
    let subcommands = ["train", "evaluate", "sample", "transform", "info"]
    let help = try subcommands.map { try Tool.run([$0, "--help"]).output }.joined()
    let rows = try Self.text("README.md").split(separator: "\n").filter { $0.hasPrefix("| `--") }
    #expect(rows.count >= 5)
    for row in rows {
      for word in row.split(whereSeparator: { " `|\\,;".contains($0) }) where word.hasPrefix("--") {
        #expect(help.contains("\(word) ") || help.contains("/\(word)"), "\(word)")
      }
    }
  }
}
