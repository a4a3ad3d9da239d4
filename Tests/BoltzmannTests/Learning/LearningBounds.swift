import BoltzmannReference
import BoltzmannTestSupport

/// How far one update in Float may be from the same update in Double, number by number.
///
/// u = 2⁻²⁴; gradients are below 4 (a difference of moments, two corrections and the decays), K is the larger of
/// the two layers, P the largest parameter. Sampled states are the same, so that moments M of them are off by
/// hidden means and sums only.
/// ```
/// offsets    ν·M + 2u
/// activity   (1 − decay)·M + 3u
/// gradient   3·(2M + u) + 2·offsets + cost·(activity + M + offsets) + 25u·max(1, l₂P)
/// velocity   rate·gradient + 3u·(momentum·|velocity| + 4·rate)
/// model      (1 + K)·velocity + K·|ΔW|·(offsets + (K + 2)·u) + 2u·P       the biases take over K weights
/// ```
struct UpdateBounds {
  let offsets: Double
  let activity: Double
  let velocity: Double
  let model: Double

  init(_ update: ReferenceUpdate, of learner: ReferenceLearner) {
    let u = FloatBounds.roundoff
    let settings = update.settings
    let moment = Self.moment(update, learner)
    let largest = learner.model.largestParameter
    let layer = Double(max(learner.model.visibleCount, learner.model.hiddenCount))
    offsets = settings.offsetRate * moment + 2 * u
    activity = (1 - (settings.sparsity?.decay ?? 1)) * moment + 3 * u
    let sparse = (settings.sparsity?.cost ?? 0) * (activity + moment + offsets)
    let gradient = 3 * (2 * moment + u) + 2 * offsets + sparse + 25 * u * max(1, settings.l2 * largest)
    let fastest = learner.velocity.flat.reduce(0) { max($0, abs($1)) }
    let move = settings.momentum * fastest + 4 * settings.learningRate
    velocity = settings.learningRate * gradient + 3 * u * move
    model = (1 + layer) * velocity + layer * move * (offsets + (layer + 2) * u) + 2 * u * (largest + move)
  }

  /// Moments over rows have a bound; those by enumeration are good to 5e-6.
  private static func moment(_ update: ReferenceUpdate, _ learner: ReferenceLearner) -> Double {
    let rows = update.bounds(learner).moment(rows: update.rows(learner))
    return update.estimator == .exact ? max(rows, 5e-6) : rows
  }
}
