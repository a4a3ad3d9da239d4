public import Boltzmann
public import BoltzmannCompute

/// Minibatch training of a generative adversarial network (Goodfellow et al. 2014, algorithm 1).
///
/// The discriminator's and the generator's costs belong to a minimax game
/// ```
/// min_G max_D V(D, G) = E_data log D(x) + E_{p_z} log(1 − D(G(z)))
/// ```
/// One step is k steps of the discriminator, each with m new data and m new fakes, up the gradient of
/// ```
/// (1/m) Σ log D(xᵢ) + log(1 − D(G(zᵢ)))
/// ```
/// and one of the generator, with m new noises, down that of (1/m) Σ log(1 − D(G(zᵢ))) or −log D(G(zᵢ)). For a
/// fixed generator the best D is p_data/(p_data + p_g), and V then is 2·JS(p_data ‖ p_g) − log 4.
///
/// With `wasserstein` the discriminator goes down (1/m) Σ D(G(zᵢ)) − D(xᵢ) and a penalty on its slope instead, and the
/// generator down −(1/m) Σ D(G(zᵢ)): the Wasserstein distance for the best D of slope 1.
///
/// A training is a value: it can be copied. The same settings and data give the same bits on any number of threads.
public struct GANTrainer: Sendable {
  public let settings: GANSettings
  /// Steps of the generator so far.
  public private(set) var steps = 0
  public let stepsPerEpoch: Int
  private let sampleCount: Int
  private var generator: NetworkLearner
  private var discriminator: NetworkLearner
  /// Noise of a minibatch, `[m, noise]`, and data above fakes, and points between them, `[2m or 3m, visible]`.
  private var noise: ScratchMatrix
  private var judged: ScratchMatrix
  /// Minibatches of noise and of data drawn so far.
  private var noiseDraws: UInt64 = 0
  private var dataDraws: UInt64 = 0

  /// - Throws: `SettingsError` where the settings make no sense or there are no samples.
  public init(samples: any Samples, settings: GANSettings) throws {
    try settings.validate()
    guard samples.count > 0 else { throw SettingsError(message: "there are no samples to learn from") }
    let first = try settings.initial(visible: samples.width), m = settings.batchSize
    self.settings = settings
    sampleCount = samples.count
    stepsPerEpoch = (samples.count + m - 1) / m
    generator = try NetworkLearner(first.generator, rule: settings.generatorRule, capacity: m)
    discriminator = try NetworkLearner(
      first.discriminator, rule: settings.discriminatorRule, capacity: settings.judgedRows)
    noise = ScratchMatrix(rows: m, columns: settings.noise.width)
    judged = ScratchMatrix(rows: settings.judgedRows, columns: samples.width)
  }

  public var epoch: Int { steps / stepsPerEpoch }
  public var isFinished: Bool { epoch >= settings.epochs }

  /// The networks as they are.
  public var gan: GAN {
    get throws {
      try GAN(noise: settings.noise, generator: generator.network, discriminator: discriminator.network)
    }
  }

  /// One step of the generator after k of the discriminator; `samples` are those it began with.
  ///
  /// - Throws: `TrainingDiverged` where a cost is no finite number any more; the trainer is then of no use.
  public mutating func step(samples: any Samples, parallel: Parallel = .all) throws -> Info {
    precondition(samples.count == sampleCount, "a training goes on with the data it began with")
    var info = Info()
    for _ in 0..<settings.discriminatorSteps { info = discriminatorStep(samples, parallel) }
    info.generatorCost = generatorStep(parallel)
    guard info.discriminatorCost.isFinite && info.generatorCost.isFinite else {
      throw TrainingDiverged(
        epoch: epoch + 1, minibatch: steps % stepsPerEpoch + 1,
        learningRate: max(settings.generatorRule.rate, settings.discriminatorRule.rate))
    }
    steps += 1
    info.endsEpoch = steps % stepsPerEpoch == 0
    return info
  }
}

extension GANTrainer {
  /// What one step found, before the networks moved.
  public struct Info: Sendable, Hashable {
    /// −(1/m) Σ log D(xᵢ) + log(1 − D(G(zᵢ))), in nats; log 4 for one that cannot tell. Of `wasserstein` the mean of
    /// D over fakes less that over data, and the penalty.
    public internal(set) var discriminatorCost = 0.0
    /// The mean of the generator's objective, in nats.
    public internal(set) var generatorCost = 0.0
    /// The mean of D over data, and over fakes: probabilities, of `wasserstein` any numbers.
    public internal(set) var meanOfData = 0.0
    public internal(set) var meanOfFakes = 0.0
    public internal(set) var endsEpoch = false

    init() {}

    /// `outputs`: those of the data, then of as many fakes.
    init(discriminatorCost: Double, outputs: [Double]) {
      let count = outputs.count / 2
      self.discriminatorCost = discriminatorCost
      meanOfData = outputs[..<count].reduce(0, +) / Double(count)
      meanOfFakes = outputs[count...].reduce(0, +) / Double(count)
    }
  }

  private mutating func discriminatorStep(_ samples: any Samples, _ parallel: Parallel) -> Info {
    let m = settings.batchSize, rows = judged.mutableView().rows(0..<2 * m), z = drawNoise(parallel)
    loadData(samples, into: rows.rows(0..<m))
    generate(from: z, rows: generator.rows(m), into: rows.rows(m..<(2 * m)), parallel)
    if settings.objective == .wasserstein { return criticStep(parallel) }
    let cost = discriminator.step(rows.view, parallel: parallel) { range, logits, deltas in
      CrossEntropy.descend(logits, deltas, count: m) { range.lowerBound + $0 < m ? 1 : 0 }
    }
    let probabilities = discriminator.rows(2 * m).last.outputs.values.map { logistic(Double($0)) }
    return Info(discriminatorCost: cost / Double(m), outputs: probabilities)
  }

