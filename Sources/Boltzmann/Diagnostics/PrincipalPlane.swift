public import BoltzmannCompute

/// The plane in which some data vary most: their first two principal components.
/// ```
/// X = 1·μᵀ + Σ_k σ_k p_k u_kᵀ          place of v: (u_0ᵀ(v − μ), u_1ᵀ(v − μ))
/// ```
public struct PrincipalPlane: Sendable {
  /// μ, `[visible]`.
  private let center: [Float]
  /// u_0 and u_1, `[visible, 2]`; zero where the data vary in fewer directions.
  private let axes: Matrix
  /// The shares of the variance along the two.
  public let shares: [Double]

  /// Of at most 1,000 samples, spread evenly.
  ///
  /// Throws `FactorizationError` where a value is not finite.
  public init(of data: any Samples) throws {
    let some = SelectedSamples(data, numbers: data.evenlySpread(1000))
    let means = some.means()
    var deviations = some.matrix(0..<some.count)
    deviations.withMutableView { rows in rows.apply { $1 - means[$0] } }
    let spectrum = try SingularSpectrum(of: deviations.transposed, vectors: 2)
    let vectors = spectrum.leftVectors, total = spectrum.values.reduce(0) { $0 + $1 * $1 }
    center = means
    axes = Matrix(rows: data.width, columns: 2) { $1 < vectors.count ? Float(vectors[$1][$0]) : 0 }
    shares = (0..<2).map { $0 < vectors.count ? spectrum.values[$0] * spectrum.values[$0] / total : 0 }
  }

  /// Where some samples lie in the plane.
  public func places(of samples: any Samples, parallel: Parallel = .all) -> [SIMD2<Double>] {
    parallel.mapBlocks(of: samples.count, size: 2 * rowsPerBlock) { range in
      var rows = samples.matrix(range)
      rows.withMutableView { rows in rows.apply { $1 - center[$0] } }
      let places = MutableMatrixView(rows: range.count, columns: 2)
      places.multiply(rows.view, axes.view)
      return (0..<range.count).map { SIMD2(Double(places[$0, 0]), Double(places[$0, 1])) }
    }.flatMap { $0 }
  }
}
