internal import BoltzmannCompute
internal import Foundation

/// Numbers of samples drawn again in proportion to weights e^{logWeights}, by systematic resampling (Kitagawa 1996).
///
/// With log-weights log p_data/p_model the drawn samples follow the data's law as far as the model's samples reach.
/// A single uniform u places all draws: k is taken as often as (u + i)/count falls into its share of the weights,
/// i < count, so that each number is taken ⌊count·w⌋ or ⌈count·w⌉ times.
public func importanceResample(logWeights: [Double], count: Int, seed: UInt64) -> [Int] {
  precondition(!logWeights.isEmpty && count >= 0, "there must be samples to draw from")
  let total = logSumExp(logWeights)
  let start = RandomStream(seed: seed, purpose: .selection).uniforms(row: 0, count: 1)[0]
  var (result, sum) = ([Int](), 0.0)
  for (number, weight) in logWeights.enumerated() {
    sum += exp(weight - total) * Double(count)
    while result.count < count && start + Double(result.count) < sum { result.append(number) }
  }
  // The shares may add up to a little less than one.
  while result.count < count { result.append(logWeights.count - 1) }
  return result
}
