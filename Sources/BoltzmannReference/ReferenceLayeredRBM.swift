/// The restricted Boltzmann machine with units of any kind on either side.
///
/// `ReferenceRBM` with its two layers made general: each has an energy of its own, and the weights couple them.
/// ```
/// E(v, h) = E_vis(v) + E_hid(h) − vᵀWh          P(v, h) = e^{−E(v, h)} / Z
/// ```
/// Given one layer, the other's units are still independent, and their inputs are still bias plus weights times
/// states; so the machine computes inputs and leaves the rest to the layers.
public struct ReferenceLayeredRBM: Equatable, Sendable {
  public var visible: ReferenceLayer
  public var hidden: ReferenceLayer
  /// The weights W, `[visible column][hidden column]`.
  public var weights: [[Double]]

  public init(visible: ReferenceLayer, hidden: ReferenceLayer, weights: [[Double]]) {
    precondition(
      weights.count == visible.width && weights.allSatisfy { $0.count == hidden.width },
      "weights must be \(visible.width) rows of \(hidden.width)")
    self.visible = visible
    self.hidden = hidden
    self.weights = weights
  }

  /// The binary machine as one of these.
  public init(_ machine: ReferenceRBM) {
    self.init(
      visible: ReferenceLayer(ReferenceUnits(.bernoulli, bias: machine.visibleBias)),
      hidden: ReferenceLayer(ReferenceUnits(.bernoulli, bias: machine.hiddenBias)), weights: machine.weights)
  }

  /// The same machine with its layers exchanged: what holds for one side holds for the other.
  public var mirrored: ReferenceLayeredRBM {
    ReferenceLayeredRBM(visible: hidden, hidden: visible, weights: transposed(weights, columns: hidden.width))
  }
}

// MARK: Energy

extension ReferenceLayeredRBM {
  /// The energy of a joint state, in nats.
  public func energy(visible v: [Double], hidden h: [Double]) -> Double {
    visible.energy(v) + hidden.energy(h) - dot(v, weights.map { dot($0, h) })
  }

  /// The inputs of the hidden units: bias and Σ_i v_i W_ij.
  public func hiddenInputs(given v: [Double]) -> [Double] {
    precondition(v.count == visible.width, "a visible state has \(visible.width) values")
    var inputs = hidden.bias
    for i in v.indices {
      for j in inputs.indices { inputs[j] += v[i] * weights[i][j] }
    }
    return inputs
  }

  /// The inputs of the visible units: bias and Σ_j W_ij h_j.
  public func visibleInputs(given h: [Double]) -> [Double] {
    zip(visible.bias, weights).map { $0 + dot($1, h) }
  }

  /// The free energy of a visible state, in nats: the hidden layer summed or integrated out.
  /// ```
  /// F(v) = −log Σ_h e^{−E(v, h)} = E_vis(v) − Σ_j Γ_j(c_j + Σ_i v_i W_ij)
  /// ```
  public func freeEnergy(visible v: [Double]) -> Double {
    visible.energy(v) - hidden.logNormalizer(hiddenInputs(given: v))
  }

  /// The free energy of a hidden state, in nats: the mirror image.
  public func freeEnergy(hidden h: [Double]) -> Double {
    hidden.energy(h) - visible.logNormalizer(visibleInputs(given: h))
  }
}

// MARK: Conditionals

extension ReferenceLayeredRBM {
  /// E[h | v]
  public func hiddenMeans(given v: [Double]) -> [Double] { hidden.mean(hiddenInputs(given: v)) }

  /// E[v | h]
  public func visibleMeans(given h: [Double]) -> [Double] { visible.mean(visibleInputs(given: h)) }

  /// A hidden state drawn from P(h | v), with the random numbers of `row` and `step`.
  public func sampleHiddens(
    given v: [Double], row: Int, step: Int, random: ReferenceRandom
  ) -> [Double] {
    hidden.sample(
      hiddenInputs(given: v), row: row, step: step, stream: ReferenceRandom.Stream.hidden, random: random)
  }

  /// A visible state drawn from P(v | h), with the random numbers of `row` and `step`.
  public func sampleVisibles(
    given h: [Double], row: Int, step: Int, random: ReferenceRandom
  ) -> [Double] {
    visible.sample(
      visibleInputs(given: h), row: row, step: step, stream: ReferenceRandom.Stream.visible, random: random)
  }

  /// One step of block Gibbs sampling, as `ReferenceRBM.gibbsStep`.
  public func gibbsStep(
    from v: [Double], row: Int, step: Int, random: ReferenceRandom
  ) -> (hidden: [Double], visible: [Double]) {
    let h = sampleHiddens(given: v, row: row, step: step, random: random)
    return (h, sampleVisibles(given: h, row: row, step: step, random: random))
  }
}

/// Rows become columns; the number of columns matters where there are no rows.
func transposed(_ table: [[Double]], columns: Int) -> [[Double]] {
  (0..<columns).map { j in table.map { $0[j] } }
}
