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
    let observables = try ChainObservables(of: machine), count = min(data.count, 10_000)
    let sampler = BlockGibbs(model: machine, seed: common.seed, parallel: common.parallel)
    var state = sampler.dispersedState(chains: chains, data: data)
    let mixing = try MixingReport(
      DiagnosedChains.record(sampler, &state, observables, steps: steps, isShown: !common.quiet))
    var ladder = tempering ? try TemperedChains(of: machine, data: data, chains: chains, common) : nil
    let tempered = try ladder?.report(observables, rounds: steps)
    if let tempered, tempered.isTrusted, mixing.verdict != .mixes, var ladder {
      let (rounds, spacing) = tempered.mixing.plan(count)
      samples = ladder.tempering.samples(
        rounds * tempered.mixing.chains, along: &ladder.state, spacing: spacing)
    } else {
      let (rounds, spacing) = mixing.plan(count)
      samples = sampler.samples(rounds * chains, along: &state, spacing: spacing)
    }
    (self.mixing, self.tempered) = (mixing, tempered)
  }

  /// Every step after the first half, which is warm-up.
  private static func record(
    _ sampler: BlockGibbs, _ state: inout BlockGibbs.State, _ observables: ChainObservables, steps: Int,
    isShown: Bool
  ) -> ChainRecord {
    var progress = Progress(
      epochs: steps - steps / 2, minibatchesPerEpoch: 1, batchSize: state.visibles.rows,
      isShown: isShown)
    defer { progress.clear() }
    sampler.run(&state, steps: steps / 2)
    return sampler.record(observables, along: &state, steps: steps - steps / 2) { _ in progress.advance() }
  }
}

extension MixingReport {
  /// How often to look at all chains, for at most so many samples, and how many steps apart: an autocorrelation time of
  /// the slowest observable, in no more steps than were recorded.
  fileprivate func plan(_ count: Int) -> (rounds: Int, spacing: Int) {
    let time = slowest.statistics.autocorrelationTime ?? .infinity
    let spacing = Int(max(1, min(time.rounded(.up), Double(steps))))
    return (max(1, min(count / chains, steps / spacing)), spacing)
  }
}

/// Chains at a ladder of temperatures that fits the machine.
private struct TemperedChains {
  let tempering: ParallelTempering
  var state: ParallelTempering.State

  /// Nil, with a note, where there is no such ladder.
  init?(of machine: RBM, data: any Samples, chains: Int, _ common: CommonOptions) throws {
    var adaptation = LadderAdaptation()
    adaptation.chains = min(chains, adaptation.chains)
    let reference =
      machine.referenceVisibleBias ?? machine.visible.bias(ofMeans: data.means(parallel: common.parallel))
    do {
      (tempering, state) = try ParallelTempering.adapted(
        to: machine, reference: reference, by: adaptation, seed: common.seed, parallel: common.parallel)
    } catch let error as SettingsError {
      common.note("note: no tempered chains: \(error)")
      return nil
    }
  }

  mutating func report(_ observables: ChainObservables, rounds: Int) throws -> TemperedReport {
    tempering.run(&state, rounds: rounds / 2)
    let (record, info) = tempering.record(observables, along: &state, rounds: rounds - rounds / 2)
    return TemperedReport(
      mixing: try MixingReport(record), acceptances: info.acceptances, roundTrips: info.roundTrips)
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

  /// `9 temperatures, swaps accepted at 0.38 … 0.61, 57 round trips`
  var words: String {
    let least = formatted(acceptances.min(), 2), greatest = formatted(acceptances.max(), 2)
    return "\(acceptances.count + 1) temperatures, swaps accepted at \(least) … \(greatest), "
      + "\(roundTrips) round trips"
  }
}
