public import BoltzmannCompute

/// How a machine does on its training data after an epoch.
public struct EpochMetrics: Sendable {
  /// Σ_i log P(v_i | v_−i), mean a sample, nats; one site a sample. Nil where visibles are real.
  public let pseudoLogLikelihood: Double?
  /// Mean squared error a visible of the mean reconstruction.
  public let reconstructionError: Double
  /// Mean F(validation) − mean F(as many training samples), nats.
  public let freeEnergyGap: Double?
  /// The standard error of the gap, as that of two means of independent samples.
  public let freeEnergyGapError: Double?
  /// ‖W‖, Frobenius.
  public let weightNorm: Double
  /// The hidden units that told nothing of these samples.
  public let hiddenActivity: HiddenActivity

  /// Measured on the same at most 1,000 samples each epoch, of which so many are reconstructed that about a
  /// million values are compared: more would cost wide data a good part of an epoch.
  ///
  /// `hasLikelihood` says whether P(v) is a law of these values.
  public init(
    of model: RBM, samples: any Samples, validation: (any Samples)?, hasLikelihood: Bool, epoch: Int,
    seed: UInt64, parallel: Parallel = .all
  ) {
    let measure = SampleMeasure(
      model: model, samples: samples, epoch: epoch,
      pseudoLikelihood: hasLikelihood ? try? PseudoLikelihood(of: model) : nil,
      random: RandomStream(seed: seed, purpose: .flips, step: UInt64(epoch)))
    let sums = measure.sums(parallel: parallel)
    pseudoLogLikelihood =
      measure.pseudoLikelihood.map {
        sums.pseudoLogLikelihood * Double($0.siteCount) / Double(measure.numbers.count)
      }
    reconstructionError = sums.squaredError / Double(sums.reconstructed * samples.width)
    let gap = validation.map { freeEnergyGapOf(model, samples, $0, parallel) }
    freeEnergyGap = gap?.mean
    freeEnergyGapError = gap?.error
    hiddenActivity = HiddenActivity(sums.hiddens, units: model.hidden)
    weightNorm = parallel.mapBlocks(of: model.visibleCount, size: 64) { range in
      model.weights.view.rows(range).squaredNorm
    }.reduce(0, +).squareRoot()
  }
}

/// What is measured on some samples, block by block, each sample's hidden inputs formed once.
private struct SampleMeasure: Sendable {
  let model: RBM
  let samples: any Samples
  let epoch: Int
  let pseudoLikelihood: PseudoLikelihood?
  let random: RandomStream

  struct Sums: Sendable {
    var pseudoLogLikelihood = 0.0
    var squaredError = 0.0
    var reconstructed = 0
    var hiddens: MeanRanges

    static func + (a: Sums, b: Sums) -> Sums {
      Sums(
        pseudoLogLikelihood: a.pseudoLogLikelihood + b.pseudoLogLikelihood,
        squaredError: a.squaredError + b.squaredError, reconstructed: a.reconstructed + b.reconstructed,
        hiddens: a.hiddens + b.hiddens)
    }
  }

  var numbers: [Int] { samples.evenlySpread(1000) }

  /// Every so many blocks one is reconstructed: about a million values in all, and at least a block.
  private var reconstructedPeriod: Int { max(1, min(1000, samples.count) * samples.width / 1_000_000) }

  func sums(parallel: Parallel) -> Sums {
    let numbers = numbers, blocks = Blocks(count: numbers.count, size: rowsPerBlock)
    let sites = pseudoLikelihood?.siteCount ?? 1
    let flips = random.uniforms(row: 0, count: numbers.count).map { min(Int($0 * Double(sites)), sites - 1) }
    func scratch(_ units: Int) -> MutableMatrixView {
      MutableMatrixView(rows: min(parallel.threads, blocks.count) * rowsPerBlock, columns: units)
    }
    let visibles = scratch(samples.width), means = scratch(samples.width)
    let hiddens = scratch(model.hiddenCount)
    return parallel.map(blocks.count) { block, worker in
      let range = blocks[block], own = worker * rowsPerBlock..<worker * rowsPerBlock + range.count
      samples.load(numbers[range], epoch: epoch, into: visibles.rows(own))
      return sums(
        visibles.rows(own).view, flips[range], hiddens: hiddens.rows(own),
        reconstructingInto: block % reconstructedPeriod == 0 ? means.rows(own) : nil)
    }.reduce(Sums(hiddens: MeanRanges(columns: model.hiddenCount)), +)
  }

  private func sums(
    _ visibles: MatrixView, _ flips: ArraySlice<Int>, hiddens: MutableMatrixView,
    reconstructingInto means: MutableMatrixView?
  ) -> Sums {
    model.hiddenInputs(given: visibles, into: hiddens)
    let pseudo = pseudoLikelihood?.sum(of: visibles, hiddenInputs: hiddens.view, flipping: flips)
    model.hidden.means(inputs: hiddens.view, inverseTemperature: 1, into: hiddens)
    var sums = Sums(pseudoLogLikelihood: pseudo ?? 0, hiddens: MeanRanges(hiddens.view))
    if let means {
      model.visibleMeans(given: hiddens.view, into: means)
      sums.squaredError = visibles.squaredDistance(to: means.view)
      sums.reconstructed = visibles.rows
    }
    return sums
  }
}

private func freeEnergyGapOf(
  _ model: RBM, _ samples: any Samples, _ validation: any Samples, _ parallel: Parallel
) -> (mean: Double, error: Double) {
  let training = SelectedSamples(samples, numbers: samples.evenlySpread(validation.count))
  let energies = [validation, training].map { model.freeEnergies(of: $0, parallel: parallel) }
  return (mean(energies[0]) - mean(energies[1]), energies.map(squaredStandardError).reduce(0, +).squareRoot())
}

/// That of the mean of independent values, squared.
private func squaredStandardError(_ values: [Double]) -> Double {
  let center = mean(values), count = Double(max(values.count, 1))
  return mean(values.map { ($0 - center) * ($0 - center) }) / count
}

func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(values.count, 1)) }
