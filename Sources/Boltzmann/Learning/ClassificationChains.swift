internal import BoltzmannCompute

/// Where the chains start that estimate gradients of a classification machine.
public enum ClassificationMethod: String, Codable, Sendable, Hashable, CaseIterable {
  /// CD-k: at the samples of the minibatch (Hinton 2002).
  case contrastiveDivergence = "cd"
  /// PCD-k: where they ended at the last update (Tieleman 2008).
  case persistent = "pcd"
}

/// k Gibbs steps of chains over (v, y) and h, and what their ends add to the gradient.
/// ```
/// h ~ P(h | v, y)      v ~ P(v | h),   y ~ P(y | h)
/// ```
/// Draws of step t have the address t of the hidden, the visible and the class stream.
struct ClassificationChains: Sendable {
  let model: ClassificationRBM
  /// c + U_{y:}, `[classes, hidden]`
  let hiddenBiases: MatrixView
  /// Scratch, `[chains, hidden]`
  let hiddens: MutableMatrixView
  let seed: UInt64
  let firstStep: UInt64
  let steps: Int

  /// Moves a block of chains from the visibles in `ends` and these classes; the classes they end in.
  ///
  /// The end (v′, y′) of a chain adds with the factor −weight at y′ and 0 elsewhere. `numbers`: the chains' own.
  func run(
    _ block: Int, from starts: [Int], numbers: ArraySlice<UInt64>, weights: [Float],
    to ends: ClassificationPhase
  ) -> [Int] {
    let range = ends.blocks[block], visibles = ends.visibles.rows(range), hiddens = hiddens.rows(range)
    let factors = ends.factors.rows(range)
    var classes = starts
    for step in firstStep..<(firstStep + UInt64(steps)) {
      model.sampleHiddens(
        given: visibles.view, classes: classes, random: random(.hidden, step, numbers), into: hiddens)
      model.sampleVisibles(given: hiddens.view, random: random(.visible, step, numbers), into: visibles)
      classes = model.sampleClasses(
        given: hiddens.view, random: random(.classes, step, numbers), scratch: factors)
    }
    model.hiddenInputs(given: visibles.view, into: ends.inputs.rows(range))
    factors.fill(0)
    for (row, (y, weight)) in zip(range, zip(classes, weights)) {
      ends.factors[row, y] = -weight
      ends.weights[row, 0] = -weight
    }
    ends.mix(block, hiddenBiases: hiddenBiases)
    return classes
  }

  /// The class that the chain of a sample without a label starts with, from log P(y | v).
  func startClass(_ logProbabilities: [Double], row: UInt64) -> Int {
    drawClass(logProbabilities, uniform: random(.classes, firstStep, [row]).uniforms(at: 0)[1])
  }

  private func random(_ purpose: RandomPurpose, _ step: UInt64, _ rows: ArraySlice<UInt64>) -> RandomRows {
    RandomRows(RandomStream(seed: seed, purpose: purpose, step: step), rows: rows)
  }
}

/// Chains that go on from update to update.
struct PersistentClassificationChains: Checkpointed, Sendable {
  /// `[chains, visible]`
  private var visibles: Matrix
  private(set) var classes: [Int]
  private let classCount: Int

  /// They start as independent units with the machine's biases.
  init(of model: ClassificationRBM, count: Int, seed: UInt64) {
    classCount = model.classCount
    let stream = RandomStream(seed: seed, purpose: .initialState)
    let numbers = ArraySlice((0..<count).map(UInt64.init))
    visibles = Matrix(rows: count, columns: model.visibleCount)
    visibles.withMutableView { view in
      _ = view.sampleBernoulli(
        inputs: view.view, bias: model.visibleBias, random: RandomRows(stream, rows: numbers))
    }
    let random = RandomRows(stream.at(step: 1), rows: numbers)
    classes = (0..<count).map {
      drawClass(model.classBias.map(Double.init), uniform: random.uniforms(at: $0)[0])
    }
  }

  /// Moves all chains; together they count `weight`.
  mutating func advance(
    _ chains: ClassificationChains, weight: Float, to ends: ClassificationPhase, _ parallel: Parallel
  ) {
    let starts = classes, weight = weight / Float(starts.count)
    ends.visibles.copy(visibles.view)
    classes = parallel.map(ends.blocks.count) { block, _ in
      let range = ends.blocks[block]
      return chains.run(
        block, from: Array(starts[range]), numbers: rowNumbers(range),
        weights: [Float](repeating: weight, count: range.count), to: ends)
    }.flatMap { $0 }
    visibles.withMutableView { $0.copy(ends.visibles.view) }
  }

  func save(to snapshot: inout Snapshot) {
    snapshot.matrices["chains.visibles"] = visibles
    snapshot.vectors["chains.classes"] = classes.map(Float.init)
  }

  mutating func restore(from snapshot: Snapshot) throws {
    visibles = try snapshot.matrix("chains.visibles", like: visibles)
    classes = try snapshot.vector("chains.classes", count: classes.count).map {
      guard let k = Int(exactly: $0), (0..<classCount).contains(k) else {
        throw SnapshotError(name: "chains.classes", problem: "holds \($0), which is no class")
      }
      return k
    }
  }
}
