internal import Foundation

/// The averages that the parameters of a machine are coupled to, over data or over a model.
public struct ReferenceMoments: Equatable, Sendable {
  /// ⟨v⟩, `[visible column]`.
  public var visible: [Double]
  /// ⟨h⟩, `[hidden column]`.
  public var hidden: [Double]
  /// ⟨v hᵀ⟩, `[visible column][hidden column]`.
  public var product: [[Double]]
  /// ⟨v²⟩, `[visible column]`.
  public var visibleSquare: [Double]
  /// ⟨h²⟩, `[hidden column]`.
  public var hiddenSquare: [Double]

  public init(
    visible: [Double], hidden: [Double], product: [[Double]], visibleSquare: [Double], hiddenSquare: [Double]
  ) {
    self.visible = visible
    self.hidden = hidden
    self.product = product
    self.visibleSquare = visibleSquare
    self.hiddenSquare = hiddenSquare
  }

  /// Those of the machine with its layers exchanged.
  public var mirrored: ReferenceMoments {
    ReferenceMoments(
      visible: hidden, hidden: visible, product: transposed(product, columns: hidden.count),
      visibleSquare: hiddenSquare, hiddenSquare: visibleSquare)
  }
}

extension ReferenceLayeredRBM {
  /// The averages over weighted visible states, the hidden layer averaged given each.
  /// ```
  /// ⟨v⟩, ⟨E[h | v]⟩, ⟨v E[h | v]ᵀ⟩, ⟨v²⟩, ⟨E[h² | v]⟩
  /// ```
  /// With samples and their weights it is the positive phase; with all states and P(v), the negative.
  public func moments(of visibles: [[Double]], rowWeights: [Double]? = nil) -> ReferenceMoments {
    let weights = rowWeights ?? visibles.map { _ in 1 }
    let inputs = visibles.map { hiddenInputs(given: $0) }
    let hiddens = inputs.map { hidden.mean($0) }
    let products = visible.bias.indices.map { i in
      weightedMean(zip(visibles, hiddens).map { v, h in h.map { v[i] * $0 } }, weights)
    }
    return ReferenceMoments(
      visible: weightedMean(visibles, weights), hidden: weightedMean(hiddens, weights), product: products,
      visibleSquare: weightedMean(visibles.map { $0.map { $0 * $0 } }, weights),
      hiddenSquare: weightedMean(inputs.map { hidden.secondMoment($0) }, weights))
  }
}

/// One number for each parameter of a machine: the gradient of a log-likelihood.
public struct ReferenceLayeredGradient: Equatable, Sendable {
  /// `[visible column][hidden column]`
  public var weights: [[Double]]
  public var visibleBias: [Double]
  public var hiddenBias: [Double]
  /// With respect to log γ, `[visible column]`; 0 where the kind has no precision.
  public var visibleLogPrecision: [Double]
  /// With respect to log γ, `[hidden column]`; 0 where the kind has no precision.
  public var hiddenLogPrecision: [Double]

  /// The gradient of the mean log-likelihood: how data and model differ, in nats per unit of the parameter.
  /// ```
  /// ∂L/∂W = ⟨vhᵀ⟩_data − ⟨vhᵀ⟩_model          ∂L/∂b = ⟨v⟩_data − ⟨v⟩_model
  /// ∂L/∂log γ_i = −½γ_i(⟨v_i²⟩_data − ⟨v_i²⟩_model)
  /// ```
  public init(of machine: ReferenceLayeredRBM, data: ReferenceMoments, model: ReferenceMoments) {
    func difference(_ a: [Double], _ b: [Double]) -> [Double] { zip(a, b).map { $0 - $1 } }
    func slope(_ layer: ReferenceLayer, _ squares: [Double]) -> [Double] {
      squares.indices.map { layer.isReal[$0] ? -0.5 * layer.precision[$0] * squares[$0] : 0 }
    }
    weights = zip(data.product, model.product).map(difference)
    visibleBias = difference(data.visible, model.visible)
    hiddenBias = difference(data.hidden, model.hidden)
    visibleLogPrecision = slope(machine.visible, difference(data.visibleSquare, model.visibleSquare))
    hiddenLogPrecision = slope(machine.hidden, difference(data.hiddenSquare, model.hiddenSquare))
  }

  /// All numbers in one row, in the order of `ReferenceLayeredRBM.parameters`.
  public var flat: [Double] {
    weights.joined() + visibleBias + hiddenBias + visibleLogPrecision + hiddenLogPrecision
  }
}

extension ReferenceLayeredRBM {
  /// All parameters in one row: W row by row, b, c, and log γ of the visible and the hidden columns.
  ///
  /// Columns without a precision have the log 0 and keep it, whatever is assigned.
  public var parameters: [Double] {
    get {
      weights.joined() + visible.bias + hidden.bias + visible.precision.map(log) + hidden.precision.map(log)
    }
    set {
      precondition(newValue.count == parameters.count, "a machine of \(parameters.count) parameters")
      var rest = newValue[...]
      func next(_ count: Int) -> [Double] {
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
      }
      weights = weights.map { next($0.count) }
      visible.bias = next(visible.width)
      hidden.bias = next(hidden.width)
      visible.precision = next(visible.width).map(exp)
      hidden.precision = next(hidden.width).map(exp)
    }
  }
}
