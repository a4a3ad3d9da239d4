internal import ArgumentParser
internal import Boltzmann
internal import BoltzmannCompute
internal import BoltzmannData

struct Diagnose: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say whether a machine's chains mix and whether its samples are like the data.",
    discussion: """
      Examples:

        boltzmann diagnose runs/digits/model.safetensors --data digits
        boltzmann diagnose runs/mnist/model.safetensors \\
            --data t10k-images-idx3-ubyte.gz --run runs/mnist --chains 200 \\
            --steps 10000 --picture overlay.png

      Half of the Gibbs chains start at data, half at the base-rate machine; the first half of their steps is \
      warm-up. If they agree (rank R̂ < 1.01), the machine's samples are compared with the data. A disagreement \
      is a verdict on so many steps, not on the machine: try more --steps.
      """)

  @Argument(help: ArgumentHelp("The model file.", valueName: "model"))
  var model: String

  @Option(help: ArgumentHelp("Data to start at and to compare with, a file or `digits`.", valueName: "file"))
  var data: String

  @Option(
    name: .customLong("run"),
    help: ArgumentHelp(
      "A run folder: the spectrum of the weights of the machines it kept (--keep-every).", valueName: "folder"
    ))
  var folder: String?

  @Option(parsing: .unconditional, help: ArgumentHelp("Gibbs chains.", valueName: "n"))
  var chains = 100

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Gibbs steps of each chain; the first half is warm-up.", valueName: "n"))
  var steps = 2000

  @Flag(
    help: ArgumentHelp(
      "Run tempered chains too: their swaps, their round trips, and their samples where Gibbs chains do not mix."
    ))
  var tempering = false

  @Option(
    help: ArgumentHelp(
      "Draw data (grey) and samples (black) in the plane of the data's principal components.",
      valueName: "file.png"))
  var picture: String?

  @OptionGroup var preprocessing: PreprocessingOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if chains < 1 { throw ValidationError("--chains must be at least 1, not \(chains)") }
    if steps < 16 { throw ValidationError("--steps must be at least 16, not \(steps)") }
    if Double(chains) * Double(steps) > 1e8 {
      throw ValidationError("--chains times --steps must be at most 100 million")
    }
  }

  func run() throws {
    if let picture { try OutputFile.requireFree(picture, overwrite: true) }
    let input = try ModelAndData(model: model, data: data, options: preprocessing, seed: common.seed)
    try check(input)
    let spectra = try folder.map { try TrainingSpectra(run: $0) } ?? TrainingSpectra()
    let machine = input.model.machine, samples = input.data.samples
    let chains = try DiagnosedChains(
      of: machine, data: samples, chains: chains, steps: steps, tempering: tempering, common: common)
    let drawn = FloatSamples(chains.samples)
    let report = DiagnoseReport(
      mixing: chains.mixing, tempered: chains.tempered,
      comparison: DataComparison(
        of: machine, data: samples, samples: drawn, seed: common.seed, parallel: common.parallel),
      activity: HiddenActivity(of: machine, given: samples, parallel: common.parallel),
      hiddenCount: machine.hiddenCount, spectrum: try machine.spectrum(), training: spectra)
    if let picture { try draw(samples, drawn, to: picture) }
    try Console.result(common.json ? "\(report.json)" : report.text)
  }

  private func check(_ input: ModelAndData) throws {
    let machine = input.model.machine, existence = machine.partitionExistence
    if existence == .impossible { throw NoPartitionError(existence: existence) }
    if existence == .notShown { common.note("note: \(NoPartitionError(existence: existence))") }
    if !input.data.hasLikelihood {
      common.note("note: grey values are left as they are, but the machine's samples are states")
    }
    if chains == 1 { common.note("note: one chain has no other to disagree with; more --chains can tell") }
    try MemoryLimit.requireChains(chains, of: machine)
  }

  private func draw(_ data: any Samples, _ samples: any Samples, to path: String) throws {
    let plane = try PrincipalPlane(of: data)
    let image = ScatterPlot().image(of: [
      ScatterPlot.Points(plane.places(of: data, parallel: common.parallel), shade: 185, radius: 2),
      ScatterPlot.Points(plane.places(of: samples, parallel: common.parallel), shade: 0, radius: 1),
    ])
    try PNG.write(image, to: path)
    let shares = plane.shares.map { "\(formatted(100 * $0, 1)) %" }.joined(separator: " and ")
    common.note("data grey, samples black; \(shares) of the data's variance: \(path)")
  }
}
