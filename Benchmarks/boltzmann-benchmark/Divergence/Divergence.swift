internal import ArgumentParser
internal import Boltzmann
internal import BoltzmannCompute
internal import BoltzmannData
internal import Foundation

/// How long learning by each gradient goes on well, on bars and stripes (Fischer & Igel 2010).
struct Divergence: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "divergence",
    abstract: "The exact likelihood of bars and stripes, 4 × 4, over many updates by cd, pcd and pt.",
    discussion: """
      Example:

        swift run -c release boltzmann-benchmark divergence --charts Benchmarks/charts

      Plain gradient ascent at a constant rate, minibatches and chains of 32. Each line is the mean of some seeds: \
      −Σ log P(v) over the 32 images in nats, of which 108.131 is the least that any machine can have.
      """)

  @Option(help: "Updates.")
  var updates = 100_000

  @Option(help: "Hidden units.")
  var hidden = 8

  @Option(help: "Learning rate.")
  var learningRate = 0.1

  @Option(help: "Temperatures of pt.")
  var temperatures = 5

  @Option(help: "Seeds, from 1 on.")
  var seeds = 5

  @Option(help: ArgumentHelp("Draw the lines as divergence.svg.", valueName: "folder"))
  var charts: String?

  func validate() throws {
    if !(1...10_000_000).contains(updates) {
      throw ValidationError("--updates must be 1 to 10000000, not \(updates)")
    }
    if !(1...1000).contains(hidden) { throw ValidationError("--hidden must be 1 to 1000, not \(hidden)") }
    if seeds < 1 { throw ValidationError("--seeds must be at least 1, not \(seeds)") }
  }

  func run() throws {
    let folder = try charts.map { try ChartFolder($0) }
    let date = Date().formatted(.iso8601).prefix(10)
    print(
      "bars and stripes 4 × 4, \(hidden) hidden units, rate \(learningRate), \(seeds) seeds, \(date)\n")
    let marks = checkpoints
    var losses: [[Double]] = []
    for method in Divergence.methods { losses.append(try meanLosses(method, at: marks)) }
    var table = Table(headings: ["updates"] + Divergence.methods, textColumns: 0)
    for (mark, updates) in marks.enumerated() {
      table.rows.append(["\(updates)"] + losses.map { fixed($0[mark], 2) })
    }
    print(table.description)
    if let folder { try folder.write(chart(marks, losses).svg, to: "divergence.svg") }
  }

  private static let methods = [
    ContrastiveDivergence.name, PersistentContrastiveDivergence.name,
    TemperedPersistentContrastiveDivergence.name,
  ]

  /// The mean over the seeds.
  private func meanLosses(_ method: String, at marks: [Int]) throws -> [Double] {
    let runs = try Parallel.all.map(seeds) { seed, _ in
      try negativeLogLikelihoods(method, seed: UInt64(seed) + 1, at: marks)
    }
    return marks.indices.map { mark in runs.reduce(0) { $0 + $1[mark] } / Double(seeds) }
  }

  /// 1, 2, 5, 10, … up to the last update.
  private var checkpoints: [Int] {
    let decades = (0...7).flatMap { decade in [1, 2, 5].map { $0 * Int(pow(10, Double(decade))) } }
    return decades.filter { $0 < updates } + [updates]
  }

  /// −Σ log P(v) over the images after so many updates.
  private func negativeLogLikelihoods(
    _ method: String, seed: UInt64, at marks: [Int]
  ) throws -> [Double] {
    let images = BitSamples.barsAndStripes(side: 4), alone = Parallel(threads: 1)
    var settings = TrainingSettings()
    settings.method = method
    (settings.epochs, settings.batchSize, settings.chains) = (updates, images.count, images.count)
    (settings.learningRate, settings.schedule, settings.momentum) = (learningRate, .constant, StepSchedule(0))
    (settings.l2, settings.isCentered, settings.seed) = (0, false, seed)
    settings.temperatures = temperatures
    let first = RBM(
      visibleBias: [Float](repeating: 0, count: images.width),
      hiddenBias: [Float](repeating: 0, count: hidden),
      weights: WeightInitialization.uniform(bound: 0.1)(visible: images.width, hidden: hidden, seed: seed))
    var trainer = try Trainer(model: first, samples: images, settings: settings, parallel: alone)
    var done = 0
    return try marks.map { mark in
      while done < mark {
        try trainer.step(samples: images, parallel: alone)
        done += 1
      }
      let logZ = try trainer.model.exactLogPartition(parallel: alone)
      return trainer.model.freeEnergies(of: images, parallel: alone).reduce(0) { $0 + Double($1) + logZ }
    }
  }

  private func chart(_ marks: [Int], _ losses: [[Double]]) -> LineChart {
    let colours = ["#c44e52", "#dd8452", "#4c72b0"]
    let series = zip(Divergence.methods, zip(losses, colours)).map { method, line in
      LineChart.Series(
        mark: ChartFrame.Mark(name: method, colour: line.1),
        points: zip(marks, line.0).map { (Double($0), $1) })
    }
    return LineChart(
      title: "Learning bars and stripes for \(updates) updates",
      subtitles: [
        "16 × \(hidden) units, learning rate \(learningRate), minibatches and chains of 32, mean of \(seeds) seeds",
        "−Σ log P(v) over the 32 images; the least is 108.131",
      ], horizontal: "updates", vertical: "negative log-likelihood, nats", series: series)
  }
}
