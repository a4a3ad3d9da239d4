internal import Boltzmann
internal import BoltzmannCompute
internal import BoltzmannData

/// Chains of a machine, how they mix, and samples of those that do.
struct DiagnosedChains {
  /// The block Gibbs chains.
  let mixing: MixingReport
  /// The tempered ones, where they were asked for and could be had.
  let tempered: TemperedReport?
  /// Nearly independent samples, `[samples, visible]`.
  let samples: Matrix

  init(
    of machine: RBM, data: any Samples, chains: Int, steps: Int, tempering: Bool, common: CommonOptions
  ) throws {
    let observables = try ChainObservables(of: machine), kept = steps - steps / 2
    let sampler = BlockGibbs(model: machine, seed: common.seed, parallel: common.parallel)
    var state = sampler.dispersedState(chains: chains, data: data)
    sampler.run(&state, steps: steps / 2)
    var progress = Progress(
      epochs: kept, minibatchesPerEpoch: 1, done: 0, batchSize: chains, isShown: !common.quiet)
    let record = sampler.record(observables, along: &state, steps: kept) { _ in progress.advance() }
    progress.clear()
    mixing = try MixingReport(record)
    let count = min(data.count, 10_000)
    guard tempering, var ladder = try DiagnosedChains.ladder(of: machine, chains, data, common) else {
      tempered = nil
      samples = DiagnosedChains.plan(mixing, count) { sampler.samples($0, along: &state, spacing: $1) }
      return
    }
    ladder.tempering.run(&ladder.state, rounds: steps / 2)
    let (own, info) = ladder.tempering.record(observables, along: &ladder.state, rounds: kept)
    let report = TemperedReport(
      mixing: try MixingReport(own), acceptances: info.acceptances, roundTrips: info.roundTrips)
    tempered = report
    samples =
      report.isTrusted && mixing.verdict != .mixes
      ? DiagnosedChains.plan(report.mixing, count) {
        ladder.tempering.samples($0, along: &ladder.state, spacing: $1)
      }
      : DiagnosedChains.plan(mixing, count) { sampler.samples($0, along: &state, spacing: $1) }
  }

  /// Tempering with a ladder that fits; nil, with a note, where there is none.
  private static func ladder(
    of machine: RBM, _ chains: Int, _ data: any Samples, _ common: CommonOptions
  ) throws -> (tempering: ParallelTempering, state: ParallelTempering.State)? {
    var adaptation = ParallelTempering.Adaptation()
    adaptation.chains = min(chains, adaptation.chains)
    let reference =
      machine.referenceVisibleBias ?? machine.visible.bias(ofMeans: data.means(parallel: common.parallel))
    do {
      return try ParallelTempering.adapted(
        to: machine, reference: reference, by: adaptation, seed: common.seed, parallel: common.parallel)
    } catch let error as SettingsError {
      common.note("note: no tempered chains: \(error)")
      return nil
    }
  }

  /// Samples of all chains, an autocorrelation time of the slowest observable apart, in no more steps than were
  /// recorded.
  private static func plan(
    _ mixing: MixingReport, _ count: Int, _ draw: (_ count: Int, _ spacing: Int) -> Matrix
  ) -> Matrix {
    let time = mixing.slowest.statistics.autocorrelationTime ?? .infinity
    let spacing = Int(max(1, min(time.rounded(.up), Double(mixing.steps))))
    let rounds = max(1, min(count / mixing.chains, mixing.steps / spacing))
    return draw(rounds * mixing.chains, spacing)
  }
}

/// How tempered chains did.
struct TemperedReport {
  let mixing: MixingReport
  /// The mean acceptance of swaps of neighbouring temperatures.
  let acceptances: [Double]
  /// Replicas that went from the base-rate machine to the model and back while they were recorded.
  let roundTrips: Int

  /// Whether their samples may stand for the machine's.
  var isTrusted: Bool { mixing.verdict == .mixes && roundTrips >= 10 }

  /// ` 9 temperatures, swaps accepted at 0.38 … 0.61, 57 round trips`
  var words: String {
    let least = formatted(acceptances.min(), 2), greatest = formatted(acceptances.max(), 2)
    return
      "\(acceptances.count + 1) temperatures, swaps accepted at \(least) … \(greatest), \(roundTrips) round trips"
  }
}
