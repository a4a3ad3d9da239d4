public import BoltzmannCompute
internal import Foundation

/// Sums over all states of one layer, the other layer summed out in closed form.
/// ```
/// Z = Σ_s e^{bᵀs + Σ_i Γ_i(I(s))}        I(s) = Σ_j s_j C_j
/// ```
/// s runs over the states of the enumerated layer, whose units must be discrete; C_j is row j of the weights seen
/// from it. The states are cut in two tables: the part sums of inputs of the low sites, and those of the high ones,
/// a block at a time through sgemm; then the inputs of a state are the sum of two rows, one addition instead of a product.
public struct Enumeration: Sendable {
  /// At most 2²⁵ states are enumerated: those of 25 units of two states.
  public static let limit = 25

  public enum Layer: Sendable { case visible, hidden }

  let layer: Layer
  private let summed: any Units
  private let couplings: Matrix
  private let states: DiscreteStates
  private let low: Matrix
  private let lowStates: Matrix

  /// Enumerates the layer of fewer states, or the one given.
  public init(of model: RBM, over layer: Layer? = nil) throws {
    let layer = layer ?? Enumeration.cheaperLayer(of: model)
    let enumerated = layer == .hidden ? model.hidden : model.visible
    guard let sites = enumerated.sites, DiscreteStates.bits(of: sites) <= Double(Enumeration.limit) else {
      throw EnumerationError(model)
    }
    self.layer = layer
    summed = layer == .hidden ? model.visible : model.hidden
    couplings = layer == .hidden ? model.weights.transposed : model.weights
    states = DiscreteStates(sites: sites, bias: enumerated.bias)
    lowStates = states.rows(0..<states.lowCount, sites: states.lowSites)
    var table = Matrix(rows: lowStates.rows, columns: summed.count)
    let lowCouplings = couplings.view.rows(states.columns(of: states.lowSites))
    table.withMutableView { [lowStates] in $0.multiply(lowStates.view, lowCouplings) }
    low = table
  }

  /// The layer with fewer states.
  private static func cheaperLayer(of model: RBM) -> Layer {
    func bits(_ layer: any Units) -> Double { layer.sites.map(DiscreteStates.bits(of:)) ?? .infinity }
    return bits(model.hidden) <= bits(model.visible) ? .hidden : .visible
  }

  /// log₂ of the states that an exact sum runs over; infinite where no layer is discrete.
  public static func bits(of model: RBM) -> Double {
    [model.visible, model.hidden].map { $0.sites.map(DiscreteStates.bits(of:)) ?? .infinity }.min()
      ?? .infinity
  }

  /// log Z in nats.
  public func logPartition(parallel: Parallel = .all) -> Double { logSumExp(blockSums(parallel: parallel)) }

  /// log Σ e^… over the states of every block of high states.
  func blockSums(parallel: Parallel) -> [Double] {
    parallel.mapBlocks(of: states.highCount, size: highStatesPerBlock) { high in
      var logWeights: [Double] = []
      forEachTile(high) { _, _, weights in logWeights += weights }
      return logSumExp(logWeights)
    }
  }

  /// The columns of the enumerated layer.
  var enumeratedColumns: Int { couplings.rows }

  /// Calls `body` with the unnormalised log-probabilities of the states of a block, in the order of `blockSums`.
  func forEachTile(block: Int, _ body: (_ highState: Int, _ logWeights: [Double]) -> Void) {
    forEachTile(Blocks(count: states.highCount, size: highStatesPerBlock)[block]) { body($0, $2) }
  }

  /// The values of a state of the enumerated layer.
  func state(highState: Int, low: Int) -> [Float] {
    states.rows(highState: highState, low: lowStates).view.rows(low..<(low + 1)).values
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

  /// Calls `body` for every state of the high sites in a range: with the summed layer's inputs for all
  /// states of the low sites, `[low states, summed]`, and the states' unnormalised log-probabilities.
  private func forEachTile(
    _ high: Range<Int>,
    _ body: (_ highState: Int, _ inputs: MutableMatrixView, _ logWeights: [Double]) -> Void
  ) {
    let highInputs = MutableMatrixView(rows: highStatesPerBlock, columns: summed.count)
    let inputs = MutableMatrixView(rows: low.rows, columns: summed.count)
    let ones = [Float](repeating: 1, count: low.rows)
    let lowEnergies = states.biasSums(0..<states.lowCount, sites: states.lowSites)
    let blocks = Blocks(count: high.count, size: highStatesPerBlock)
    for block in 0..<blocks.count {
      let range = (high.lowerBound + blocks[block].lowerBound)..<(high.lowerBound + blocks[block].upperBound)
      let rows = highInputs.rows(0..<range.count)
      rows.multiply(
        states.rows(range, sites: states.highSites).view,
        couplings.view.rows(states.columns(of: states.highSites)))
      let highEnergies = states.biasSums(range, sites: states.highSites)
      for (row, state) in range.enumerated() {
        inputs.addScaledRows(of: low.view, to: rows.view.rows(row..<(row + 1)), factors: ones)
        var logWeights = lowEnergies.map { $0 + highEnergies[row] }
        summed.addLogNormalizers(inputs: inputs.view, inverseTemperature: 1, to: &logWeights)
        body(state, inputs, logWeights)
      }
    }
  }
}

/// States of the high sites whose inputs one sgemm makes.
private let highStatesPerBlock = 64
/// Parts into which the moments' sum is cut, each summed by one worker, then added in order.
private let momentChunks = 16

/// A machine neither of whose layers can be enumerated.
public struct EnumerationError: Error, CustomStringConvertible {
  private let bits: Double

  init(_ model: RBM) { bits = Enumeration.bits(of: model) }

  public var description: String {
    bits.isFinite
      ? "the exact sum needs a side of at most 2^\(Enumeration.limit) states, not 2^\(Int(bits.rounded(.up)))"
      : "the exact sum needs a side of discrete units; both sides have real ones"
  }
}
