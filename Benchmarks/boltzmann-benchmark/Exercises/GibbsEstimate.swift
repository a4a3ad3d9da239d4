internal import Boltzmann
internal import BoltzmannCompute
internal import Foundation

/// E[v_j h_i] of all pairs from Gibbs chains, with standard errors from groups of chains that know nothing of each
/// other; beside the exact values where the machine is small.
struct GibbsEstimate {
  private static let groups = 50
  private static let chainsPerGroup = 20
  private static let burnIn = 200
  private static let recordedSteps = 200

  private let side: Int
  private let seconds: Double
  private let means: [Double]
  private let standardErrors: [Double]
  /// Nil where the machine cannot be enumerated.
  private let exact: [Double]?

  init(side: Int, seed: UInt64, parallel: Parallel) throws {
    note("sampling \(side) + \(side) units …")
    let model = RBM.square(side: side, seed: seed)
    let (groups, seconds) = timed { Self.groupMeans(of: model, seed: seed, parallel: parallel) }
    self.side = side
    self.seconds = seconds
    let pairs = 0..<(side * side)
    let count = Double(Self.groups)
    let means = pairs.map { pair in groups.reduce(0) { $0 + $1[pair] } / count }
    self.means = means
    standardErrors = pairs.map { pair in
      let squares = groups.reduce(0) { $0 + pow($1[pair] - means[pair], 2) }
      return (squares / (count * (count - 1))).squareRoot()
    }
    exact =
      side > Enumeration.limit
      ? nil : Array(try model.expectedParameterGradient(parallel: parallel)[pairs])
  }

  /// The means of v E[h | v]ᵀ, v and E[h | v] over the recorded steps of each group's chains.
  private static func groupMeans(of model: RBM, seed: UInt64, parallel: Parallel) -> [[Double]] {
    let chains = MarkovChains(
      model: model.withTransposedWeights, transition: model.defaultTransition, seed: seed, parallel: parallel)
    let start = BlockGibbs(model: model, seed: seed).initialState(chains: groups * chainsPerGroup)
    var state = MarkovChains<GibbsTransition<RBM>>.State(states: start.visibles)
    chains.run(&state, steps: burnIn)
    var sums = [[Double]](repeating: model.parameters.map { _ in 0 }, count: groups)
    for _ in 0..<recordedSteps {
      chains.run(&state, steps: 1)
      let states = state.states.view
      let means = parallel.mapBlocks(of: states.rows, size: chainsPerGroup) {
        model.meanParameterGradient(over: states.rows($0))
      }
      for group in sums.indices { sums[group] = zip(sums[group], means[group]).map { $0 + $1 } }
    }
    return sums.map { $0.map { $0 / Double(recordedSteps) } }
  }

  static func text(_ estimates: [GibbsEstimate]) -> String {
    var table = Table(
      headings: [
        "units", "seconds", "E[v_1 h_1]", "standard error", "exact", "largest |z| of all pairs",
        "largest standard error",
      ], textColumns: 1)
    table.rows = estimates.map(\.cells)
    return table.description + "\n\(groups * chainsPerGroup) chains, \(burnIn) steps to forget the start, "
      + "\(recordedSteps) recorded, errors from \(groups) groups of chains"
  }

  private var cells: [String] {
    [
      "\(side) + \(side)", significant(seconds), fixed(means[0], 5), fixed(standardErrors[0], 5),
      exact.map { fixed($0[0], 5) } ?? "–", largestScore.map { fixed($0, 2) } ?? "–",
      fixed(standardErrors.max() ?? .nan, 5),
    ]
  }

  private var largestScore: Double? {
    exact.flatMap { exact in
      means.indices.map { abs(means[$0] - exact[$0]) / standardErrors[$0] }.max()
    }
  }
}
