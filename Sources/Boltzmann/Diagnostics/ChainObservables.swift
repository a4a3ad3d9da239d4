public import BoltzmannCompute

/// What is followed of chains: numbers that every state of the visibles has.
/// ```
/// F(v)        the free energy, nats
/// mean v_i    over the visibles that are not categorical
/// u_kᵀv       the projections on the leading left singular vectors of the weights
/// ```
/// Among the projections is, as a rule, the slowest of all: it is along u_k that the machine has modes apart.
public struct ChainObservables: Sendable {
  public let names: [String]
  private let model: RBM
  /// A column for each but the free energy, `[visible, observables − 1]`.
  private let directions: Matrix

  /// Throws `FactorizationError` where a weight is not finite.
  public init(of model: RBM, modes: Int = 3) throws {
    let spectrum = try SingularSpectrum(of: model.zeroSumWeights, vectors: modes)
    let activity = ChainObservables.meanActivity(model.visible).map { [$0] } ?? []
    let columns = activity + spectrum.leftVectors
    let modes = (0..<spectrum.leftVectors.count).map { "mode \($0 + 1) of W" }
    names = ["free energy"] + (activity.isEmpty ? [] : ["mean activity"]) + modes
    directions = Matrix(rows: model.visibleCount, columns: columns.count) { Float(columns[$1][$0]) }
    self.model = model
  }

  /// Nil where every column is a state of a site: their sum never changes.
  private static func meanActivity(_ visible: any Units) -> [Double]? {
    var weights = [Double](repeating: 1, count: visible.count)
    for site in visible.categoricalSites {
      for column in site { weights[column] = 0 }
    }
    let total = weights.reduce(0, +)
    return total > 0 ? weights.map { $0 / total } : nil
  }

  /// The values in states `[chains, visible]`: `[observable][chain]`.
  public func values(of visibles: MatrixView, parallel: Parallel = .all) -> [[Double]] {
    let rows = parallel.mapBlocks(of: visibles.rows, size: rowsPerBlock) { range in
      values(ofBlock: visibles.rows(range))
    }
    return names.indices.map { observable in rows.flatMap { $0[observable] } }
  }

  private func values(ofBlock visibles: MatrixView) -> [[Double]] {
    let projections = MutableMatrixView(rows: visibles.rows, columns: directions.columns)
    projections.multiply(visibles, directions.view)
    let columns: [[Double]] = (0..<directions.columns).map { column in
      (0..<visibles.rows).map { Double(projections[$0, column]) }
    }
    return [model.freeEnergies(of: visibles)] + columns
  }
}

/// The values of all observables along chains.
public struct ChainRecord: Sendable {
  public let observables: ChainObservables
  /// `[observable][chain][draw]`
  public private(set) var traces: [[[Double]]]

  public init(_ observables: ChainObservables, chains: Int) {
    self.observables = observables
    let empty = [[Double]](repeating: [], count: chains)
    traces = [[[Double]]](repeating: empty, count: observables.names.count)
  }

  /// Takes note of where the chains stand, `[chains, visible]`.
  public mutating func append(_ visibles: MatrixView, parallel: Parallel = .all) {
    for (observable, values) in observables.values(of: visibles, parallel: parallel).enumerated() {
      for (chain, value) in values.enumerated() { traces[observable][chain].append(value) }
    }
  }
}
