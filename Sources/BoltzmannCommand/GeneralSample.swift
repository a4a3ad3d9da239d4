internal import ArgumentParser
internal import Boltzmann
internal import BoltzmannCompute
internal import BoltzmannData

struct GeneralSample: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample",
    abstract: "Draw samples by single-site Gibbs chains, one chain a sample.",
    discussion: """
      Example:

        boltzmann general sample ising.safetensors --count 1000 --steps 2000 \\
            --output samples.npy

      A name ending in .csv gives a table, anything else NPY: bytes for 0 and 1, float32 for -1 and 1. \
      Chains start at independent units with the machine's biases.
      """)

  @Argument(help: ArgumentHelp("The model file.", valueName: "model"))
  var model: String

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Samples, each from a chain of its own.", valueName: "n"))
  var count: Int

  @Option(parsing: .unconditional, help: ArgumentHelp("Sweeps over all units of each chain.", valueName: "k"))
  var steps = 1000

  @Option(help: ArgumentHelp("Where the samples go: .npy or .csv.", valueName: "file"))
  var output: String

  @OptionGroup var common: CommonOptions

  func validate() throws {
    if count < 1 { throw ValidationError("--count must be at least 1, not \(count)") }
    if steps < 1 { throw ValidationError("--steps must be at least 1, not \(steps)") }
  }

  func run() throws {
    let stored = try StoredBoltzmannMachine.read(model), machine = stored.machine
    try MemoryLimit.requireGeneral(
      visible: machine.visibleCount, hidden: machine.hiddenCount, chains: count)
    let sampler = SingleSiteGibbs(model: machine, seed: common.seed, parallel: common.parallel)
    var state = sampler.initialState(chains: count)
    let info = sampler.run(&state, sweeps: steps)
    try write(state.units.transposed.view.columns(machine.visibleUnits).values, stored)
    if common.json {
      try Console.result([
        "count": .integer(count), "steps": .integer(steps), "output": .string(output),
        "change_rate": .number(info.changeRate),
      ])
    } else {
      common.note(
        "\(count) samples after \(steps) sweeps, the last of which changed \(formatted(100 * info.changeRate, 1)) "
          + "% of the units: \(output)")
    }
  }

  private func write(_ states: [Float], _ stored: StoredBoltzmannMachine) throws {
    let width = stored.machine.visibleCount, areBits = stored.machine.visibleKind == .bernoulli
    let bytes = areBits ? states.map { UInt8($0) } : []
    if output.hasSuffix(".csv") {
      return try CSV.write(areBits ? .bytes(bytes) : .floats(states), columns: width, to: output)
    }
    let shape = [count] + (stored.visibleShape ?? [width])
    if areBits {
      try NPY.write(bytes, shape: shape, to: output)
    } else {
      try NPY.write(states, shape: shape, to: output)
    }
  }
}
