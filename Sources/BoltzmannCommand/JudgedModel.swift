internal import Boltzmann
internal import BoltzmannAdversarial
internal import BoltzmannCompute
internal import BoltzmannData

/// A model that a critic judges, and data that fit it.
struct JudgedModel {
  private enum Kind {
    case machine(StoredModel)
    case gan(StoredGAN)
  }

  private let kind: Kind
  let data: DataSet

  init(_ path: String, data: String, options: PreprocessingOptions, seed: UInt64) throws {
    if try SafetensorsFile.read(path).metadata["model"] == "gan" {
      let stored = try StoredGAN.read(path)
      let isUnit = stored.gan.generator.layers.last?.activation == .logistic
      let block = UnitBlock(
        kind: isUnit ? BernoulliUnits.kind : GaussianUnits.kind, count: stored.gan.visibleCount)
      kind = .gan(stored)
      self.data = try DataSet(
        data,
        preprocessing: options.preprocessing(
          on: stored.preprocessing ?? Preprocessing(binarization: .none)),
        visibles: VisibleColumns(of: [block], name: path), seed: seed)
    } else {
      let input = try ModelAndData(model: path, data: data, options: options, seed: seed)
      kind = .machine(input.model)
      self.data = input.data
    }
  }

  /// `count` independent samples, `[count, visible]`, those of a machine from a Gibbs chain each.
  func samples(_ count: Int, steps: Int, seed: UInt64, parallel: Parallel) throws -> Matrix {
    switch kind {
    case .gan(let stored):
      return try stored.gan.samples(count, seed: seed, parallel: parallel)
    case .machine(let stored):
      let existence = stored.machine.partitionExistence
      if existence == .impossible { throw NoPartitionError(existence: existence) }
      try MemoryLimit.requireChains(count, of: stored.machine)
      let sampler = BlockGibbs(model: stored.machine, seed: seed, parallel: parallel)
      var state = sampler.initialState(chains: count)
      sampler.run(&state, steps: steps)
      return state.visibles
    }
  }

  var tileShape: (height: Int, width: Int) {
    switch kind {
    case .machine(let stored): stored.tileShape
    case .gan(let stored): stored.tileShape
    }
  }

  /// Samples as the user has the data in files.
  func write(_ samples: Matrix, to path: String) throws {
    switch kind {
    case .gan: try write(.floats(samples.values), columns: samples.columns, to: path)
    case .machine(let stored):
      let table = StateTable(samples, of: stored)
      try write(table.values, columns: table.columns, to: path)
    }
  }

  private func write(_ values: NumericTable.Values, columns: Int, to path: String) throws {
    if path.hasSuffix(".csv") {
      return try CSV.write(values, columns: columns, names: nil, to: path)
    }
    switch values {
    case .bytes(let states): try NPY.write(states, shape: [states.count / columns, columns], to: path)
    case .floats(let states): try NPY.write(states, shape: [states.count / columns, columns], to: path)
    }
  }
}

/// What a critic found.
struct Verdict {
  let divergences: Divergences
  let test: TwoSampleTest
  let data: Int
  let samples: Int

  var json: JSONValue {
    [
      "data": .integer(data), "samples": .integer(samples),
      "accuracy": interval(divergences.accuracy),
      "jensen_shannon": interval(divergences.jensenShannon),
      "kl_data_model": interval(divergences.kullbackLeibler),
      "kl_model_data": interval(divergences.reverse),
      "effective_samples": .number(divergences.effectiveSamples),
      "statistic": .number(test.statistic), "p_value": .number(test.pValue),
    ]
  }

  private func interval(_ found: IntervalEstimate) -> JSONValue {
    ["estimate": .number(found.estimate), "lower": .number(found.lower), "upper": .number(found.upper)]
  }

  var table: String {
    BoltzmannCommand.table([
      ("data", "\(data)"), ("samples", "\(samples)"),
      ("accuracy", line(divergences.accuracy, scale: 100, 1) + " %"),
      ("JS(data ‖ model)", line(divergences.jensenShannon) + " nats, at most 0.693"),
      ("KL(data ‖ model)", line(divergences.kullbackLeibler) + " nats"),
      ("KL(model ‖ data)", line(divergences.reverse) + " nats"),
      ("effective samples", formatted(divergences.effectiveSamples, 1)),
      ("p-value", formatted(test.pValue, 3)),
    ])
  }

  private func line(_ found: IntervalEstimate, scale: Double = 1, _ digits: Int = 3) -> String {
    let numbers = [found.estimate, found.lower, found.upper].map { formatted(scale * $0, digits) }
    return "\(numbers[0]) (\(numbers[1]) … \(numbers[2]))"
  }
}
