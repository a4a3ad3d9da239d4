internal import Boltzmann
internal import BoltzmannCompute
internal import BoltzmannData

/// log Z and the mean log-likelihoods that follow from it.
struct LikelihoodReport {
  /// Nil where no log Z is known to exist.
  let partition: PartitionEstimate?
  /// Mean log P(v) of the training data; nil where there is none.
  let mean: Double?
  let validationMean: Double?

  /// The exact sum where a side has at most 20 units, else annealing with 100 chains and 1,000 temperatures.
  init(of model: RBM, data: DataSet, validation: DataSet?, seed: UInt64, parallel: Parallel) {
    let problem = PartitionProblem(
      model: model, reference: reference(model, data, parallel), seed: seed, parallel: parallel)
    problem.schedule = .linear(1000)
    let method: any PartitionEstimator.Type =
      model.exactBits <= 20 ? ExactPartition.self : ForwardAnnealing.self
    let partition = model.partitionExistence == .shown ? try? method.estimate(problem) : nil
    self.init(of: model, partition: partition, data: data, validation: validation, parallel: parallel)
  }

  /// From a log Z that is at hand.
  init(
    of model: RBM, partition: PartitionEstimate?, data: DataSet, validation: DataSet?, parallel: Parallel
  ) {
    self.partition = partition
    let logZ = partition?.estimate
    func mean(_ data: DataSet) -> Double? {
      guard data.hasLikelihood, let logZ else { return nil }
      let energies = model.freeEnergies(of: data.samples, parallel: parallel)
      return -energies.reduce(0, +) / Double(energies.count) - (logZ - data.logUnits)
    }
    self.mean = mean(data)
    validationMean = validation.flatMap(mean)
  }

  var json: [String: JSONValue] {
    var object: [String: JSONValue] = [
      "mean_log_likelihood": mean.map { .number($0) } ?? .null, "log_partition": partition?.json ?? .null,
    ]
    if let validationMean { object["validation_mean_log_likelihood"] = .number(validationMean) }
    return object
  }
}

/// The bias where annealing starts: the model's own, else from the means of the data.
func reference(_ model: RBM, _ data: DataSet, _ parallel: Parallel) -> [Float] {
  model.referenceVisibleBias
    ?? model.visible.bias(ofMeans: data.samples.means(parallel: parallel))
}
