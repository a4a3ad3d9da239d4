public import BoltzmannReference
internal import Foundation

/// What the units of a block are, before they have parameters.
public struct BlockShape: Sendable, CustomStringConvertible {
  public let kind: ReferenceUnits.Kind
  /// The number of units; of categorical ones, of columns.
  public let width: Int
  /// The numbers of states of categorical sites.
  public let states: [Int]

  private init(_ kind: ReferenceUnits.Kind, _ width: Int, states: [Int] = []) {
    self.kind = kind
    self.width = width
    self.states = states
  }

  public static func bernoulli(_ count: Int) -> BlockShape { BlockShape(.bernoulli, count) }
  public static func spin(_ count: Int) -> BlockShape { BlockShape(.spin, count) }
  public static func gaussian(_ count: Int) -> BlockShape { BlockShape(.gaussian, count) }
  public static func relu(_ count: Int) -> BlockShape { BlockShape(.relu, count) }
  public static func categorical(_ states: [Int]) -> BlockShape {
    BlockShape(.categorical, states.reduce(0, +), states: states)
  }

  public var description: String {
    "\(kind)(" + (states.isEmpty ? "\(width)" : states.map(String.init).joined(separator: ",")) + ")"
  }

  func units(bias: [Double], precision: [Double]) -> ReferenceUnits {
    kind == .categorical
      ? ReferenceUnits(categorical: states, bias: bias)
      : ReferenceUnits(kind, bias: bias, precision: precision)
  }
}

/// The shapes of a machine's two layers.
public struct MachineShape: Sendable, CustomStringConvertible {
  public let visible: [BlockShape]
  public let hidden: [BlockShape]

  public init(_ visible: [BlockShape], _ hidden: [BlockShape]) {
    self.visible = visible
    self.hidden = hidden
  }

  public var description: String { "\(visible) × \(hidden)" }

  /// A small layer of each kind, and one of several.
  public static let layers: [[BlockShape]] = [
    [.bernoulli(3)], [.spin(3)], [.categorical([3, 2])], [.gaussian(2)], [.relu(2)],
    [.bernoulli(1), .categorical([3]), .gaussian(1)],
  ]

  /// Every kind of layer with every kind of layer.
  public static let all: [MachineShape] = layers.flatMap { visible in
    layers.map { MachineShape(visible, $0) }
  }

  public static func isReal(_ layer: [BlockShape]) -> Bool { layer.contains { $0.kind.isReal } }

  /// A machine with normal weights and biases, and precisions between 1 and 2.
  ///
  /// Where both layers have real units, `weightDeviation` should be small enough for a Z.
  public func normal(
    weightDeviation: Double = 0.5, biasDeviation: Double = 0.5, seed: UInt64
  ) -> ReferenceLayeredRBM {
    let random = ReferenceRandom(seed: seed)
    func layer(_ shapes: [BlockShape], row: Int) -> ReferenceLayer {
      ReferenceLayer(
        shapes.enumerated().map { block, shape in
          let row = row + 2 * block
          return shape.units(
            bias: (0..<shape.width).map { biasDeviation * random.normal(unit: $0, row: row) },
            precision: (0..<shape.width).map { 1 + random.uniform(unit: $0, row: row + 1) })
        })
    }
    let (visible, hidden) = (layer(visible, row: 1_000), layer(hidden, row: 2_000))
    return ReferenceLayeredRBM(
      visible: visible, hidden: hidden,
      weights: (0..<visible.width).map { i in
        (0..<hidden.width).map { weightDeviation * random.normal(unit: $0, row: i) }
      })
  }
}
