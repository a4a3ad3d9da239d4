internal import Boltzmann
internal import BoltzmannCompute
internal import Foundation

/// E[v_j h_i | v] = v_j σ(c_i + Σ_k v_k W_ki) of all pairs: one product, n logistics, one outer product.
struct ConditionalCost {
  private let side: Int
  private let seconds: Double
  private static let repetitions = 10_000

  init(side: Int, seed: UInt64) {
    let model = RBM.square(side: side, seed: seed)
    let state = MatrixView.coins(side: side, seed: seed)
    let means = MutableMatrixView(rows: 1, columns: side)
    let products = MutableMatrixView(rows: side, columns: side)
    self.side = side
    seconds =
      timed {
        for _ in 0..<Self.repetitions {
          model.hiddenMeans(given: state, into: means)
          products.multiply(state.transposed, means.view.asIs)
        }
      }.seconds / Double(Self.repetitions)
  }

  var text: String {
    "\(side * side) multiply–adds, \(side) logistics, \(side * side) products: "
      + "\(significant(seconds * 1e6)) µs on one thread"
  }
}

/// E[v_j h_i] = Σ_h P(h) E[v_j | h] h_i of all pairs: 2ⁿ terms of n² multiply–adds each.
struct EnumerationCost {
  private struct Point {
    let side: Int
    let seconds: Double
    var secondsPerTerm: Double { seconds / exp2(Double(side)) }
    /// The same for a term of another size: a term costs as many multiply–adds as there are pairs.
    func years(side other: Int) -> Double {
      let pairs = pow(Double(other) / Double(side), 2)
      return secondsPerTerm * pairs * exp2(Double(other)) / secondsPerYear
    }
  }

  private let points: [Point]

  init(largest: Int, seed: UInt64, parallel: Parallel) throws {
    let sides = [10, 15, 18, 20, 22].filter { $0 < largest } + [largest]
    points = try sides.map { side in
      note("enumerating \(side) + \(side) units …")
      let model = RBM.square(side: side, seed: seed)
      let repetitions = max(1, 1 << (16 - side))
      let seconds = try timed {
        for _ in 0..<repetitions { _ = try model.expectedParameterGradient(parallel: parallel) }
      }.seconds
      return Point(side: side, seconds: seconds / Double(repetitions))
    }
  }

  var text: String {
    var table = Table(
      headings: ["units", "terms", "multiply–adds a term", "seconds", "ns a term", "years for 100 + 100"],
      textColumns: 1)
    for point in points {
      table.rows.append([
        "\(point.side) + \(point.side)", "\(1 << point.side)", "\(point.side * point.side)",
        scientific(point.seconds), significant(point.secondsPerTerm * 1e9),
        scientific(point.years(side: notesSide)),
      ])
    }
    return table.description + "\n" + count
  }

  private var count: String {
    let terms = exp2(Double(notesSide)), pairs = Double(notesSide * notesSide)
    return "\(notesSide) + \(notesSide): \(scientific(terms)) terms × \(scientific(pairs)) multiply–adds = "
      + "\(scientific(terms * pairs)); without summing a layer out, "
      + "\(scientific(exp2(Double(2 * notesSide)))) states"
  }
}

private let secondsPerYear = 365.25 * 86_400

extension MatrixView {
  /// A state of fair coins, `[1, side]`.
  static func coins(side: Int, seed: UInt64) -> MatrixView {
    let uniforms = RandomStream(seed: seed, purpose: .initialState).uniforms(row: 0, count: side)
    return Matrix(rows: 1, columns: side) { uniforms[$1] < 0.5 ? 1 : 0 }.view
  }
}

/// `1.3e+30`
func scientific(_ value: Double) -> String { String(format: "%.2e", value) }
