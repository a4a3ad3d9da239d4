public import BoltzmannCompute
internal import Foundation

/// Sites with one of q states each (softmax, Potts), written as q columns of which one is 1.
/// ```
/// P(x_a = 1 | I) = e^{β(b_a + I_a)} / Σ_c e^{β(b_c + I_c)}       Γ = log Σ_c e^{β(b_c + I_c)}, a site
/// ```
/// A draw is the inverse of the distribution function at the one random number of the site.
public struct CategoricalUnits: Units {
  public static let kind = "categorical"
  public var statesAreBits: Bool { true }

  public var parameters: UnitParameters
  /// Where the sites begin, and the end.
  let offsets: [UInt32]
  /// Where the layer that this is a window of has the first column and the first site.
  private var first = (column: 0, site: 0)

  /// `parameters.states` says how many states each site has.
  public init(_ parameters: UnitParameters) {
    offsets = parameters.states.reduce(into: [0]) { $0.append($0.last! + UInt32($1)) }
    precondition(
      offsets.last! == parameters.bias.count, "\(parameters.bias.count) biases for \(offsets.last!) states")
    self.parameters = parameters
  }

  public var sites: [Site]? {
    parameters.states.indices.map { site in
      let columns = columns(site)
      return Site(
        columns: columns,
        states: columns.indices.map { state in columns.map { $0 == state ? 1 : 0 } })
    }
  }

  private func columns(_ site: Int) -> Range<Int> { Int(offsets[site])..<Int(offsets[site + 1]) }

  public var blocks: [UnitBlock] { [UnitBlock(kind: kind, states: parameters.states)] }

  public func addLogNormalizers(inputs: MatrixView, inverseTemperature: Float, to sums: inout [Double]) {
    inputs.addCategoricalLogNormalizers(
      bias: bias, sites: offsets, inverseTemperature: inverseTemperature, to: &sums)
  }

  public func means(inputs: MatrixView, inverseTemperature: Float, into means: MutableMatrixView) {
    means.categoricalMeans(of: inputs, bias: bias, sites: offsets, inverseTemperature: inverseTemperature)
  }

  /// p(1 − p)
  public func variances(inputs: MatrixView, inverseTemperature: Float, into variances: MutableMatrixView) {
    means(inputs: inputs, inverseTemperature: inverseTemperature, into: variances)
    variances.apply { $1 * (1 - $1) }
  }

  public func modes(inputs: MatrixView, into modes: MutableMatrixView) {
    modes.copy(inputs)
    for row in 0..<modes.rows {
      for site in parameters.states.indices {
        let columns = columns(site)
        let best = columns.max { modes[row, $0] + bias[$0] < modes[row, $1] + bias[$1] }
        for column in columns { modes[row, column] = column == best ? 1 : 0 }
      }
    }
  }

  public func sample(
    inputs: MatrixView, inverseTemperature: Float, random: RandomRows, means: MutableMatrixView?,
    into states: MutableMatrixView
  ) {
    states.sampleCategorical(
      inputs: inputs, bias: bias, sites: offsets, inverseTemperature: inverseTemperature, means: means,
      random: random.beginning(at: random.firstUnit - first.column + first.site))
  }

  /// log of the frequency, at least 0.001, in the zero-sum gauge: the biases of a site add up to zero.
  public func bias(ofMeans means: [Float]) -> [Float] {
    parameters.states.indices.flatMap { site in
      let logs = columns(site).map { log(max(Double(means[$0]), 0.001)) }
      let mean = logs.reduce(0, +) / Double(logs.count)
      return logs.map { Float($0 - mean) }
    }
  }

  // MARK: - Windows

  /// Cuts lie between sites, where the column is a multiple of 16 and the site of 4.
  public func pieces(width: Int) -> [Range<Int>] {
    var pieces: [Range<Int>] = [], begin = 0
    for site in stride(from: 4, to: parameters.states.count, by: 4) {
      let column = Int(offsets[site])
      guard column % 16 == 0, column - begin >= width else { continue }
      pieces.append(begin..<column)
      begin = column
    }
    return pieces + [begin..<count]
  }

  public func window(_ columns: Range<Int>) -> CategoricalUnits {
    let sites = parameters.states.indices.filter { columns.contains(Int(offsets[$0])) }
    var result = CategoricalUnits(
      UnitParameters(bias: Array(bias[columns]), states: sites.map { parameters.states[$0] }))
    result.first = (first.column + columns.lowerBound, first.site + (sites.first ?? 0))
    return result
  }
}
