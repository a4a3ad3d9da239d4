internal import BoltzmannCompute

/// How the states of one layer become inputs of the other: one product, or what changed of one.
struct Coupling: Sendable {
  /// The weights with a row for each unit that is given, where they are at hand that way.
  let rows: MatrixView?
  /// The same as a factor of a product.
  let factor: Factor

  /// inputs ← states·weights.
  func write(_ states: MatrixView, to inputs: MutableMatrixView) {
    if let rows {
      inputs.multiply(states: states, rows)
    } else {
      inputs.multiply(states.asIs, factor)
    }
  }

  /// inputs, which are those of `before`, ← those of `after`.
  func update(_ inputs: MutableMatrixView, before: MatrixView, after: MatrixView) {
    if let rows, inputs.addChange(of: rows, before: before, after: after) { return }
    write(after, to: inputs)
  }
}

extension RBM {
  /// From visible states to hidden inputs.
  var hiddenCoupling: Coupling {
    Coupling(rows: products == .adaptive ? weights.view : nil, factor: weights.view.asIs)
  }

  /// From hidden states to visible inputs.
  var visibleCoupling: Coupling {
    Coupling(rows: products == .adaptive ? transposedWeights?.view : nil, factor: weights.view.transposed)
  }
}

/// One layer of a block of chains: its states, and its inputs, kept up to date with the other layer.
///
/// Successive states of a chain differ in few units, so the inputs follow by the rows of the weights of the
/// units that changed. Each such update adds its rounding, at most 2⁻²⁴ of the sums' magnitude a changed unit;
/// a full product every `refreshPeriod` updates keeps the sum of them below 16 times that.
struct LayerBlock {
  static let refreshPeriod = 16

  /// The inputs as of the other layer's states at the last `follow`.
  let inputs: MutableMatrixView
  /// The states as of the last `sample`.
  private(set) var states: MatrixView
  private var target: MutableMatrixView
  private var spare: MutableMatrixView
  private var followed: MatrixView?
  private var updates = 0

  /// States go to `target` and `spare` in turn: the last but one are needed to see what changed.
  init(inputs: MutableMatrixView, target: MutableMatrixView, spare: MutableMatrixView) {
    self.inputs = inputs
    self.target = target
    self.spare = spare
    states = spare.view
  }

  /// With memory of its own.
  init(rows: Int, units: Int) {
    func matrix() -> MutableMatrixView { MutableMatrixView(rows: rows, columns: units) }
    self.init(inputs: matrix(), target: matrix(), spare: matrix())
  }

  /// Brings the inputs up to date with these states of the other layer.
  ///
  /// What was followed the last time must still stand where it stood.
  mutating func follow(_ other: MatrixView, _ coupling: Coupling) {
    if let followed, updates < LayerBlock.refreshPeriod {
      coupling.update(inputs, before: followed, after: other)
      updates += 1
    } else {
      coupling.write(other, to: inputs)
      updates = 0
    }
    followed = other
  }

  /// Draws new states from the inputs.
  mutating func sample(
    _ units: any Units, random: RandomRows, inverseTemperature: Float = 1, means: MutableMatrixView? = nil
  ) {
    units.sample(
      inputs: inputs.view, inverseTemperature: inverseTemperature, random: random, means: means, into: target)
    states = target.view
    swap(&target, &spare)
  }
}
