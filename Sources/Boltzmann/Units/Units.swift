public import BoltzmannCompute

/// The variables of one layer: what follows from their inputs alone.
///
/// Given the other layer, the units of a layer are independent; unit j sees only its input I_j, a column of
/// one product for the whole block. With the units' own energy −bᵀx the conditional is
/// ```
/// P(x | I) = e^{β(b + I)ᵀx} / Π_j e^{Γ_j}       Γ_j = log Σ_{x_j} e^{β(b_j + I_j)·x_j}
/// ```
/// `inputs` and `states` have one row a sample or chain and `count` columns. β is the inverse temperature.
/// Outputs may be the inputs themselves.
public protocol Units: Sendable {
  /// The kind's name in files and on the command line.
  static var kind: String { get }

  /// The units of the layer.
  var count: Int { get }

  /// The linear coefficient b of every unit.
  var bias: [Float] { get set }

  /// The layer with these biases.
  init(bias: [Float])

  /// Some of the units as a layer of their own.
  func window(_ units: Range<Int>) -> Self

  /// energies[r] += the units' own energy −bᵀx of every row, in nats.
  func addEnergies(of states: MatrixView, to energies: inout [Double])

  /// sums[r] += Σ_j Γ_j, the log-normaliser of every row, in nats.
  func addLogNormalizers(inputs: MatrixView, inverseTemperature: Float, to sums: inout [Double])

  /// means ← E[x | inputs].
  func means(inputs: MatrixView, inverseTemperature: Float, into means: MutableMatrixView)

  /// states ← a draw from P(x | inputs); means ← E[x | inputs] where given.
  func sample(
    inputs: MatrixView, inverseTemperature: Float, random: RandomRows, means: MutableMatrixView?,
    into states: MutableMatrixView)

  /// Whether the kind can be drawn by a copy of the weights in bytes, without inputs.
  static var drawsByBytes: Bool { get }

  /// states ← a draw from P(x | given) for some of the units, where `drawsByBytes`.
  ///
  /// `given` holds zeros and ones, `[rows, given]`; `bytes` a copy of the weights `[units, given]`. `units` begin
  /// at a multiple of 64. The numbers of `random` are those of the whole layer.
  func sample(
    _ units: Range<Int>, given: MatrixView, weights: MatrixView, bytes: ByteWeights, random: RandomRows,
    into states: MutableMatrixView)

  /// The b with which independent units have these means.
  static func bias(ofMean mean: Float) -> Float

  /// The value of a unit in each of its two states, where it has just two: exact sums enumerate them.
  static var binaryStates: (Float, Float)? { get }
}

extension Units {
  public var kind: String { Self.kind }

  public static var drawsByBytes: Bool { false }

  public func sample(
    _ units: Range<Int>, given: MatrixView, weights: MatrixView, bytes: ByteWeights, random: RandomRows,
    into states: MutableMatrixView
  ) {
    preconditionFailure("\(kind) units are not drawn by bytes")
  }

  public func window(_ units: Range<Int>) -> Self { Self(bias: Array(bias[units])) }

  public func addEnergies(of states: MatrixView, to energies: inout [Double]) {
    states.addRowDots(with: bias.map { -$0 }, to: &energies)
  }

  /// The units that, at inverse temperature β > 0, have bias (1 − β)·reference + β·b in all: a point on the
  /// way from the base-rate machine to this one.
  func interpolated(from reference: [Float], inverseTemperature beta: Double) -> Self {
    let share = (1 - beta) / beta
    return Self(bias: zip(reference, bias).map { Float(share * Double($0) + Double($1)) })
  }
}

/// The kinds of units by name; a new kind adds its line here.
public enum UnitKinds {
  public static let all: [any Units.Type] = [BernoulliUnits.self]

  public static func named(_ kind: String) -> (any Units.Type)? { all.first { $0.kind == kind } }
}
