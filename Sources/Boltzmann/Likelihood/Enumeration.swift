public import BoltzmannCompute
internal import Foundation

/// Sums over all states of one layer, the other layer summed out in closed form.
/// ```
/// Z = Σ_s e^{bᵀs + Σ_i Γ_i(I(s))}        I(s) = Σ_j s_j C_j
/// ```
/// s runs over the states of the enumerated layer, C_j is row j of the weights seen from it. The states are
/// cut in two tables: the low units' 2^l part sums of inputs, and the high units' ones, a block at a time
/// through sgemm; then the inputs of a state are the sum of two rows, one addition instead of a product.
public struct Enumeration: Sendable {
  /// The most units that are enumerated: 2²⁵ states.
  public static let limit = 25

  public enum Layer: Sendable { case visible, hidden }

  let layer: Layer
  private let summed: any Units
  private let couplings: Matrix
  private let states: BinaryStates
  private let low: Matrix
  private let lowStates: Matrix

  /// Enumerates the smaller layer, or the one given.
  public init(of model: RBM, over layer: Layer? = nil) throws {
    let layer = layer ?? (model.hiddenCount <= model.visibleCount ? .hidden : .visible)
    let enumerated = layer == .hidden ? model.hidden : model.visible
    guard let values = type(of: enumerated).binaryStates, enumerated.count <= Enumeration.limit else {
      throw EnumerationError(layer: layer, units: enumerated.count)
    }
    self.layer = layer
    summed = layer == .hidden ? model.visible : model.hidden
    couplings = layer == .hidden ? model.weights.transposed : model.weights
    states = BinaryStates(bias: enumerated.bias, values: values)
    lowStates = states.rows(0..<states.lowCount, units: states.lowUnits)
    var table = Matrix(rows: lowStates.rows, columns: summed.count)
    let lowCouplings = couplings.view.rows(states.lowUnits)
    table.withMutableView { [lowStates] in $0.multiply(lowStates.view, lowCouplings) }
    low = table
  }

  /// log Z in nats.
  public func logPartition(parallel: Parallel = .all) -> Double {
    let perBlock = parallel.mapBlocks(of: states.highCount, size: highStatesPerBlock) { high in
      var logWeights: [Double] = []
      forEachTile(high) { _, _, weights in logWeights += weights }
      return logSumExp(logWeights)
    }
    return logSumExp(perBlock)
  }

  /// E[v hᵀ], E[v] and E[h] of the machine.
  public func moments(parallel: Parallel = .all) -> Moments {
    let logZ = logPartition(parallel: parallel)
    let chunk = (states.highCount + momentChunks - 1) / momentChunks
    let parts = parallel.mapBlocks(of: states.highCount, size: chunk) { high in
      var part = PartialMoments(enumerated: couplings.rows, summed: summed.count)
      forEachTile(high) { highState, inputs, logWeights in
        part.add(
          states: states.rows(highState: highState, low: lowStates), inputs: inputs, of: summed,
          probabilities: logWeights.map { Float(exp($0 - logZ)) })
      }
      return part
    }
    return PartialMoments.sum(parts).moments(enumerated: layer)
  }

  /// Calls `body` for every state of the high units in a range: with the summed layer's inputs for all
  /// states of the low units, `[low states, summed]`, and the states' unnormalised log-probabilities.
  private func forEachTile(
    _ high: Range<Int>,
    _ body: (_ highState: Int, _ inputs: MutableMatrixView, _ logWeights: [Double]) -> Void
  ) {
    let highInputs = MutableMatrixView(rows: highStatesPerBlock, columns: summed.count)
    let inputs = MutableMatrixView(rows: low.rows, columns: summed.count)
    let ones = [Float](repeating: 1, count: low.rows)
    let lowEnergies = states.biasSums(0..<states.lowCount, units: states.lowUnits)
    let blocks = Blocks(count: high.count, size: highStatesPerBlock)
    for block in 0..<blocks.count {
      let range = (high.lowerBound + blocks[block].lowerBound)..<(high.lowerBound + blocks[block].upperBound)
      let rows = highInputs.rows(0..<range.count)
      rows.multiply(
        states.rows(range, units: states.highUnits).view, couplings.view.rows(states.highUnits))
      let highEnergies = states.biasSums(range, units: states.highUnits)
      for (row, state) in range.enumerated() {
        inputs.addScaledRows(of: low.view, to: rows.view.rows(row..<(row + 1)), factors: ones)
        var logWeights = lowEnergies.map { $0 + highEnergies[row] }
        summed.addLogNormalizers(inputs: inputs.view, inverseTemperature: 1, to: &logWeights)
        body(state, inputs, logWeights)
      }
    }
  }
}

/// States of the high units whose inputs one sgemm makes.
private let highStatesPerBlock = 64
/// Parts into which the moments' sum is cut, each summed by one worker, then added in order.
private let momentChunks = 16

/// A layer that is too large to enumerate, or has more than two states a unit.
public struct EnumerationError: Error, CustomStringConvertible {
  let layer: Enumeration.Layer
  let units: Int
  public var description: String {
    "the exact sum needs at most \(Enumeration.limit) two-state units on one side, not \(units)"
  }
}

extension RBM {
  /// log Z in nats, by enumeration of the smaller layer; throws where both are too large.
  public func exactLogPartition(parallel: Parallel = .all) throws -> Double {
    try Enumeration(of: self).logPartition(parallel: parallel)
  }
}
