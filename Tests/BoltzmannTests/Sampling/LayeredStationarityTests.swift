import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Testing

/// As `StationarityTests`, for other kinds: hidden layers are discrete and their law is enumerated; chains start at
/// hiddens from that law and visibles drawn given them.
struct StationaryChains: Sendable, CustomTestStringConvertible {
  static let chains = 200_000

  let shape: MachineShape
  let pair: LayeredPair

  init(_ shape: MachineShape, seed: UInt64) {
    self.shape = shape
    pair = LayeredPair(shape, weightDeviation: 1, seed: seed)
  }

  var testDescription: String { shape.description }

  static let all = [
    StationaryChains(MachineShape([.spin(3)], [.categorical([3, 2])]), seed: 450),
    StationaryChains(MachineShape([.categorical([3, 2])], [.bernoulli(3)]), seed: 451),
    StationaryChains(MachineShape([.gaussian(2)], [.bernoulli(3)]), seed: 452),
    StationaryChains(MachineShape([.relu(2)], [.spin(2)]), seed: 453),
    StationaryChains(MachineShape(MachineShape.table, [.categorical([4])]), seed: 454),
  ]

  var hiddenStates: [[Double]] { pair.reference.hidden.states().states }
  var hiddenLaw: [Double] { pair.reference.mirrored.probabilities(of: pair.reference.hidden.states()) }

  /// Nil where visibles are real.
  var visibleLaw: [Double]? {
    let visible = pair.reference.visible
    return !visible.isReal.contains(true) ? pair.reference.probabilities(of: visible.states()) : nil
  }

  /// Visibles given hiddens drawn from the enumerated law.
  func start() -> Matrix {
    let random = ReferenceRandom(seed: 455), law = hiddenLaw
    let states = hiddenStates.map { $0.map(Float.init) }
    let hiddens = MutableMatrixView(rows: Self.chains, columns: pair.engine.hiddenCount)
    for row in 0..<Self.chains { hiddens.setRow(row, states[random.category(law, row: row)]) }
    var visibles = Matrix(rows: Self.chains, columns: pair.engine.visibleCount)
    visibles.withMutableView {
      pair.engine.sampleVisibles(given: hiddens.view, random: rows(.initialState, step: 0), into: $0)
    }
    return visibles
  }

  private func rows(_ purpose: RandomPurpose, step: UInt64) -> RandomRows {
    RandomRows(
      RandomStream(seed: 456, purpose: purpose, step: step),
      rows: ArraySlice((0..<Self.chains).map(UInt64.init)))
  }

  /// What does not fit after 1, 4 and 16 steps of a kernel: a broken kernel is the right one of another machine.
  func misfits(of kernel: RBM) throws -> [[String]] {
    let gibbs = BlockGibbs(model: kernel, seed: 456)
    var state = BlockGibbs.State(visibles: start())
    return try [1, 3, 12].map { steps in
      gibbs.run(&state, steps: steps)
      return try misfits(of: state.visibles, hiddens: hiddens(kernel, state))
    }
  }

  /// As the next step would draw them.
  private func hiddens(_ kernel: RBM, _ state: BlockGibbs.State) -> MutableMatrixView {
    let hiddens = MutableMatrixView(rows: Self.chains, columns: kernel.hiddenCount)
    kernel.sampleHiddens(
      given: state.visibles.view, random: rows(.hidden, step: state.step), into: hiddens)
    return hiddens
  }

  /// Counts by χ² at a tail of 10⁻⁶, real visibles by their first two moments at five standard errors.
  func misfits(of visibles: Matrix, hiddens: MutableMatrixView?) throws -> [String] {
    let reference = pair.reference
    var misfits: [String] = []
    func expect(_ name: String, _ states: MatrixView, _ layer: ReferenceLayer, _ law: [Double]) {
      if !Statistics.fits(counts: count(states, layer), probabilities: law) { misfits.append(name) }
    }
    if let hiddens { expect("hidden", hiddens.view, reference.hidden, hiddenLaw) }
    if let visibleLaw {
      expect("visible", visibles.view, reference.visible, visibleLaw)
      return misfits
    }
    let moments = try #require(reference.modelMoments())
    for column in 0..<visibles.columns {
      let values = visibles.view.columns(column..<(column + 1)).values.doubles
      for (name, values, moment) in [
        ("v\(column)", values, moments.visible[column]),
        ("v\(column)²", values.map { $0 * $0 }, moments.visibleSquare[column]),
      ] where !SampleMean(values).isWithin(5, standardErrorsOf: moment, rounding: 0x1p-20) {
        misfits.append(name)
      }
    }
    return misfits
  }

  private func count(_ states: MatrixView, _ layer: ReferenceLayer) -> [Int] {
    var counts = [Int](repeating: 0, count: Int(layer.stateCount()))
    for row in 0..<states.rows { counts[layer.stateIndex(states.rows(row..<(row + 1)).values.doubles)] += 1 }
    return counts
  }
}

@Suite("Gibbs steps of every kind leave the law alone", .enabled(if: Build.isOptimized), .serialized)
struct LayeredStationarityTests {
  @Test("the test is sound: the start fits, and no state is too rare for χ²", arguments: StationaryChains.all)
  func start(_ chains: StationaryChains) throws {
    // At least ten expected counts for the rarest state.
    #expect((chains.hiddenLaw + (chains.visibleLaw ?? [])).allSatisfy { $0 > 5e-5 })
    #expect(try chains.misfits(of: chains.start(), hiddens: nil) == [])
  }

  @Test("after 1, 4 and 16 steps", arguments: StationaryChains.all)
  func rightKernel(_ chains: StationaryChains) throws {
    #expect(try chains.misfits(of: chains.pair.engine) == [[], [], []])
  }

  /// Kernels that are wrong by little: each must be found out after every number of steps.
  enum Fault: CaseIterable, Sendable { case weakWeights, noHiddenBias, wrongPrecision }

  @Test("broken kernels fail", arguments: StationaryChains.all, Fault.allCases)
  func brokenKernel(_ chains: StationaryChains, _ fault: Fault) throws {
    var kernel = chains.pair.engine
    switch fault {
    case .weakWeights: kernel.weights.withMutableView { $0.affine(scale: 0.9, shift: 0) }
    case .noHiddenBias: kernel.hidden.bias = kernel.hidden.bias.map { _ in 0 }
    case .wrongPrecision:
      guard !kernel.visible.precision.isEmpty else { return }
      kernel.visible.precision = kernel.visible.precision.map { 1.1 * $0 }
    }
    #expect(try chains.misfits(of: kernel).allSatisfy { !$0.isEmpty })
  }
}
