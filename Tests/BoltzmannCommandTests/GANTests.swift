import BoltzmannAdversarial
import BoltzmannData
import Foundation
import Testing

@Suite struct GANTests {
  private static let small = [
    "--generator", "12,10", "--discriminator", "9", "--noise", "normal:3", "--epochs", "2",
  ]

  private func run(_ arguments: [String], in scratch: Scratch, status: Int32 = 0) throws -> Tool.Outcome {
    let outcome = try Tool.run(arguments, folder: scratch.root)
    #expect(outcome.status == status, "\(outcome.error)")
    return outcome
  }

  private func trained(_ options: [String] = [], in scratch: Scratch, to output: String = "g") throws {
    let outcome = try run(
      ["gan", "train", "--data", "data.csv", "--output", output] + Self.small + options, in: scratch)
    #expect(outcome.outputLines.count == 3 && outcome.outputLines[0].contains("D(fakes)"))
    #expect(outcome.error == "\(output): the networks after epoch 2\n")
  }

  private func scratch() throws -> Scratch {
    let scratch = try Scratch()
    try BarsAndStripesFiles.write(to: scratch)
    return scratch
  }

  @Test func samplesOfEveryForm() throws {
    let scratch = try scratch()
    try trained(in: scratch)
    let stored = try StoredGAN.read(scratch.path("g"))
    #expect(stored.gan.generator.widths == [3, 12, 10, 16] && stored.gan.discriminator.widths == [16, 9, 1])
    for name in ["s.npy", "s.csv", "s.png"] {
      let outcome = try run(["gan", "sample", "g", "--count", "7", "--output", name], in: scratch)
      #expect(outcome.output.isEmpty && outcome.error == "7 samples: \(name)\n")
    }
    let array = try #require(NPYArray(scratch.bytes("s.npy")))
    #expect(array.type == "<f4" && array.shape == [7, 16])
    let numbers = array.numbers(Float.self)
    #expect(numbers.allSatisfy { $0 >= 0 && $0 <= 1 })
    #expect(try NumericTable.read(scratch.path("s.csv")).values == .floats(numbers))
    #expect(try scratch.bytes("s.png").prefix(4) == [0x89, 0x50, 0x4E, 0x47])
    let json = try run(["gan", "sample", "g", "--count", "7", "--output", "s.npy", "--json"], in: scratch)
    #expect(json.output == #"{"count":7,"output":"s.npy"}"# + "\n")
  }

  @Test func theSameBitsOnAnyNumberOfThreads() throws {
    let scratch = try scratch()
    let options = ["--objective", "saturating", "--discriminator-steps", "2", "--batch-size", "40"]
    let files = try [1, 3].map { threads in
      try trained(options + ["--threads", "\(threads)"], in: scratch, to: "\(threads)")
      return try scratch.bytes("\(threads)")
    }
    #expect(files[0] == files[1])
  }

  @Test func ringsReportTheirModes() throws {
    let scratch = try Scratch()
    let outcome = try run(
      ["gan", "train", "--data", "ring", "--output", "r", "--json", "--quiet", "--batch-size", "2000"]
        + Self.small, in: scratch)
    #expect(outcome.outputLines.count == 2 && outcome.error.isEmpty)
    for line in outcome.outputLines {
      let object = try JSONValue.parse(Array(line.utf8), path: "output")
      #expect((0...8).contains(object["modes_covered"]?.integer ?? -1))
      #expect((0...1).contains(object["share_near_modes"]?.double ?? -1))
      for name in ["discriminator_cost", "generator_cost", "d_of_data", "d_of_fakes"] {
        #expect(object[name]?.double?.isFinite == true)
      }
    }
    #expect(try StoredGAN.read(scratch.path("r")).gan.visibleCount == 2)
  }

  @Test(arguments: [
    (["--data", "no-such-file"], 66), (["--noise", "gamma:2"], 64), (["--noise", "normal:0"], 64),
    (["--generator", "3,x"], 64), (["--batch-size", "0"], 64), (["--learning-rate", "-1"], 64),
    (["--learning-rate", "nan"], 64), (["--discriminator-activation", "swish"], 64),
    (["--generator", "1000000,1000000"], 64), (["--objective", "hinge"], 64),
    (["--penalty-weight", "1"], 64), (["--epochs", "0"], 64),
    (["--output", "data.csv"], 73), (["--learning-rate", "1e30", "--epochs", "50"], 75),
  ])
  func whatCannotWorkIsRefused(_ options: [String], _ status: Int) throws {
    let scratch = try scratch()
    let place = options.contains("--output") ? [] : ["--output", "g"]
    let data = options.contains("--data") ? [] : ["--data", "data.csv"]
    let outcome = try run(["gan", "train"] + data + place + options, in: scratch, status: Int32(status))
    #expect(!outcome.error.isEmpty && !scratch.exists("g"))
  }

  @Test func otherModelsAreRefused() throws {
    let scratch = try scratch()
    try trained(in: scratch)
    let outcome = try run(["sample", "g", "--count", "1", "--output", "s.csv"], in: scratch, status: 65)
    #expect(outcome.error.contains("model \"gan\" is unknown here"))
    let info = try run(["info", "g"], in: scratch)
    #expect(
      info.output.contains("noise") && info.output.contains("generator") && info.output.contains(" -> "))
    let filters = try run(["info", "g", "--filters", "f.png"], in: scratch, status: 65)
    #expect(filters.error.contains("has no hidden units with one weight for each column"))
  }
}
