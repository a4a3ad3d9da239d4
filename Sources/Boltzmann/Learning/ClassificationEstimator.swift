internal import BoltzmannCompute
internal import Foundation

/// Forms gradients: the conditional's exactly, the joint's and the marginal's with samples of the model.
///
/// The samples are the ends of chains. CD starts one at each sample of the minibatch; PCD has chains of its own,
/// which go on from update to update.
struct ClassificationEstimator: Checkpointed, Sendable {
  private let settings: ClassificationSettings
  private var step: UInt64 = 0
  private var hiddenBiases: ScratchMatrix
  private var dataScratch: ClassificationPhaseScratch
  /// Nil where the objective needs no samples of the model.
  private var endScratch: ClassificationPhaseScratch?
  private var hiddens: ScratchMatrix
  private var persistent: PersistentClassificationChains?

  init(model: ClassificationRBM, settings: ClassificationSettings) {
    self.settings = settings
    hiddenBiases = ScratchMatrix(rows: model.classCount, columns: model.hiddenCount)
    dataScratch = ClassificationPhaseScratch(capacity: settings.batchSize, model: model)
    hiddens = ScratchMatrix(rows: 0, columns: 0)
    guard settings.objective.needsChains else { return }
    var chains = settings.batchSize
    if settings.method == .persistent {
      chains = settings.chains ?? chains
      persistent = PersistentClassificationChains(of: model, count: chains, seed: settings.seed)
    }
    endScratch = ClassificationPhaseScratch(capacity: chains, model: model)
    hiddens = ScratchMatrix(rows: chains, columns: model.hiddenCount)
  }

  /// The gradient for a minibatch, good until the next call, and −log P(y | v) of its samples.
  ///
  /// `classes`: of every sample of the minibatch, nil where it has no label.
  mutating func gradient(
    of model: ClassificationRBM, minibatch: Minibatch, classes: [Int?], steps: Int, parallel: Parallel
  ) -> (gradient: ClassificationGradient, loss: ClassificationLoss) {
    let biases = hiddenBiases.mutableView()
    model.writeHiddenBiases(to: biases)
    let chains = ClassificationChains(
      model: model, hiddenBiases: biases.view, hiddens: hiddens.mutableView(), seed: settings.seed,
      firstStep: step, steps: steps)
    let data = ClassificationData(
      minibatch: minibatch, rowWeights: minibatch.rowWeights, classes: classes, objective: settings.objective,
      phase: dataScratch.rows(minibatch.count))
    let ends = endScratch?.rows(persistent?.classes.count ?? minibatch.count)
    let startsChains = persistent == nil
    let losses = parallel.map(data.phase.blocks.count) { block, _ in
      let logs = data.infer(block, chains)
      if let ends, startsChains { data.runChains(block, logs, chains, to: ends) }
      return data.loss(block, logs)
    }
    if let ends { persistent?.advance(chains, weight: data.totalWeight, to: ends, parallel) }
    step += ends == nil ? 0 : UInt64(steps)
    let gradient = ClassificationGradient(phases: [data.phase] + (ends.map { [$0] } ?? []))
    return (gradient, losses.reduce(ClassificationLoss(), +))
  }

  func save(to snapshot: inout Snapshot) {
    snapshot.numbers["estimator.step"] = Double(step)
    persistent?.save(to: &snapshot)
  }

  mutating func restore(from snapshot: Snapshot) throws {
    step = UInt64(try snapshot.counter("estimator.step"))
    try persistent?.restore(from: snapshot)
  }
}

/// The data's part of a minibatch, block by block.
///
/// With p_k = P(k | v), a sample of class y and one without a label have the factors
/// ```
/// a_k = δ·(1[k = y] − p_k) + α·1[k = y]      a_k = β·p_k
/// ```
/// each over the size of the minibatch, and times the sample's weight.
private struct ClassificationData: Sendable {
  let minibatch: Minibatch
  /// How much each sample counts, over the mean; nil where all count the same.
  let rowWeights: [Float]?
  let classes: [Int?]
  let objective: ClassificationObjective
  let phase: ClassificationPhase

  private func scale(_ sample: Int) -> Double { Double(rowWeights?[sample] ?? 1) / Double(minibatch.count) }

  /// How much a sample's chain counts.
  private func weight(_ sample: Int) -> Float {
    Float(scale(sample) * (classes[sample] == nil ? objective.unsupervised : objective.generative))
  }

  var totalWeight: Float { classes.indices.reduce(0) { $0 + weight($1) } }

  /// Loads a block and forms its part of the gradient; log P(y | v), `[row][class]`.
  func infer(_ block: Int, _ chains: ClassificationChains) -> [[Double]] {
    let range = phase.blocks[block], visibles = phase.visibles.rows(range), inputs = phase.inputs.rows(range)
    minibatch.samples.load(minibatch.indices(at: range), epoch: minibatch.epoch, into: visibles)
    chains.model.hiddenInputs(given: visibles.view, into: inputs)
    let logs = chains.model.classLogits(inputs: inputs.view, hiddenBiases: chains.hiddenBiases)
      .map(logSoftmax)
    for (row, logs) in zip(range, logs) { setFactors(row, logs) }
    phase.mix(block, hiddenBiases: chains.hiddenBiases)
    return logs
  }

  private func setFactors(_ row: Int, _ logs: [Double]) {
    let scale = scale(row)
    phase.weights[row, 0] = weight(row)
    for (k, log) in logs.enumerated() {
      let p = exp(log)
      guard let y = classes[row] else {
        phase.factors[row, k] = Float(scale * objective.unsupervised * p)
        continue
      }
      let isTrue = k == y ? 1.0 : 0
      phase.factors[row, k] = Float(
        scale * (objective.discriminative * (isTrue - p) + objective.generative * isTrue))
    }
  }

  /// Chains from the samples of a block; one without a label starts with a draw from P(y | v).
  func runChains(
    _ block: Int, _ logs: [[Double]], _ chains: ClassificationChains, to ends: ClassificationPhase
  ) {
    let range = phase.blocks[block]
    let numbers = ArraySlice(minibatch.indices(at: range).map(UInt64.init))
    let starts = zip(range, logs).map { row, logs in
      classes[row] ?? chains.startClass(logs, row: numbers[row - range.lowerBound])
    }
    ends.visibles.rows(range).copy(phase.visibles.rows(range).view)
    _ = chains.run(block, from: starts, numbers: numbers, weights: range.map(weight), to: ends)
  }

  func loss(_ block: Int, _ logs: [[Double]]) -> ClassificationLoss {
    zip(phase.blocks[block], logs).reduce(into: ClassificationLoss()) { loss, pair in
      guard let y = classes[pair.0] else { return }
      loss.labelled += 1
      loss.sum -= pair.1[y]
    }
  }
}

/// Σ −log P(y | v) over samples with a label, in nats.
struct ClassificationLoss: Sendable {
  var sum = 0.0
  var labelled = 0

  static func + (a: Self, b: Self) -> Self {
    Self(sum: a.sum + b.sum, labelled: a.labelled + b.labelled)
  }
}
