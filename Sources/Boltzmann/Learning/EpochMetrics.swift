public import BoltzmannCompute

/// How a machine does on its training data after an epoch.
public struct EpochMetrics: Sendable {
  /// Σ_i log P(v_i | v_−i), mean a sample, nats; one flip a sample. Nil where the data are not binary.
  public let pseudoLogLikelihood: Double?
  /// Mean squared error a visible of the mean reconstruction.
  public let reconstructionError: Double
  /// Mean F(validation) − mean F(as many training samples), nats.
  public let freeEnergyGap: Double?
  /// ‖W‖, Frobenius.
  public let weightNorm: Double

  /// Measured on the same at most 1,000 samples each epoch.
  ///
  /// `isBinary` says whether P(v) is a law of these values.
  public init(
    of model: RBM, samples: any Samples, validation: (any Samples)?, isBinary: Bool, epoch: Int,
    seed: UInt64, parallel: Parallel = .all
  ) throws {
    let rows = samples.matrix(samples.evenlySpread(1000), epoch: epoch)
    let flips = RandomStream(seed: seed, purpose: .flips, step: UInt64(epoch))
      .uniforms(row: 0, count: rows.rows).map { min(Int($0 * Double(rows.columns)), rows.columns - 1) }
    pseudoLogLikelihood =
      isBinary
      ? try PseudoLikelihood(of: model).mean(ofRows: rows, flipping: flips, parallel: parallel) : nil
    let reconstructions = model.reconstructions(of: FloatSamples(rows), parallel: parallel)
    reconstructionError =
      rows.view.squaredDistance(to: reconstructions.view) / Double(rows.rows * rows.columns)
    freeEnergyGap = validation.map { freeEnergyGapOf(model, samples, $0, parallel) }
    weightNorm = model.weights.view.squaredNorm.squareRoot()
  }
}

private func freeEnergyGapOf(
  _ model: RBM, _ samples: any Samples, _ validation: any Samples, _ parallel: Parallel
) -> Double {
  let training = samples.matrix(samples.evenlySpread(validation.count))
  return mean(model.freeEnergies(of: validation, parallel: parallel))
    - mean(model.freeEnergies(of: FloatSamples(training), parallel: parallel))
}

func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(values.count, 1)) }
