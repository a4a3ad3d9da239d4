import CBoltzmannKernels
import Testing

/// One row of an update: what goes in.
private struct RowUpdate {
  let columns: Int
  let settings: boltzmann_update
  let corrections: Int
  let weights: [Float]
  let velocity: [Float]
  let gradient: [Float]
  let left: [Float]
  let right: PaddedRows
  let leftStep: Float = -0.7
  let projected: [Float]
  let across: [Float]

  init(columns: Int, settings: boltzmann_update, corrections: Int) {
    self.columns = columns
    self.settings = settings
    self.corrections = corrections
    weights = testNumbers(columns, seed: 40).enumerated().map { $0 % 7 == 3 ? 0 : $1 }
    velocity = testNumbers(columns, seed: 41).map { 0.1 * $0 }
    gradient = testNumbers(columns, seed: 42)
    left = testNumbers(corrections, seed: 43)
    right = PaddedRows(rows: corrections, columns: columns, seed: 44)
    projected = testNumbers(columns, seed: 45)
    across = testNumbers(columns, seed: 46)
  }
}

/// What comes out, and for each number how much its terms add up to at most (for the allowed error).
private struct Outcome {
  var weights: [Double] = []
  var velocity: [Double] = []
  var projected: [Double] = []
  var dot = 0.0
  var squares = 0.0

  init() {}

  /// The formula, term by term in Double.
  init(of row: RowUpdate) {
    for j in 0..<row.columns {
      let v =
        Double(row.settings.momentum) * Double(row.velocity[j])
        + Double(row.settings.rate) * Outcome.gradient(row, j)
      velocity.append(v)
      weights.append(Double(row.weights[j]) + v)
      projected.append(Double(row.projected[j]) + Double(row.leftStep) * v)
      dot += v * Double(row.across[j])
      squares += v * v
    }
  }

  private static func gradient(_ row: RowUpdate, _ j: Int) -> Double {
    let w = row.weights[j]
    let decay = Double(row.settings.l2) * Double(w) + Double(row.settings.l1) * (w > 0 ? 1 : w < 0 ? -1 : 0)
    return (0..<row.corrections).reduce(Double(row.gradient[j]) - decay) {
      $0 - Double(row.left[$1]) * Double(row.right[$1, j])
    }
  }

  /// How far Float may be from it, in u of the magnitudes of all terms:
  ///   g          a product and a difference for l2, for l1 and for each correction: 2·(2 + corrections)
  ///   velocity   that of g, two products and a sum: 3 more
  ///   weights, projected   the error of the velocity, and 1 or 2 of their own
  ///   dot, squares   Float adds up to 64 products before Double does, in whatever order: a product and 63 sums,
  ///              and the velocity's error once or twice
  static func allowedError(of row: RowUpdate, _ exact: Outcome) -> Outcome {
    var allowed = Outcome()
    let roundings = Double(min(row.columns, 64)) * unitRoundoff
    for j in 0..<row.columns {
      let w = abs(Double(row.weights[j])), settings = row.settings
      let terms = (0..<row.corrections).reduce(
        abs(Double(row.gradient[j])) + Double(settings.l2) * w + Double(settings.l1)
      ) { $0 + abs(Double(row.left[$1]) * Double(row.right[$1, j])) }
      let magnitude = abs(Double(settings.momentum * row.velocity[j])) + Double(settings.rate) * terms
      let error = Double(2 * (2 + row.corrections) + 3) * unitRoundoff * magnitude
      let (v, step) = (abs(exact.velocity[j]), abs(Double(row.leftStep)))
      allowed.velocity.append(error)
      allowed.weights.append(error + unitRoundoff * (w + magnitude))
      allowed.projected.append(
        step * error + 2 * unitRoundoff * (abs(Double(row.projected[j])) + step * magnitude))
      allowed.dot += abs(Double(row.across[j])) * (error + roundings * v)
      allowed.squares += 2 * v * error + error * error + roundings * v * v
    }
    return allowed
  }
}

@Suite struct MomentumStepTests {
  static let settings = [
    boltzmann_update(momentum: 0.9, rate: 0.05, l1: 0, l2: 0),
    boltzmann_update(momentum: 0.5, rate: 0.1, l1: 0.01, l2: 0),
    boltzmann_update(momentum: 0.5, rate: 0.1, l1: 0, l2: 0.02),
    boltzmann_update(momentum: 0, rate: 1, l1: 0.3, l2: 0.4),
  ]

