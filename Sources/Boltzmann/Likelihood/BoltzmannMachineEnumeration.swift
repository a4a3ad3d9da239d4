public import BoltzmannCompute
internal import Foundation

/// log Z and the moments of a general Boltzmann machine, summed over states.
/// ```
/// Z = Σ_x e^{aᵀx + ½xᵀJx} = Σ_s e^{a_sᵀs + ½sᵀJ_ss s + Σ_r Γ_r(a_r + J_rs s)}
/// ```
/// A layer without couplings of its own is summed out in closed form (units r, independent given the others), the
/// larger of two such; all other units (s) are enumerated, at most 25. For the `RBM` this is the sum over its smaller
/// layer.
public struct BoltzmannMachineEnumeration: Sendable {
  /// The most units that are enumerated: 2²⁵ states.
  public static let limit = 25

  private let machine: BoltzmannMachine
  private let enumerated: Range<Int>
  private let form: BitForm
  private let states: PairwiseStates
  private let constant: Double
  private let summed: SummedLayer?

  /// A sum over the states of a machine, without the layers that need no enumeration.
  ///
  /// Layers in `lateral` are not summed out: their pairs are wanted though their couplings are zero.
  /// Throws `SettingsError` where more than 25 units are left.
  public init(of machine: BoltzmannMachine, keeping lateral: LateralCouplings = []) throws {
    let kept = lateral.union(machine.lateral)
    let (visible, hidden) = (machine.visibleUnits, machine.hiddenUnits)
    var choices = [(0..<machine.unitCount, 0..<0)]
    if !kept.contains(.hidden) { choices.append((visible, hidden)) }
    if !kept.contains(.visible) { choices.append((hidden, visible)) }
    let (enumerated, summed) = choices.min { $0.0.count < $1.0.count } ?? choices[0]
    guard enumerated.count <= BoltzmannMachineEnumeration.limit else {
      throw SettingsError(
        message:
          "the exact sum needs at most \(BoltzmannMachineEnumeration.limit) units that are coupled among "
          + "themselves, not \(enumerated.count)")
    }
    self.machine = machine
    self.enumerated = enumerated
    form = BitForm(machine, units: enumerated)
    let fields = machine.bias[enumerated].map(Double.init)
    states = PairwiseStates(bias: form.bias(fields: fields), couplings: form.couplings)
    constant = form.constant(fields: fields)
    self.summed =
      summed.isEmpty ? nil : SummedLayer(machine, enumerated: enumerated, summed: summed, states: states)
  }

  /// How many units are enumerated.
  public var enumeratedCount: Int { enumerated.count }

  /// log Z in nats.
  public func logPartition(parallel: Parallel = .all) -> Double {
    let parts = parallel.mapBlocks(of: states.highCount, size: highStatesPerBlock) { range in
      let inputs = summed?.scratch()
      return logSumExp(range.map { logSumExp(logWeights($0, inputs)) })
    }
    return constant + logSumExp(parts)
  }

  /// E[x xᵀ] and E[x]; zero for pairs of units that are summed out, which no coupling goes with.
  public func moments(parallel: Parallel = .all) -> PairMoments {
    let logZ = logPartition(parallel: parallel) - constant
    let chunk = (states.highCount + momentChunks - 1) / momentChunks
    let parts = parallel.mapBlocks(of: states.highCount, size: chunk) { range in
      let inputs = summed?.scratch()
      var part = PairwiseSums(units: enumerated.count), outer = summed?.noMoments()
      for high in range {
        let probabilities = logWeights(high, inputs).map { exp($0 - logZ) }
        part.add(probabilities, high: high, of: states)
        if let summed, let inputs { summed.add(probabilities, high: high, inputs, to: &outer!) }
      }
      return (part, outer)
    }
    return moments(parts.map { $0.0 }, parts.compactMap { $0.1 })
  }

  /// The states' log-weights; where a layer is summed out, its inputs go to `inputs`.
  private func logWeights(_ high: Int, _ inputs: MutableMatrixView?) -> [Double] {
    var result = states.logWeights(high: high)
    if let summed, let inputs { summed.addLogNormalizers(high: high, inputs, to: &result) }
    return result
  }

  private func moments(_ parts: [PairwiseSums], _ outer: [SummedMoments]) -> PairMoments {
    var result = PairMoments(units: machine.unitCount)
    let sums = parts.reduce(into: PairwiseSums(units: enumerated.count)) { $0 += $1 }
    let bits = sums.means
    for i in bits.indices {
      result.means[enumerated.lowerBound + i] = Float(form.mean(i, bits[i]))
      for j in 0..<i {
        let pair = Float(form.pair(i, j, both: sums.pairs[i][j], bits[i], bits[j]))
        result.pairs[enumerated.lowerBound + i, enumerated.lowerBound + j] = pair
        result.pairs[enumerated.lowerBound + j, enumerated.lowerBound + i] = pair
      }
    }
    summed?.place(outer, into: &result)
    return result
  }
}

/// States of the high units that one worker takes at a time.
private let highStatesPerBlock = 64
/// Parts into which the moments' sum is cut, each summed by one worker, then added in order.
private let momentChunks = 16

extension BoltzmannMachine {
  /// log Z in nats; throws `SettingsError` where more than 25 units would have to be enumerated.
  public func exactLogPartition(parallel: Parallel = .all) throws -> Double {
    try BoltzmannMachineEnumeration(of: self).logPartition(parallel: parallel)
  }
}
