public import BoltzmannCompute

/// PCD-k with an adversary: a Boltzmann encoded adversarial machine (Fisher, Smith & Walsh 2018).
///
/// The log-likelihood hardly punishes states that the model visits and the data do not. A critic T(h) in the space
/// of the hiddens, near 1 where data are and near −1 where only the model is, does: the objective becomes
/// ```
/// (1 − γ)·L + γ·A,   A = E_model T(h)
/// ∂A/∂θ = Cov_model(T, −∂E/∂θ)
/// ```
/// Divided by 1 − γ it is the gradient of PCD with the model's rows weighted, their mean weight 1:
/// ```
/// ∂L/∂θ + κ·∂A/∂θ = E_data[−∂E/∂θ] − E_model[(1 − κ(T − E_model T))·(−∂E/∂θ)]      κ = γ/(1 − γ)
/// ```
/// What the critic finds real is pushed away less, and pulled at where κ is large. The critic is one of nearest
/// neighbours, and needs no training: `NeighborCritic`.
public struct AdversarialGradient: GradientEstimator {
  public static let name = "adversarial"
  /// γ where the settings give none.
  public static let defaultWeight = 0.3

  private let factor: Double
  private var likelihood: PersistentContrastiveDivergence
  private var hiddens: ScratchMatrix
  private var sums: BlockSumsScratch

  public init(_ context: EstimatorContext) {
    let weight = context.settings.adversarialWeight ?? AdversarialGradient.defaultWeight
    factor = weight / (1 - weight)
    likelihood = PersistentContrastiveDivergence(context)
    hiddens = ScratchMatrix(rows: context.chains, columns: context.model.hiddenCount)
    sums = BlockSumsScratch(capacity: context.chains, model: context.model, isData: false)
  }

  public mutating func gradient(
    of model: RBM, minibatch: Minibatch, steps: Int, parallel: Parallel
  ) -> Gradient {
    let plain = likelihood.gradient(of: model, minibatch: minibatch, steps: steps, parallel: parallel)
    guard case .rows(_, let data, _) = plain.data, case .rows(let visibles, let chains, _) = plain.model
    else { preconditionFailure("PCD gives rows") }
    let scores = NeighborCritic(
      data: unweighted(data, minibatch), model: chains, parallel: parallel
    ).scores
    let mean = scores.reduce(0, +) / Double(scores.count)
    let weighted = hiddens.mutableView(), sums = sums.blocks(rows: chains.rows)
    weighted.copy(chains)
    sums.weigh(
      visibles: visibles, hiddens: weighted, by: scores.map { Float(1 - factor * ($0 - mean)) })
    return Gradient(
      data: plain.data, model: .rows(visibles: visibles, hiddens: weighted.view, sums: sums))
  }

  /// The data's hidden means, which a gradient leaves multiplied by the samples' weights.
  private func unweighted(_ hiddens: MatrixView, _ minibatch: Minibatch) -> MatrixView {
    guard let weights = minibatch.rowWeights else { return hiddens }
    let result = MutableMatrixView(rows: hiddens.rows, columns: hiddens.columns)
    result.copy(hiddens)
    result.scaleRows(by: weights.map { 1 / $0 })
    return result.view
  }

  public var persistentVisibles: Matrix? { likelihood.persistentVisibles }

  public func save(to snapshot: inout Snapshot) { likelihood.save(to: &snapshot) }

  public mutating func restore(from snapshot: Snapshot) throws { try likelihood.restore(from: snapshot) }
}

/// How much the model's hiddens look like the data's, by their nearest neighbours among both.
/// ```
/// T(h) = Σ ±1/(d + ε) / Σ 1/(d + ε)      + for data, − for the model; d the distance
/// ```
/// over the five rows of hidden means that are nearest to h, itself left out: the fraction of data near h,
/// nearer ones counted more, brought to [−1, 1].
struct NeighborCritic {
  /// T of every row of the model.
  let scores: [Double]

  /// Hidden means of the data `[samples, hidden]` and of the chains `[chains, hidden]`.
  init(data: MatrixView, model: MatrixView, parallel: Parallel) {
    let kinds = [(rows: data, sign: 1.0), (rows: model, sign: -1.0)].map { rows, sign in
      (rows: rows, norms: NeighborCritic.squaredNorms(rows), sign: sign)
    }
    scores = parallel.mapBlocks(of: model.rows, size: rowsPerBlock) { range in
      var nearest = [Neighbors](repeating: Neighbors(), count: range.count)
      for (kind, norms, sign) in kinds {
        let products = MutableMatrixView(rows: range.count, columns: kind.rows)
        products.multiply(model.rows(range), kind.transposed)
        for (place, row) in range.enumerated() {
          for (other, norm) in norms.enumerated() where sign > 0 || other != row {
            let square = kinds[1].norms[row] + norm - 2 * Double(products[place, other])
            nearest[place].add(square: square, sign: sign)
          }
        }
      }
      return nearest.map(\.score)
    }.flatMap { $0 }
  }

  private static func squaredNorms(_ rows: MatrixView) -> [Double] {
    var norms = [Double](repeating: 0, count: rows.rows)
    rows.addRowDots(with: rows, to: &norms)
    return norms
  }
}

/// The few nearest of some rows, in the order of their distance; the first found of equal ones comes first.
private struct Neighbors {
  private static let count = 5
  /// ε, in the hiddens' units: rows that coincide have a finite weight.
  private static let closest = 0.01

  private var nearest: [(square: Double, sign: Double)] = []

  mutating func add(square: Double, sign: Double) {
    guard nearest.count < Self.count || square < nearest[Self.count - 1].square else { return }
    let place = nearest.firstIndex { square < $0.square } ?? nearest.count
    nearest.insert((square, sign), at: place)
    if nearest.count > Self.count { nearest.removeLast() }
  }

  /// T.
  var score: Double {
    let weights = nearest.map { 1 / (max($0.square, 0).squareRoot() + Self.closest) }
    let sum = zip(weights, nearest).reduce(0) { $0 + $1.0 * $1.1.sign }
    return sum / weights.reduce(0, +)
  }
}
