internal import Boltzmann
internal import BoltzmannCompute
internal import Foundation

/// A training under published conditions, and what came out of it there and here.
protocol Experiment: Sendable {
  /// What `--only` calls it.
  var name: String { get }

  /// Whether `--quick` includes it.
  var isQuick: Bool { get }

  /// Whether it learns from MNIST.
  var needsMNIST: Bool { get }

  /// Trains, measures and compares.
  ///
  /// Throws `DataError` where the data cannot be read, `TrainingDiverged` where an update is not finite.
  func run(in laboratory: Laboratory) throws -> [Finding]
}

/// The experiments, cheapest first; a new one adds its line here.
enum Experiments {
  static let all: [any Experiment] =
    BarsAndStripes.all + [
      LaplaceMixture(), GaussianMixture(), DeepLearningTutorial(), CenteredMNIST(isFlipped: false),
      CenteredMNIST(isFlipped: true), DiscriminativeRBM(), FeaturesAndRegression(), PlainMNIST(),
      LargeMNIST(),
    ]

  /// Their names, for people.
  static var names: String { all.map(\.name).joined(separator: ", ") }
}

/// What all experiments share: the seed, the threads, the data, and somewhere to say how far they have come.
struct Laboratory: Sendable {
  let seed: UInt64
  /// Whether figures that take long are left out.
  let isQuick: Bool
  let mnist: MNISTFiles
  private(set) var parallel: Parallel

  /// The figures of `count` machines, each from a seed of its own.
  ///
  /// Several machines learn at once on a thread each: small ones gain more from it than from several threads.
  func figures<Figure: Sendable>(
    _ count: Int, _ figure: @Sendable (_ laboratory: Laboratory, _ seed: UInt64) throws -> Figure
  ) rethrows -> [Figure] {
    var single = self
    single.parallel = Parallel(threads: 1)
    return try parallel.mapBlocks(of: count, size: 1) { [single] in
      try figure(single, seed &+ UInt64($0.lowerBound))
    }
  }

  /// One line for whoever waits.
  func note(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }

  /// The result of `body` and the seconds it took.
  func timed<Result>(_ body: () throws -> Result) rethrows -> (result: Result, seconds: Double) {
    let start = ContinuousClock.now
    let result = try body()
    return (result, (ContinuousClock.now - start) / .seconds(1))
  }
}
