public import Boltzmann
internal import BoltzmannCompute
public import BoltzmannReference

extension RBM {
  /// The machine with its parameters rounded to Float.
  public init(_ reference: ReferenceRBM) {
    self.init(
      visibleBias: reference.visibleBias.map(Float.init), hiddenBias: reference.hiddenBias.map(Float.init),
      weights: Matrix(reference.weights, columns: reference.hiddenCount))
  }
}

extension ReferenceRBM {
  /// Exactly the same machine in Double.
  public init(_ model: RBM) {
    self.init(
      weights: model.weights.doubles, visibleBias: model.visible.bias.doubles,
      hiddenBias: model.hidden.bias.doubles)
  }

  /// The machine with both layers exchanged.
  public var mirrored: ReferenceRBM {
    ReferenceRBM(
      weights: hiddenBias.indices.map { j in visibleBias.indices.map { i in weights[i][j] } },
      visibleBias: hiddenBias, hiddenBias: visibleBias)
  }

  /// The machine at an inverse temperature: all parameters times β.
  public func scaled(by beta: Double) -> ReferenceRBM {
    ReferenceRBM(
      weights: weights.map { $0.map { beta * $0 } }, visibleBias: visibleBias.map { beta * $0 },
      hiddenBias: hiddenBias.map { beta * $0 })
  }

  /// The largest magnitude of a parameter.
  public var largestParameter: Double {
    (weights.joined() + visibleBias + hiddenBias).reduce(0) { max($0, abs($1)) }
  }
}

/// The same machine twice: for the engine, and for the reference, with exactly the same parameters.
public struct MachinePair: Sendable {
  public let engine: RBM
  public let reference: ReferenceRBM

  /// Both from the parameters rounded to Float.
  public init(_ machine: ReferenceRBM) { self.init(RBM(machine)) }

  /// Both from a machine of the engine.
  public init(_ machine: RBM) {
    engine = machine
    reference = ReferenceRBM(machine)
  }

  /// Normally distributed parameters.
  public static func normal(
    visible: Int, hidden: Int, weightDeviation: Double = 1, biasDeviation: Double = 1, seed: UInt64
  ) -> MachinePair {
    MachinePair(
      .normal(
        visible: visible, hidden: hidden, weightDeviation: weightDeviation, biasDeviation: biasDeviation,
        seed: seed))
  }
}

// MARK: - Gradients

extension ReferenceGradient {
  /// A gradient of the engine.
  public init(_ gradient: Gradient) {
    let (visibleBias, hiddenBias) = (gradient.visibleBias.doubles, gradient.hiddenBias.doubles)
    self.init(
      weights: gradient.weights(visible: visibleBias.count, hidden: hiddenBias.count).doubles,
      visibleBias: visibleBias, hiddenBias: hiddenBias)
  }

  /// Moments of the engine: E[v hᵀ], E[v] and E[h].
  public init(_ moments: Moments) {
    let nothing = Moments.exact(
      weights: Matrix(rows: moments.visibleCount, columns: moments.hiddenCount),
      visibles: [Float](repeating: 0, count: moments.visibleCount),
      hiddens: [Float](repeating: 0, count: moments.hiddenCount))
    self.init(Gradient(data: moments, model: nothing))
  }

  /// All numbers in one row.
  public var flat: [Double] { weights.joined() + visibleBias + hiddenBias }

  /// The largest difference of two numbers in the same place.
  public func largestDifference(from other: ReferenceGradient) -> Double {
    BoltzmannTestSupport.largestDifference(flat, other.flat)
  }
}

extension ReferenceRBM {
  /// The largest difference of two parameters in the same place.
  public func largestDifference(from other: ReferenceRBM) -> Double {
    max(
      BoltzmannTestSupport.largestDifference(weights, other.weights),
      BoltzmannTestSupport.largestDifference(
        visibleBias + hiddenBias, other.visibleBias + other.hiddenBias))
  }
}

extension Moments {
  fileprivate var visibleCount: Int {
    switch self {
    case .rows(let visibles, _, _): visibles.columns
    case .exact(let weights, _, _, _): weights.rows
    }
  }

  fileprivate var hiddenCount: Int {
    switch self {
    case .rows(_, let hiddens, _): hiddens.columns
    case .exact(let weights, _, _, _): weights.columns
    }
  }
}
