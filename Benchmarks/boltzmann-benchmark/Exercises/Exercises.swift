internal import ArgumentParser
internal import Boltzmann
internal import BoltzmannCompute
internal import Foundation

/// What the expectations of the learning rule cost, counted and timed: exercises of the lecture notes.
///
/// The article "From energy to contrastive divergence" explains the answers.
struct Exercises: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "exercises",
    abstract: "Count and time E[v_j h_i | v] and E[v_j h_i], and sample where counting ends.",
    discussion: """
      Example:

        swift run -c release boltzmann-benchmark exercises

      (a) given the visibles, (b) under the model by enumeration, up to where it ends, and from there to 100 units \
      on each side in years, (c) by Gibbs sampling with standard errors, beside the exact sum where there is one.
      """)

  @Option(help: "The most units on each side that are enumerated, 2 … \(Enumeration.limit).")
  var largest = 24

  @Option(help: "Threads of the exact sums and of the chains. (default: all cores)")
  var threads: Int?

  @Option(help: "Fixes the machines and the chains.")
  var seed: UInt64 = 1

  func validate() throws {
    if let threads, threads < 1 { throw ValidationError("--threads must be at least 1, not \(threads)") }
    if !(2...Enumeration.limit).contains(largest) {
      throw ValidationError("--largest must lie between 2 and \(Enumeration.limit), not \(largest)")
    }
  }

  func run() throws {
    let parallel = threads.map { Parallel(threads: $0) } ?? .all
    let date = Date().formatted(.iso8601).prefix(10)
    print("\(Processor.name), \(parallel.threads) threads, \(BLAS.description), \(date)")
    print("\n(a) E[v_j h_i | v] of all 100 × 100 pairs")
    print(ConditionalCost(side: notesSide, seed: seed).text)
    let cost = try EnumerationCost(largest: largest, seed: seed, parallel: parallel)
    print("\n(b) E[v_j h_i] of all pairs by enumeration\n\(cost.text)")
    let sides = [min(20, largest), notesSide]
    let estimates = try sides.map { try GibbsEstimate(side: $0, seed: seed, parallel: parallel) }
    print("\n(c) the same by Gibbs sampling\n\(GibbsEstimate.text(estimates))")
  }
}

/// The units on each side in the notes.
let notesSide = 100

extension RBM {
  /// A machine with as many visibles as hiddens whose couplings matter: weights N(0, 1/n), biases 0.
  static func square(side: Int, seed: UInt64) -> RBM {
    let zeros = [Float](repeating: 0, count: side)
    let weights = WeightInitialization.normal(standardDeviation: 1 / Double(side).squareRoot())
    return RBM(
      visibleBias: zeros, hiddenBias: zeros, weights: weights(visible: side, hidden: side, seed: seed))
  }
}

/// The result of some work and the seconds it took.
func timed<Result>(_ body: () throws -> Result) rethrows -> (result: Result, seconds: Double) {
  let start = ContinuousClock.now
  let result = try body()
  return (result, (ContinuousClock.now - start) / .seconds(1))
}
