public import Boltzmann
internal import BoltzmannCompute
public import BoltzmannReference

// Layers and machines of every kind, from the engine to the reference and back.

extension ReferenceUnits {
  /// The engine's units with these parameters rounded to Float.
  public var units: any Units {
    let parameters = UnitParameters(
      bias: bias.map(Float.init), precision: kind.isReal ? precision.map(Float.init) : [],
      states: kind == .categorical ? sites.map(\.count) : [])
    return UnitKinds.named(kind.rawValue)!.init(parameters)
  }
}

extension ReferenceLayer {
  /// The engine's layer with these parameters rounded to Float.
  public var units: any Units { blocks.count == 1 ? blocks[0].units : MixedUnits(blocks.map(\.units)) }

  /// Exactly the same layer in Double.
  public init(_ units: any Units) {
    let (bias, precision) = (units.bias.doubles, units.precision.doubles)
    var begin = 0
    self.init(
      units.blocks.map { block in
        let columns = begin..<(begin + block.columns)
        begin = columns.upperBound
        return block.states.isEmpty
          ? ReferenceUnits(
            ReferenceUnits.Kind(rawValue: block.kind)!, bias: Array(bias[columns]),
            precision: precision.isEmpty ? nil : Array(precision[columns]))
          : ReferenceUnits(categorical: block.states, bias: Array(bias[columns]))
      })
  }

  /// The place of a state of discrete units in `states()`.
  public func stateIndex(_ state: [Double]) -> Int {
    let digits = zip(blocks, ranges).flatMap { block, range in
      block.sites.map { block.digit(Array(state[range])[$0]) }
    }
    return digits.reversed().reduce(0) { $0 * $1.base + $1.value }
  }
}

extension ReferenceUnits {
  fileprivate func digit(_ values: ArraySlice<Double>) -> (value: Int, base: Int) {
    kind == .categorical
      ? (values.firstIndex(of: 1)! - values.startIndex, values.count) : (values.first! > 0 ? 1 : 0, 2)
  }
}

extension RBM {
  /// The machine with its parameters rounded to Float.
  public init(_ reference: ReferenceLayeredRBM) {
    self.init(
      visible: reference.visible.units, hidden: reference.hidden.units,
      weights: Matrix(reference.weights, columns: reference.hidden.width))
  }
}

extension ReferenceLayeredRBM {
  /// Exactly the same machine in Double.
  public init(_ model: RBM) {
    self.init(
      visible: ReferenceLayer(model.visible), hidden: ReferenceLayer(model.hidden),
      weights: model.weights.doubles)
  }
}

/// The same machine of any kinds twice: for the engine, and for the reference, with exactly the same parameters.
public struct LayeredPair: Sendable {
  public let engine: RBM
  public let reference: ReferenceLayeredRBM

  /// Both from the parameters rounded to Float.
  public init(_ machine: ReferenceLayeredRBM) { self.init(RBM(machine)) }

  /// Both from a machine of the engine.
  public init(_ machine: RBM) {
    engine = machine
    reference = ReferenceLayeredRBM(machine)
  }

  /// Normal parameters, and precisions between 1 and 2.
  public init(_ shape: MachineShape, weightDeviation: Double = 0.5, seed: UInt64) {
    self.init(shape.normal(weightDeviation: weightDeviation, seed: seed))
  }

  /// Visible states that the visible layer draws by itself, exact in Float.
  public func visibleStates(_ count: Int, seed: UInt64) -> [[Double]] {
    let random = ReferenceRandom(seed: seed)
    return (0..<count).map { row in
      reference.visible.sample(reference.visible.bias, row: row, step: 0, stream: 255, random: random)
        .map { Double(Float($0)) }
    }
  }
}

extension MachineShape {
  /// Columns of all five kinds side by side.
  public static let table: [BlockShape] = [
    .bernoulli(1), .categorical([2, 3]), .gaussian(1), .relu(1), .spin(1),
  ]

  /// Every kind of layer with every kind, and a table with binary and with Gaussian hiddens.
  public static let pairings = all + [[.bernoulli(3)], [.gaussian(2)]].map { MachineShape(table, $0) }

  /// Those of which the exact sums are known: a side without real units, or Gaussian units alone.
  public static let summable = pairings.filter { shape in
    !isReal(shape.visible) || !isReal(shape.hidden)
      || (shape.visible + shape.hidden).allSatisfy { $0.kind == .gaussian }
  }
}

/// The moments of the engine that have a place in the reference's: E[v hᵀ], E[v], E[h] and, of real visibles, E[v²].
public struct EngineMoments: Sendable {
  public let product: [[Double]]
  public let visible: [Double]
  public let hidden: [Double]
  /// Empty where there are no real visibles.
  public let visibleSquare: [Double]

  public init(_ moments: Moments, of machine: RBM) {
    let (rows, columns) = (machine.visibleCount, machine.hiddenCount)
    let nothing = Moments.exact(
      weights: Matrix(rows: rows, columns: columns), visibles: [Float](repeating: 0, count: rows),
      hiddens: [Float](repeating: 0, count: columns), visibleSquares: [Float](repeating: 0, count: rows))
    let gradient = Gradient(data: moments, model: nothing)
    product = gradient.weights(visible: rows, hidden: columns).doubles
    visible = gradient.visibleBias.doubles
    hidden = gradient.hiddenBias.doubles
    visibleSquare =
      machine.visible.realColumns.isEmpty ? [] : gradient.visiblePrecision.map { -2 * Double($0) }
  }

  /// The largest difference from the reference's moments in the same place.
  public func largestDifference(from other: ReferenceMoments) -> Double {
    let pairs = [
      (visible, other.visible), (hidden, other.hidden),
      (visibleSquare, visibleSquare.isEmpty ? [] : other.visibleSquare),
    ]
    return pairs.reduce(BoltzmannTestSupport.largestDifference(product, other.product)) {
      max($0, BoltzmannTestSupport.largestDifference($1.0, $1.1))
    }
  }
}

extension ReferenceMoments {
  /// The largest magnitude of a moment.
  public var largest: Double {
    (product.joined() + visible + hidden + visibleSquare + hiddenSquare).reduce(0) { max($0, abs($1)) }
  }
}