  private mutating func drawNoise(_ parallel: Parallel) -> MatrixView {
    let z = noise.mutableView(), prior = settings.noise
    let stream = RandomStream(seed: settings.seed, purpose: .noise, step: noiseDraws)
    let numbers = (0..<UInt64(z.rows)).map { $0 }
    parallel.forEachBlock(of: z.rows, size: evenBlocks(of: z.rows, about: 50)) { range in
      prior.draw(RandomRows(stream, rows: numbers[range]), into: z.rows(range))
    }
    noiseDraws += 1
    return z.view
  }

  /// Data of a minibatch, each drawn from all of them.
  private mutating func loadData(_ samples: any Samples, into target: MutableMatrixView) {
    let stream = RandomStream(seed: settings.seed, purpose: .shuffle, step: dataDraws)
    let numbers = stream.uniforms(row: 0, count: target.rows).map { Int($0 * Double(sampleCount)) }
    samples.load(numbers[...], epoch: epoch, into: target)
    dataDraws += 1
  }

  private func generate(
    from z: MatrixView, rows: NetworkRows, into target: MutableMatrixView, _ parallel: Parallel
  ) {
    parallel.forEachBlock(of: z.rows, size: evenBlocks(of: z.rows, about: 50)) { range in
      let own = rows.rows(range)
      own.forward(generator.network, z.rows(range))
      target.rows(range).copy(own.last.outputs)
    }
  }

  private mutating func generatorStep(_ parallel: Parallel) -> Double {
    let m = settings.batchSize, z = drawNoise(parallel)
    let rows = generator.rows(m)
    let cost = runThroughBoth(z, rows, judge: discriminator.rows(m), parallel)
    generator.update(inputs: z, rows: rows, parallel: parallel)
    return cost
  }

  /// Forward through both networks, and the cost back through both; the mean cost.
  private func runThroughBoth(
    _ z: MatrixView, _ rows: NetworkRows, judge: NetworkRows, _ parallel: Parallel
  ) -> Double {
    let objective = settings.objective, m = Double(z.rows)
    return parallel.mapBlocks(of: z.rows, size: evenBlocks(of: z.rows, about: 50)) { range in
      let own = rows.rows(range), its = judge.rows(range)
      own.forward(generator.network, z.rows(range))
      its.forward(discriminator.network, own.last.outputs)
      let cost = (0..<range.count).reduce(0.0) { sum, row in
        let logit = Double(its.last.outputs[row, 0])
        its.last.deltas[row, 0] = Float(objective.slope(logit: logit) / m)
        return sum + objective.cost(logit: logit)
      }
      its.backward(discriminator.network, to: own.last.deltas)
      own.backward(generator.network)
      return cost
    }.reduce(0, +) / m
  }
}

// MARK: - The Wasserstein critic

extension GANTrainer {
  /// A step of the critic, whose data and fakes lie in `judged`.
  private mutating func criticStep(_ parallel: Parallel) -> Info {
    let m = settings.batchSize, all = judged.mutableView()
    loadBetween(all)
    var rows = discriminator.rows(3 * m)
    let penalty = runCritic(rows, all, parallel) / Double(m)
    let outputs = rows.rows(0..<2 * m).last.outputs.values.map(Double.init)
    rows.biasRows = 2 * m
    discriminator.update(inputs: all.view, rows: rows, parallel: parallel)
    var info = Info(discriminatorCost: 0, outputs: outputs)
    info.discriminatorCost = info.meanOfFakes - info.meanOfData + penalty
    return info
  }

  /// Both ways for data, fakes and points between, block by block; the sum of the penalty. Nothing of the network is
  /// held afterwards, as in `NetworkLearner`.
  private func runCritic(_ rows: NetworkRows, _ all: MutableMatrixView, _ parallel: Parallel) -> Double {
    let m = settings.batchSize
    let penalty = GradientPenalty(weight: settings.penaltyWeight), critic = discriminator.network
    let judgedRows = rows.rows(0..<2 * m), between = rows.rows(2 * m..<3 * m)
    return parallel.mapBlocks(of: m, size: evenBlocks(of: m, about: 50)) { range in
      for (first, slope) in [(0, Float(-1)), (m, 1)] {
        let block = range.lowerBound + first..<range.upperBound + first, own = judgedRows.rows(block)
        own.forward(critic, all.rows(block).view)
        own.last.deltas.fill(slope / Float(m))
        own.backward(critic)
      }
      let x = all.rows(range.lowerBound + 2 * m..<range.upperBound + 2 * m)
      return penalty.run(critic, rows: between.rows(range), inputs: x, count: m)
    }.reduce(0, +)
  }

  /// Below data and fakes: points between each datum and its fake.
  private func loadBetween(_ all: MutableMatrixView) {
    let m = settings.batchSize
    let shares = RandomStream(seed: settings.seed, purpose: .selection, step: noiseDraws)
      .uniforms(row: 0, count: m)
    for (row, share) in shares.enumerated() {
      for column in 0..<all.columns {
        let (datum, fake) = (all[row, column], all[m + row, column])
        all[2 * m + row, column] = fake + Float(share) * (datum - fake)
      }
    }
  }
}