  @Test(arguments: InstructionSet.available, [1, 3, 15, 16, 17, 63, 64, 65, 130, 500])
  func agreesWithDouble(_ set: InstructionSet, _ columns: Int) {
    for settings in Self.settings {
      for corrections in 0...3 {
        check(set, RowUpdate(columns: columns, settings: settings, corrections: corrections))
      }
    }
  }

  private func check(_ set: InstructionSet, _ row: RowUpdate) {
    let found = run(set, row)
    let exact = Outcome(of: row)
    let allowed = Outcome.allowedError(of: row, exact)
    #expect(isWithin(found.velocity, exact.velocity, allowed.velocity))
    #expect(isWithin(found.weights, exact.weights, allowed.weights))
    #expect(isWithin(found.projected, exact.projected, allowed.projected))
    #expect(isWithin([found.dot - 10], [exact.dot], [allowed.dot + 0x1p-48]))
    #expect(isWithin([found.squares - 20], [exact.squares], [allowed.squares + 0x1p-48]))
  }

  private func isWithin(_ found: [Double], _ exact: [Double], _ allowed: [Double]) -> Bool {
    found.count == exact.count && found.indices.allSatisfy { abs(found[$0] - exact[$0]) <= allowed[$0] }
  }

  /// Runs the kernel; dot and squares start at 10 and 20, since they are added to.
  private func run(
    _ set: InstructionSet, _ row: RowUpdate, projects: Bool = true, across: Bool = true
  ) -> Outcome {
    var (weights, velocity, projected) = (row.weights, row.velocity, row.projected)
    var (dot, squares) = (10.0, 20.0)
    projected.withUnsafeMutableBufferPointer { projected in
      row.across.withUnsafeBufferPointer { acrossRow in
        set.kernels.momentum_step(
          &weights, &velocity, row.gradient, row.columns, row.settings, row.left, row.right.floats,
          row.right.stride, row.corrections, row.leftStep, projects ? projected.baseAddress : nil,
          across ? acrossRow.baseAddress : nil, &dot, &squares)
      }
    }
    var outcome = Outcome()
    outcome.weights = weights.map(Double.init)
    outcome.velocity = velocity.map(Double.init)
    outcome.projected = projected.map(Double.init)
    (outcome.dot, outcome.squares) = (dot, squares)
    return outcome
  }

  @Test(arguments: InstructionSet.available, [1, 64, 77])
  func projectionsMayBeLeftOut(_ set: InstructionSet, _ columns: Int) {
    let row = RowUpdate(columns: columns, settings: Self.settings[3], corrections: 2)
    let full = run(set, row)
    let bare = run(set, row, projects: false, across: false)
    #expect(bare.weights == full.weights && bare.velocity == full.velocity)
    #expect(bare.squares == full.squares)
    #expect(bare.projected == row.projected.map(Double.init))
    #expect(bare.dot == 10)
  }

  /// L1 leaves a weight of zero where it is.
  @Test(arguments: InstructionSet.available)
  func zeroHasNoSign(_ set: InstructionSet) {
    var (weights, velocity): ([Float], [Float]) = ([0, -0.0, 1, -1], [0, 0, 0, 0])
    var (dot, squares) = (0.0, 0.0)
    set.kernels.momentum_step(
      &weights, &velocity, [0, 0, 0, 0], 4, boltzmann_update(momentum: 0, rate: 1, l1: 0.25, l2: 0), [], [],
      0, 0, 0, nil, nil, &dot, &squares)
    #expect(weights == [0, 0, 0.75, -0.75])
    #expect(squares == 0.125)
  }

  /// A step that is not finite shows in Σ velocity².
  @Test(arguments: InstructionSet.available, [Float.nan, .infinity, -.infinity])
  func squaresTellOfNumbersThatAreNotFinite(_ set: InstructionSet, _ bad: Float) {
    for place in [0, 40, 76] {
      var gradient = [Float](repeating: 0, count: 77)
      gradient[place] = bad
      var (weights, velocity) = (gradient.map { _ in Float(0) }, gradient.map { _ in Float(0) })
      var (dot, squares) = (0.0, 0.0)
      set.kernels.momentum_step(
        &weights, &velocity, gradient, 77, Self.settings[0], [], [], 0, 0, 0, nil, nil, &dot, &squares)
      #expect(!squares.isFinite)
    }
  }
}
