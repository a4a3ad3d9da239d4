internal import ArgumentParser
internal import Boltzmann
internal import BoltzmannCompute
internal import BoltzmannData

struct Sample: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draw samples from a machine by Gibbs chains, one chain a sample.",
    discussion: """
      Examples:

        boltzmann sample model.safetensors --count 100 --output samples.png
        boltzmann sample model.safetensors --count 10000 --steps 5000 \\
            --initial data.npy --output samples.npy

      A name ending in .png gives a grid of pictures of E[v | h] of the last step, .csv a table of states, \
      anything else states as NPY bytes. Chains start at the base-rate machine, or at rows of --initial.
      """)

  @Argument(help: ArgumentHelp("The model file.", valueName: "model"))
  var model: String

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Samples, each from a chain of its own.", valueName: "n"))
  var count: Int

  @Option(parsing: .unconditional, help: ArgumentHelp("Gibbs steps of each chain.", valueName: "k"))
  var steps = 1000

  @Option(
    help: ArgumentHelp(
      "Data whose rows the chains start at, again from the first if too few.", valueName: "file"))
  var initial: String?

  @Option(help: ArgumentHelp("Where the samples go: .npy, .csv or .png.", valueName: "file"))
  var output: String

  @OptionGroup var preprocessing: PreprocessingOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if count < 1 { throw ValidationError("--count must be at least 1, not \(count)") }
    if steps < 1 { throw ValidationError("--steps must be at least 1, not \(steps)") }
  }

  func run() throws {
    let stored = try StoredModel.read(model)
    let existence = stored.machine.partitionExistence
    if existence == .impossible { throw NoPartitionError(existence: existence) }
    if existence == .notShown { common.note("note: \(NoPartitionError(existence: existence))") }
    try MemoryLimit.requireChains(count, of: stored.machine)
    let sampler = BlockGibbs(model: stored.machine, seed: common.seed, parallel: common.parallel)
    var state = try initialState(sampler, stored)
    let info = sampler.run(&state, steps: steps)
    if output.hasSuffix(".png") {
      let (height, width) = stored.tileShape
      let grid = ImageGrid(tileHeight: height, tileWidth: width)
      try PNG.write(grid.image(of: inUsersUnits(info.visibleMeans, stored)), to: output)
    } else {
      try write(StateTable(state.visibles, of: stored), stored)
    }
    if common.json {
      try Console.result(["count": .integer(count), "steps": .integer(steps), "output": .string(output)])
    } else {
      common.note("\(count) samples after \(steps) Gibbs steps: \(output)")
    }
  }

  private func inUsersUnits(_ means: Matrix, _ stored: StoredModel) -> [Float] {
    stored.preprocessing?.fittedWhitening.map { $0.invert(means.view).values } ?? means.values
  }

  private func write(_ table: StateTable, _ stored: StoredModel) throws {
    let shape = [count] + (stored.visibleShape ?? [table.columns])
    if output.hasSuffix(".csv") {
      try CSV.write(table.values, columns: table.columns, names: stored.visibleNames, to: output)
    } else {
      switch table.values {
      case .bytes(let states): try NPY.write(states, shape: shape, to: output)
      case .floats(let states): try NPY.write(states, shape: shape, to: output)
      }
    }
  }

  private func initialState(_ sampler: BlockGibbs, _ stored: StoredModel) throws -> BlockGibbs.State {
    guard let initial else { return sampler.initialState(chains: count) }
    let data = try DataSet(
      initial, preprocessing: preprocessing.preprocessing(on: stored.preprocessing),
      visibles: stored.columns(name: model), seed: common.seed)
    let rows = (0..<count).map { $0 % data.samples.count }
    return BlockGibbs.State(visibles: data.samples.matrix(rows))
  }
}
