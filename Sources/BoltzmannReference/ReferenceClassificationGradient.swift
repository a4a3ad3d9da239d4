/// One number for every parameter of a classification machine: a gradient or a set of moments.
public struct ReferenceClassificationGradient: Equatable, Sendable {
  /// The numbers, in the shape of the machine.
  public var values: ReferenceClassificationRBM

  /// All numbers zero.
  public init(zeroLike model: ReferenceClassificationRBM) {
    values = model
    values.parameters = model.parameters.map { _ in 0 }
  }

  /// self += scale · the derivatives −∂E/∂θ of the energy at an input, a class and hidden states or means.
  /// ```
  /// −∂E/∂W = v hᵀ      −∂E/∂U_{y:} = h      −∂E/∂b = v      −∂E/∂c = h      −∂E/∂d_y = 1
  /// ```
  public mutating func add(_ scale: Double, visible: [Double], class y: Int, hidden: [Double]) {
    values.classBias[y] += scale
    for i in visible.indices { values.visibleBias[i] += scale * visible[i] }
    for j in hidden.indices {
      values.hiddenBias[j] += scale * hidden[j]
      values.classWeights[y][j] += scale * hidden[j]
      for i in visible.indices { values.weights[i][j] += scale * visible[i] * hidden[j] }
    }
  }
}

extension ReferenceClassificationRBM {
  /// All parameters in one row: W, U, b, c, d.
  public var parameters: [Double] {
    get { (weights + classWeights + [visibleBias, hiddenBias, classBias]).flatMap { $0 } }
    set {
      var rest = newValue[...]
      func take(_ count: Int) -> [Double] {
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
      }
      weights = weights.map { take($0.count) }
      classWeights = classWeights.map { take($0.count) }
      visibleBias = take(visibleCount)
      hiddenBias = take(hiddenCount)
      classBias = take(classCount)
    }
  }
}

// Each log-likelihood of a sample has as its gradient a difference of two means of −∂E/∂θ: over what is still free
// when the sample is given, and over what is free when only the condition is. Hidden units always enter by their
// means.

extension ReferenceClassificationRBM {
  /// The gradient of log P(y | v): classes free given v are taken off.
  /// ```
  /// ∂ log P(y | v) = E[−∂E | v, y] − E[−∂E | v]
  /// ```
  public func discriminativeGradient(visible: [Double], class y: Int) -> ReferenceClassificationGradient {
    var gradient = ReferenceClassificationGradient(zeroLike: self)
    addMoments(1, given: visible, class: y, to: &gradient)
    addMoments(-1, given: visible, to: &gradient)
    return gradient
  }

  /// The gradient of log P(v, y), exactly: E[−∂E | v, y] − E[−∂E].
  public func generativeGradient(visible: [Double], class y: Int) -> ReferenceClassificationGradient {
    var gradient = ReferenceClassificationGradient(zeroLike: self)
    addMoments(1, given: visible, class: y, to: &gradient)
    addModelMoments(-1, to: &gradient)
    return gradient
  }

  /// The gradient of log P(v), exactly: E[−∂E | v] − E[−∂E].
  public func unsupervisedGradient(visible: [Double]) -> ReferenceClassificationGradient {
    var gradient = ReferenceClassificationGradient(zeroLike: self)
    addMoments(1, given: visible, to: &gradient)
    addModelMoments(-1, to: &gradient)
    return gradient
  }

  /// gradient += scale · E[−∂E | v, y]
  public func addMoments(
    _ scale: Double, given visible: [Double], class y: Int,
    to gradient: inout ReferenceClassificationGradient
  ) {
    gradient.add(scale, visible: visible, class: y, hidden: hiddenMeans(given: visible, class: y))
  }

  /// gradient += scale · E[−∂E | v] = scale · Σ_y P(y | v) E[−∂E | v, y]
  public func addMoments(
    _ scale: Double, given visible: [Double], to gradient: inout ReferenceClassificationGradient
  ) {
    for (y, probability) in classProbabilities(given: visible).enumerated() {
      addMoments(scale * probability, given: visible, class: y, to: &gradient)
    }
  }

  /// gradient += scale · E[−∂E], over all inputs and classes.
  private func addModelMoments(_ scale: Double, to gradient: inout ReferenceClassificationGradient) {
    for (visible, row) in zip(BinaryStates(unitCount: visibleCount), jointProbabilities()) {
      for (y, probability) in row.enumerated() {
        addMoments(scale * probability, given: visible, class: y, to: &gradient)
      }
    }
  }
}
