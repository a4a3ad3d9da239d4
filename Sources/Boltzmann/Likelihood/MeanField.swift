internal import BoltzmannCompute
internal import Foundation

/// Mean-field: independent units, each with the mean that it has where the others stand at theirs.
/// ```
/// μ ← damping·μ + (1 − damping)·E[x | a + Jμ]      until the root mean square of E[x | a + Jμ] − μ ≤ tolerance
/// ```
/// All units move at once; undamped, strong couplings make them overshoot for ever. There may be several fixed
/// points: which one is found depends on the start.
public struct MeanField: Sendable, Hashable {
  /// The share of the old means that is kept, in [0, 1).
  public var damping: Float
  public var tolerance: Double
  /// The most iterations.
  public var limit: Int

  public init(damping: Float = 0.5, tolerance: Double = 1e-5, limit: Int = 500) {
    self.damping = damping
    self.tolerance = tolerance
    self.limit = limit
  }

  /// How the iteration ended.
  public struct Info: Sendable, Hashable {
    public let iterations: Int
    /// The root mean square of E[x | a + Jμ] − μ before the last step.
    public let change: Double
    public let hasConverged: Bool

    /// Of several runs, the worst.
    static func worst(_ infos: [Info]) -> Info {
      Info(
        iterations: infos.map(\.iterations).max() ?? 0, change: infos.map(\.change).max() ?? 0,
        hasConverged: infos.allSatisfy(\.hasConverged))
    }
  }

  /// Iterates means in place, each column by itself: fields and means are `[units, columns]`.
  func iterate(
    _ means: MutableMatrixView, couplings: MatrixView, fields: MatrixView,
    layers: [(units: Range<Int>, kind: TwoStateKind)]
  ) -> Info {
    let next = MutableMatrixView(rows: means.rows, columns: means.columns)
    let entries = Double(max(means.rows * means.columns, 1))
    var change = Double.infinity
    for iteration in 0..<limit {
      next.copy(fields)
      next.multiply(couplings, means.view, beta: 1)
      for (units, kind) in layers { kind.means(inputs: next.view.rows(units), into: next.rows(units)) }
      change = (next.view.squaredDistance(to: means.view) / entries).squareRoot()
      means.add(next.view, scale: 1 - damping, beta: damping)
      if change <= tolerance { return Info(iterations: iteration + 1, change: change, hasConverged: true) }
    }
    return Info(iterations: limit, change: change, hasConverged: false)
  }
}

/// A fixed point of mean-field and what it says of log Z.
public struct MeanFieldEstimate: Sendable {
  /// `[units]`, visibles first.
  public let means: [Float]
  /// log Z is not less, in nats, converged or not.
  public let lowerBound: Double
  public let info: MeanField.Info
}

extension BoltzmannMachine {
  /// Mean-field for all units, from `start` or from the means that the biases alone would give.
  public func meanField(_ settings: MeanField = MeanField(), from start: [Float]? = nil) -> MeanFieldEstimate
  {
    precondition((start?.count ?? unitCount) == unitCount, "one mean a unit")
    let fields = MutableMatrixView(rows: unitCount, columns: 1)
    fields.setColumn(0, bias)
    let means = MutableMatrixView(rows: unitCount, columns: 1)
    for (units, kind) in layers { kind.means(inputs: fields.view.rows(units), into: means.rows(units)) }
    if let start { means.setColumn(0, start) }
    let info = settings.iterate(means, couplings: couplings.view, fields: fields.view, layers: layers)
    let found = means.view.values
    return MeanFieldEstimate(means: found, lowerBound: lowerBound(means: found), info: info)
  }

  /// The variational lower bound of log Z for independent units with means μ, in nats, summed in Double.
  /// ```
  /// log Z ≥ aᵀμ + ½μᵀJμ + Σ_i H(p_i)      p = (μ − low)/step      H(p) = −p log p − (1 − p) log(1 − p)
  /// ```
  /// (Jordan, Ghahramani, Jaakkola & Saul 1999.) The gap is the divergence of the independent units from the law.
  public func lowerBound(means: [Float]) -> Double {
    let mu = means.map(Double.init)
    return (0..<unitCount).reduce(0) { sum, i in
      let row = couplings.view.rows(i..<(i + 1)).values
      let coupled = zip(row, mu).reduce(0) { $0 + Double($1.0) * $1.1 }
      let kind = kind(i)
      let p = (mu[i] - Double(kind.low)) / Double(kind.step)
      return sum + mu[i] * (Double(bias[i]) + coupled / 2) + entropy(p) + entropy(1 - p)
    }
  }

  /// E[h | v] by mean-field of every column, `[hidden, columns]`: for P = 0 exact after one step, without damping.
  ///
  /// `hiddens` holds where to start; blocks of columns run in parallel, each until it converges.
  func hiddenMeanField(
    _ settings: MeanField, given visibles: MatrixView, from hiddens: MutableMatrixView, parallel: Parallel
  ) -> MeanField.Info {
    var settings = settings
    if !isCoupled(hiddenUnits) { settings.damping = 0 }
    let infos = parallel.mapBlocks(of: visibles.columns, size: 64) { [settings] range in
      let fields = MutableMatrixView(rows: hiddenCount, columns: range.count)
      for (row, unit) in hiddenUnits.enumerated() { fields.rows(row..<(row + 1)).fill(bias[unit]) }
      fields.multiply(window(hiddenUnits, visibleUnits), visibles.columns(range), beta: 1)
      return settings.iterate(
        hiddens.columns(range), couplings: window(hiddenUnits, hiddenUnits), fields: fields.view,
        layers: [(0..<hiddenCount, hiddenKind)])
    }
    return .worst(infos)
  }
}

private func entropy(_ p: Double) -> Double { p > 0 ? -p * log(p) : 0 }
