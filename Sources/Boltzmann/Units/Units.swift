public import BoltzmannCompute

/// The variables of one layer: what follows from their inputs alone.
///
/// Given the other layer, the units of a layer are independent; a unit sees only its input I, a column of one
/// product for the whole block (a categorical site sees as many columns as it has states). With the units' own
/// energy e(x), of which −bᵀx is the linear part, the conditional is
/// ```
/// P(x | I) = e^{−e_β(x) + βIᵀx} / Π e^Γ       Γ = log Σ_x e^{−e_β(x) + βI·x}       (∫ for real units)
/// ```
/// `inputs` and `states` have one row a sample or chain and `count` columns. The inverse temperature β is a factor
/// of everything linear, b + I; a quadratic part ½γx² is left as it is, so that β = 0 stays normalisable. Outputs
/// may be the inputs themselves.
public protocol Units: Sendable {
  /// The kind's name in files and on the command line.
  static var kind: String { get }

  /// A layer of this kind with these parameters.
  init(_ parameters: UnitParameters)

  /// All that the layer is: biases, and what else the kind has.
  var parameters: UnitParameters { get set }

  /// The columns of the layer: one a unit, or a state of a categorical site.
  var count: Int { get }

  /// energies[r] += the units' own energy e(x) of every row, in nats.
  func addEnergies(of states: MatrixView, to energies: inout [Double])

  /// sums[r] += Σ Γ, the log-normaliser of every row, in nats.
  func addLogNormalizers(inputs: MatrixView, inverseTemperature: Float, to sums: inout [Double])

  /// means ← E[x | inputs].
  func means(inputs: MatrixView, inverseTemperature: Float, into means: MutableMatrixView)

  /// variances ← Var[x | inputs] of every column.
  func variances(inputs: MatrixView, inverseTemperature: Float, into variances: MutableMatrixView)

  /// modes ← the most probable x given the inputs.
  func modes(inputs: MatrixView, into modes: MutableMatrixView)

  /// states ← a draw from P(x | inputs); means ← E[x | inputs] where given.
  func sample(
    inputs: MatrixView, inverseTemperature: Float, random: RandomRows, means: MutableMatrixView?,
    into states: MutableMatrixView)

  /// The biases with which independent units have these means, all else as it is.
  func bias(ofMeans means: [Float]) -> [Float]

  /// Independent units with these means, and variances where the kind has a choice.
  func fitted(to data: ColumnStatistics) -> Self

  /// The sites of discrete units, in the order of their columns: exact sums enumerate them. Nil for real ones.
  var sites: [Site]? { get }

  /// Whether states are zeros and ones, whose products may be sums of selected rows.
  var statesAreBits: Bool { get }

  /// The columns of real-valued units, which have a precision.
  var realColumns: [Range<Int>] { get }

  /// The blocks of one kind that the layer is made of.
  var blocks: [UnitBlock] { get }

  /// Some of the units as a layer of their own; cuts lie where `pieces` has them.
  func window(_ columns: Range<Int>) -> Self

  /// The columns cut into consecutive pieces of about `width` that may be worked on apart, each beginning at a
  /// multiple of 16.
  func pieces(width: Int) -> [Range<Int>]

  /// Whether the kind can be drawn by a copy of the weights in bytes, without inputs.
  static var drawsByBytes: Bool { get }

  /// states ← a draw from P(x | given) for some of the units, where `drawsByBytes`.
  ///
  /// `given` holds zeros and ones, `[rows, given]`; `bytes` a copy of the weights `[units, given]`. `units` begin
  /// at a multiple of 64. The numbers of `random` are those of the whole layer.
  func sample(
    _ units: Range<Int>, given: MatrixView, weights: MatrixView, bytes: ByteWeights, random: RandomRows,
    into states: MutableMatrixView)
}

extension Units {
  public var kind: String { Self.kind }

  /// A layer with these biases, everything else as the kind has it by default.
  public init(bias: [Float]) { self.init(UnitParameters(bias: bias)) }

  public var count: Int { parameters.bias.count }

  /// The linear coefficient b of every column.
  public var bias: [Float] {
    get { parameters.bias }
    set { parameters.bias = newValue }
  }

  /// The precision γ of every column where any unit has one, 1 for those that have none; else empty.
  public var precision: [Float] {
    get { parameters.precision }
    set { parameters.precision = newValue }
  }

  /// The layer with other biases.
  public func with(bias: [Float]) -> Self {
    var result = self
    result.bias = bias
    return result
  }

  public var statesAreBits: Bool { false }
  public static var drawsByBytes: Bool { false }
  public var sites: [Site]? { nil }
  public var realColumns: [Range<Int>] { [] }
  public var blocks: [UnitBlock] { [UnitBlock(kind: kind, count: count)] }
  public func window(_ columns: Range<Int>) -> Self { Self(parameters.window(columns)) }
  public func fitted(to data: ColumnStatistics) -> Self { with(bias: bias(ofMeans: data.means)) }

  public func pieces(width: Int) -> [Range<Int>] {
    let blocks = Blocks(count: count, size: width)
    return (0..<blocks.count).map { blocks[$0] }
  }

  public func sample(
    _ units: Range<Int>, given: MatrixView, weights: MatrixView, bytes: ByteWeights, random: RandomRows,
    into states: MutableMatrixView
  ) {
    preconditionFailure("\(kind) units are not drawn by bytes")
  }

  public func addEnergies(of states: MatrixView, to energies: inout [Double]) {
    states.addRowDots(with: bias.map { -$0 }, to: &energies)
  }

  /// The units that, at inverse temperature 1, are these at inverse temperature β: all that is linear times β.
  func scaled(by beta: Double) -> Self { with(bias: bias.map { Float(beta * Double($0)) }) }

  /// The units that, at inverse temperature β > 0, have bias (1 − β)·reference + β·b in all: a point on the
  /// way from the base-rate machine to this one.
  func interpolated(from reference: [Float], inverseTemperature beta: Double) -> Self {
    let share = (1 - beta) / beta
    return with(bias: zip(reference, bias).map { Float(share * Double($0) + Double($1)) })
  }
}

/// The kinds of units by name; a new kind adds its line here.
public enum UnitKinds {
  public static let all: [any Units.Type] = [
    BernoulliUnits.self, SpinUnits.self, CategoricalUnits.self, GaussianUnits.self, RectifiedUnits.self,
  ]

  public static func named(_ kind: String) -> (any Units.Type)? { all.first { $0.kind == kind } }
}
