internal import BoltzmannCompute
internal import Foundation

/// All states of a layer of discrete units, counted with the first site fastest.
///
/// The low sites (at most 32 states together) and the high ones count separately, so that tables of either can be
/// made.
struct DiscreteStates: Sendable {
  private let sites: [Site]
  let lowSites: Range<Int>
  let highSites: Range<Int>
  private let bias: [Float]

  init(sites: [Site], bias: [Float]) {
    self.sites = sites
    self.bias = bias
    var low = 0, count = 1
    while low < sites.count, count * sites[low].states.count <= 32 {
      count *= sites[low].states.count
      low += 1
    }
    lowSites = 0..<low
    highSites = low..<sites.count
  }

  /// log₂ of how many states sites have together.
  static func bits(of sites: [Site]) -> Double { sites.reduce(0) { $0 + log2(Double($1.states.count)) } }

  var lowCount: Int { count(of: lowSites) }
  var highCount: Int { count(of: highSites) }

  private func count(of range: Range<Int>) -> Int { range.reduce(1) { $0 * sites[$1].states.count } }

  /// The columns of some consecutive sites.
  func columns(of range: Range<Int>) -> Range<Int> {
    guard let first = range.first, let last = range.last else {
      let end = range.lowerBound < sites.count ? sites[range.lowerBound].columns.lowerBound : bias.count
      return end..<end
    }
    return sites[first].columns.lowerBound..<sites[last].columns.upperBound
  }

  /// The values of the columns of some sites in one of their states.
  private func values(_ state: Int, of range: Range<Int>) -> [Float] {
    var rest = state
    return range.flatMap { site in
      defer { rest /= sites[site].states.count }
      return sites[site].states[rest % sites[site].states.count]
    }
  }

  /// The values of some sites in a range of their states, `[range, columns of the sites]`.
  func rows(_ range: Range<Int>, sites: Range<Int>) -> Matrix {
    var result = Matrix(rows: range.count, columns: columns(of: sites).count)
    result.withMutableView { view in
      for (row, state) in range.enumerated() { view.setRow(row, values(state, of: sites)) }
    }
    return result
  }

  /// The values of all sites, one row for each state of the low ones, `[low states, columns]`.
  func rows(highState: Int, low: Matrix) -> Matrix {
    let high = values(highState, of: highSites)
    var result = Matrix(rows: low.rows, columns: bias.count)
    result.withMutableView { view in
      for row in 0..<low.rows {
        view.setRow(row, low.view.rows(row..<(row + 1)).values + high)
      }
    }
    return result
  }

  /// Σ_j b_j s_j over the columns of some sites, for a range of their states.
  func biasSums(_ range: Range<Int>, sites: Range<Int>) -> [Double] {
    let bias = bias[columns(of: sites)]
    return range.map { state in
      zip(bias, values(state, of: sites)).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
  }
}
