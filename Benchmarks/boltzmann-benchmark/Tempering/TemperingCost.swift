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

      Both are medians of turns. The first line is the time of a round of parallel tempering over R times the time \
      of a Gibbs step of the chains of one temperature. The second is the time of the mean log-likelihood of all \
      samples, log Z included, over that of the epoch which it is reported after.
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
    let steps = try stepRatio(workload, parallel)
    print("a round of \(rungs) temperatures: \(fixed(steps, 2)) × \(rungs) Gibbs steps")
    let share = try onlineShare(workload, parallel)
    print("the log-likelihood after an epoch of ptt: \(fixed(100 * share, 1)) % of the epoch")
  }

  private func stepRatio(_ workload: Workload, _ parallel: Parallel) throws -> Double {
    let tempering = ParallelTempering(
      model: workload.model, ladder: .linear(rungs), seed: Workload.seed, parallel: parallel)
    let sampler = BlockGibbs(model: workload.model, seed: Workload.seed, parallel: parallel)
    var tempered = tempering.initialState(chains: workload.batchSize)
    var plain = sampler.initialState(chains: workload.batchSize)
    // As far from their start as from each other's cost.
    tempering.run(&tempered, rounds: 50)
    sampler.run(&plain, steps: 50)
    let rounds = 10
    let times = try AlternatingTimer(repetitions: turns).measure([
      Contender(role: .engine, name: "tempering") {
        tempering.run(&tempered, rounds: rounds).acceptances.filter { !$0.isNaN }.reduce(0, +)
      },
      Contender(role: .engine, name: "Gibbs") {
        Double(sampler.run(&plain, steps: rounds * rungs).visibleMeans[0, 0])
      },
    ])
    return times[0].timeOver(times[1])
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
