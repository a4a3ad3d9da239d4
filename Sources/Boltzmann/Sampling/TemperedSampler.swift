/// Chains at all inverse temperatures of a ladder, from independent units to a machine, which change places.
public protocol TemperedSampler: Sendable {
  var ladder: TemperingLadder { get }
  /// log Z₀ of the independent units, in nats.
  var logBase: Double { get }

  /// Chains that are drawn from the independent units at all rungs; `chains` a rung.
  func initialState(chains: Int) -> TemperingState

  /// Rounds of `steps` steps and a swap; `observe` sees every one, between the steps and the swap.
  @discardableResult
  func run(
    _ state: inout TemperingState, rounds: Int, steps: Int, observe: ((TemperingRound) -> Void)?
  ) -> TemperingInfo
}

extension TemperedSampler {
  /// `rounds` rounds whose works are kept, and `states` states of the model.
  public func sample(
    _ state: inout TemperingState, rounds: Int, steps: Int = 1, states: Int = 0
  ) -> TemperedSamples {
    TemperedSamples(recording: self, &state, rounds: rounds, steps: steps, states: states)
  }

  /// Rounds that are doubled, from 512 on, until the chains count as mixing (`ReverseStart`) and log Z has a
  /// standard error, or there are `mostRounds`; those before the last doubling are forgotten.
  func sample(
    _ state: inout TemperingState, untilError error: Double, mostRounds: Int, states: Int
  ) -> TemperedSamples {
    var rounds = min(512, mostRounds)
    while true {
      let samples = sample(&state, rounds: rounds, states: states)
      if rounds >= mostRounds { return samples }
      let estimate = samples.bennett()
      if estimate.kind == .sandwich && estimate.standardError <= error { return samples }
      rounds = min(2 * rounds, mostRounds)
    }
  }
}
