internal import Boltzmann

/// Columns of a file that are visibles of one kind.
struct ColumnBlock {
  let samples: any Samples
  let block: UnitBlock
  /// Whether P(v) is a law of these values.
  let hasLikelihood: Bool
  /// What values were divided by, where they were.
  let scale: Double?

  /// Throws `DataError` with the first row and column whose value is none of the kind.
  init(
    _ values: PlacedValues, part: LayerSpecification.Part, preprocessing: Preprocessing, seed: UInt64
  ) throws {
    switch part.kind {
    case CategoricalUnits.kind: self.init(try values.states(known: part.states))
    case GaussianUnits.kind: self.init(values.reals(scale: preprocessing.scale), kind: part.kind)
    case RectifiedUnits.kind:
      try values.check("is negative, which rectified visibles are not") { $0 >= 0 }
      self.init(values.reals(scale: preprocessing.scale), kind: part.kind)
    case SpinUnits.kind where values.hasNegatives:
      try values.check("is neither −1 nor 1") { $0 == 1 || $0 == -1 }
      self.init(
        AffineSamples(values.bits { $0 == 1 }, scale: 2, shift: -1), kind: part.kind)
    case SpinUnits.kind:
      if preprocessing.scale == nil { try values.check("is neither 0 nor 1, nor −1 or 1") { $0 <= 1 } }
      let binary = try BinaryBlock(values, preprocessing, seed: seed)
      self.init(
        AffineSamples(binary.samples, scale: 2, shift: -1), kind: part.kind,
        hasLikelihood: binary.hasLikelihood,
        scale: binary.scale)
    default:
      let binary = try BinaryBlock(values, preprocessing, seed: seed)
      self.init(
        binary.samples, kind: part.kind, hasLikelihood: binary.hasLikelihood, scale: binary.scale)
    }
  }

  private init(_ samples: any Samples, kind: String, hasLikelihood: Bool = true, scale: Double? = nil) {
    self.samples = samples
    block = UnitBlock(kind: kind, count: samples.width)
    self.hasLikelihood = hasLikelihood
    self.scale = scale
  }

  private init(_ samples: CategoricalSamples) {
    self.samples = samples
    block = UnitBlock(kind: CategoricalUnits.kind, states: samples.states)
    hasLikelihood = true
    scale = nil
  }
}

/// Zeros and ones, or grey values made so.
private struct BinaryBlock {
  let samples: any Samples
  let hasLikelihood: Bool
  let scale: Double?

  init(_ placed: PlacedValues, _ preprocessing: Preprocessing, seed: UInt64) throws {
    let values = try UnitIntervalValues(placed, scale: preprocessing.scale)
    if let bits = values.binary {
      (samples, hasLikelihood, scale) = (bits, true, nil)
    } else {
      samples = preprocessing.binarization(values.grey, seed: seed)
      hasLikelihood = preprocessing.binarization != .none
      scale = values.scale
    }
  }
}

/// Columns of a table that know where they stand in the file.
struct PlacedValues {
  let table: NumericTable
  /// The number of the first column in the file.
  let first: Int
  /// Whether they are all the columns of the file.
  let isWhole: Bool

  /// Throws `DataError` for the first value that is not allowed.
  func check(_ problem: String, _ isAllowed: (Float) -> Bool) throws {
    for index in 0..<table.values.count where !isAllowed(table.values[index]) { throw error(index, problem) }
  }

  func error(_ index: Int, _ problem: String) -> DataError {
    DataError(
      path: table.source,
      location: .entry(row: index / table.columns + 1, column: first + index % table.columns + 1),
      message: "\(table.values[index]) \(problem)")
  }

  var hasNegatives: Bool {
    guard case .floats(let floats) = table.values else { return false }
    return floats.contains { $0 < 0 }
  }

  func bits(_ isOn: (Float) -> Bool) -> BitSamples {
    BitSamples(count: table.rows, width: table.columns) { isOn(table[$0, $1]) }
  }

  /// Real values, divided by `scale` where one is given.
  func reals(scale: Double?) -> any Samples {
    switch table.values {
    case .bytes(let bytes): GreySamples(width: table.columns, bytes: bytes, scale: Float(1 / (scale ?? 1)))
    case .floats(let floats):
      FloatSamples(
        width: table.columns,
        values: scale.map { scale in floats.map { Float(Double($0) / scale) } } ?? floats)
    }
  }

  /// State numbers from 0; as many states as given, or as the data have.
  func states(known: Int?) throws -> CategoricalSamples {
    let most = Float(known ?? CategoricalSamples.mostStates)
    let range = known.map { "0 … \($0 - 1)" } ?? "0, 1, 2, …"
    try check("is no state number from \(range)") { $0 >= 0 && $0 < most && $0 == $0.rounded() }
    let numbers = (0..<table.values.count).map { Int(table.values[$0]) }
    var states = [Int](repeating: known ?? 1, count: table.columns)
    if known == nil {
      for (index, number) in numbers.enumerated() {
        states[index % table.columns] = max(states[index % table.columns], number + 1)
      }
    }
    return CategoricalSamples(states: states, numbers: numbers)
  }
}
