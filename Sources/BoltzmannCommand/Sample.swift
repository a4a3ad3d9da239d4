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
        boltzmann sample model.safetensors --count 100 --tempering --output s.png
        boltzmann sample model.safetensors --count 20 --initial data.npy \\
            --hold 0-31 --output completed.png
        boltzmann sample runs/digits/model.safetensors --trajectory runs/digits \\
            --count 500 --output samples.npy

      A name ending in .png gives a grid of pictures of E[v | h] of the last step, .csv a table of states, \
      anything else states as NPY bytes. Chains start at the base-rate machine, or at rows of --initial. With --tempering \
      samples are those of parallel tempering, spread over as many rounds as --steps says.
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

  @Flag(help: "Temper the chains, so that they change modes by way of the base-rate machine.")
  var tempering = false

  @Option(
    help: ArgumentHelp(
      "A run that kept machines: chains of all of them change places, by way of the earlier ones.",
      valueName: "folder"))
  var trajectory: String?

  @Option(
    help: ArgumentHelp(
      "Visibles that stay as --initial has them while the others are sampled: 0-31,40.",
      valueName: "columns"),
    transform: columnList)
  var hold: [Int]?

  @Option(help: ArgumentHelp("Where the samples go: .npy, .csv or .png.", valueName: "file"))
  var output: String

  @OptionGroup var preprocessing: PreprocessingOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if count < 1 { throw ValidationError("--count must be at least 1, not \(count)") }
    if trajectory != nil && (initial != nil || tempering) {
      throw ValidationError("--trajectory has ways of its own: leave out --initial and --tempering")
    }
    if steps < 1 { throw ValidationError("--steps must be at least 1, not \(steps)") }
    if hold != nil && initial == nil {
      throw ValidationError("--hold needs --initial, whose values are held")
    }
    if tempering && initial != nil && hold == nil {
      throw ValidationError("--tempering forgets where chains start: leave out --initial")
    }
  }

  func run() throws {
    let stored = try StoredModel.read(model)
    let existence = stored.machine.partitionExistence
    if existence == .impossible { throw NoPartitionError(existence: existence) }
    if existence == .notShown { common.note("note: \(NoPartitionError(existence: existence))") }
    try MemoryLimit.requireChains(count, of: stored.machine)
    var sampler = BlockGibbs(model: stored.machine, seed: common.seed, parallel: common.parallel)
    let starts = try initialVisibles(stored)
    if let hold, let starts {
      sampler.clamped = try ClampedVisibles(columns: hold, values: starts, of: stored.machine)
    }
    var state = starts.map { BlockGibbs.State(visibles: $0) } ?? sampler.initialState(chains: count)
    if tempering { state.visibles = try tempered(sampler) }
    if let trajectory {
      let sampling = try TrajectorySampling(to: stored.machine, kept: trajectory, common: common)
      state.visibles = try sampling.samples(count: count, rounds: steps)
    }
    let info = sampler.run(&state, steps: tempering || trajectory != nil ? 1 : steps)
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

  private func initialVisibles(_ stored: StoredModel) throws -> Matrix? {
    guard let initial else { return nil }
    let data = try DataSet(
      initial, preprocessing: preprocessing.preprocessing(on: stored.preprocessing),
      visibles: stored.columns(name: model), seed: common.seed)
    return data.samples.matrix((0..<count).map { $0 % data.samples.count })
  }

  /// Samples of parallel tempering: of a few ladders, spread over all rounds; of a ladder each where visibles are held.
  private func tempered(_ sampler: BlockGibbs) throws -> Matrix {
    var adaptation = LadderAdaptation()
    adaptation.chains = min(count, adaptation.chains)
    var (tempering, state) = try ParallelTempering.adapted(
      to: sampler.model, by: adaptation, seed: common.seed, parallel: common.parallel)
    tempering.clamped = sampler.clamped
    let info: ParallelTempering.Info, result: Matrix
    if sampler.clamped == nil {
      let samples = tempering.sample(&state, rounds: steps, states: count)
      (info, result) = (tempering.run(&state, rounds: 0), samples.states)
    } else {
      try MemoryLimit.requireChains(count * tempering.ladder.count, of: sampler.model)
      state = tempering.initialState(chains: count)
      info = tempering.run(&state, rounds: steps)
      result = tempering.visibles(of: state)
    }
    common.note("\(tempering.ladder.count) temperatures, \(info.roundTrips) round trips")
    return result
  }
}

/// Columns as `0-31,40`.
private func columnList(_ text: String) throws -> [Int] {
  try text.split(separator: ",", omittingEmptySubsequences: false).flatMap { part -> [Int] in
    let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
    guard let first = ends[0], let last = ends[ends.count - 1], ends.count <= 2, first >= 0, first <= last,
      last < 1 << 31
    else { throw ValidationError("expected columns as 0-31,40") }
    return Array(first...last)
  }
}
