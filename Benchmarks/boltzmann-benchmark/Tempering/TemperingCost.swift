internal import ArgumentParser
internal import Boltzmann
internal import BoltzmannCompute
internal import BoltzmannData
internal import Foundation

/// What equilibrium costs: rounds of tempering beside Gibbs steps, and log Z beside the epochs of `ptt`.
struct TemperingCost: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tempering",
    abstract:
      "A round of R temperatures in Gibbs steps of as many chains; the share of the likelihood in an epoch of ptt.",
    discussion: """
      Examples:

        swift run -c release boltzmann-benchmark tempering
        swift run -c release boltzmann-benchmark tempering \\
            --model runs/mnist/model.safetensors \\
            --data train-images-idx3-ubyte.gz

      All are medians of turns. A round of parallel tempering is compared with Gibbs steps of as many chains: those of \
      the machines at its temperatures, one after the other, and R steps of the model alone. The last line is the \
      time of the mean log-likelihood of all samples, log Z included, over that of the epoch which it is reported \
      after.
      """)

  @OptionGroup var size: SizeOptions

  @Option(help: "Temperatures R.")
  var rungs = 10

  @Option(help: "Turns.")
  var turns = 7

  @Option(help: "Threads. (default: all cores)")
  var threads: Int?

  func validate() throws {
    if rungs < 2 || rungs > 1000 { throw ValidationError("--rungs must be 2 to 1000, not \(rungs)") }
    if turns < 1 { throw ValidationError("--turns must be at least 1, not \(turns)") }
    if let threads, threads < 1 { throw ValidationError("--threads must be at least 1, not \(threads)") }
  }

  func run() throws {
    let parallel = threads.map { Parallel(threads: $0) } ?? .all
    let workload = try Workload(size, parallel: parallel, isQuick: false)
    let date = Date().formatted(.iso8601).prefix(10)
    print("\(Processor.name), \(parallel.threads) threads, \(BLAS.description), \(date)")
    print("\(workload.visible) × \(workload.hidden), \(workload.batchSize) chains\n")
    let ratios = try roundRatios(workload, parallel)
    print("a round of \(rungs) temperatures, in the time of \(rungs) Gibbs steps")
    print("  of the machine at each temperature: \(fixed(ratios.own, 2))")
    print("  of the model, whose chains change less: \(fixed(ratios.model, 2))")
    let share = try onlineShare(workload, parallel)
    print("the log-likelihood after an epoch of ptt: \(fixed(100 * share, 1)) % of the epoch")
  }

  private func roundRatios(
    _ workload: Workload, _ parallel: Parallel
  ) throws -> (own: Double, model: Double) {
    let ladder = TemperingLadder.linear(rungs), model = workload.model, rounds = 10
    let reference = model.referenceVisibleBias ?? [Float](repeating: 0, count: model.visibleCount)
    let tempering = ParallelTempering(
      model: model, ladder: ladder, reference: reference, seed: Workload.seed, parallel: parallel)
    var tempered = tempering.initialState(chains: workload.batchSize)
    tempering.run(&tempered, rounds: 50)
    let machines = ladder.inverseTemperatures.map {
      model.tempered(inverseTemperature: $0, reference: reference)
    }
    var own = machines.map { GibbsRun($0, workload, parallel) }
    var plain = GibbsRun(model, workload, parallel)
    let times = try AlternatingTimer(repetitions: turns).measure([
      Contender(role: .engine, name: "tempering") {
        tempering.run(&tempered, rounds: rounds).acceptances.filter { !$0.isNaN }.reduce(0, +)
      },
      Contender(role: .engine, name: "Gibbs steps of every rung") {
        own.indices.reduce(0) { $0 + own[$1].run(steps: rounds) }
      },
      Contender(role: .engine, name: "Gibbs steps of the model") { plain.run(steps: rounds * rungs) },
    ])
    return (times[0].timeOver(times[1]), times[0].timeOver(times[2]))
  }

  private func onlineShare(_ workload: Workload, _ parallel: Parallel) throws -> Double {
    var settings = TrainingSettings()
    settings.method = ParallelTrajectoryTempering.name
    settings.batchSize = workload.batchSize
    settings.epochs = turns + 1
    settings.learningRate = 0.01
    settings.seed = Workload.seed
    let first = RBM.initialized(
      dataMeans: workload.samples.means(), hidden: workload.hidden, seed: Workload.seed)
    var trainer = try Trainer(
      model: first, samples: workload.samples, settings: settings, parallel: parallel)
    let shares = try (0...turns).map { _ in
      let epoch = try timed {
        while !(try trainer.step(samples: workload.samples, parallel: parallel).endsEpoch) {}
      }
      let report = timed {
        let energies = trainer.model.freeEnergies(of: workload.samples, parallel: parallel)
        let mean = energies.reduce(0.0) { $0 - Double($1) } / Double(energies.count)
        return mean - (trainer.partition(parallel: parallel)?.estimate ?? .nan)
      }
      guard report.result.isFinite else { throw ContenderFailed(name: "log-likelihood") }
      return report.seconds / epoch.seconds
    }
    return median(Array(shares.dropFirst()))
  }
}

/// Chains of block Gibbs sampling, at rest.
private struct GibbsRun {
  private let sampler: BlockGibbs
  private var state: BlockGibbs.State

  init(_ model: RBM, _ workload: Workload, _ parallel: Parallel) {
    sampler = BlockGibbs(model: model, seed: Workload.seed, parallel: parallel)
    state = sampler.initialState(chains: workload.batchSize)
    sampler.run(&state, steps: 50)
  }

  mutating func run(steps: Int) -> Double { Double(sampler.run(&state, steps: steps).visibleMeans[0, 0]) }
}
