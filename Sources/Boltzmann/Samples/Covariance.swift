internal import BoltzmannCompute
internal import Foundation

extension Samples {
  /// The weighted mean of a function of every column's values, `[width]`: summed in Double, the blocks in their order.
  func columnMeans(
    parallel: Parallel, of function: @Sendable (_ value: Double, _ column: Int) -> Double
  ) -> [Double] {
    let weights = factors
    let blocks = parallel.mapBlocks(of: count, size: 1000) { range in
      var sums = [Double](repeating: 0, count: width)
      for (place, value) in matrix(range).values.enumerated() {
        sums[place % width] +=
          weights[range.lowerBound + place / width] * function(Double(value), place % width)
      }
      return sums
    }
    var totals = [Double](repeating: 0, count: width)
    for sums in blocks {
      for column in totals.indices { totals[column] += sums[column] }
    }
    let total = weights.reduce(0, +)
    return totals.map { $0 / total }
  }

  /// The covariance matrix around given means, row-major `[width, width]`, accumulated in Double.
  /// ```
  /// C_ij = Σ_s w_s(x_si − μ_i)(x_sj − μ_j) / Σ_s w_s
  /// ```
  /// Every worker owns rows of C and sees all samples in their order: nothing has to be reduced.
  func covariance(around means: [Double], parallel: Parallel) -> [Double] {
    let tiles = Blocks(count: width, size: 128), weights = factors, roots = weights.map { $0.squareRoot() }
    let rows = parallel.map(tiles.count) { tile, _ in products(of: tiles[tile], around: means, roots) }
    let total = weights.reduce(0, +)
    return rows.joined().map { $0 / total }
  }

  /// The weights, or ones.
  private var factors: [Double] { weights?.map(Double.init) ?? [Double](repeating: 1, count: count) }

  private func products(of columns: Range<Int>, around means: [Double], _ roots: [Double]) -> [Double] {
    var sums = [Double](repeating: 0, count: columns.count * width)
    let blocks = Blocks(count: count, size: 256)
    for block in 0..<blocks.count {
      let values = matrix(blocks[block]).values, first = blocks[block].lowerBound
      let deviations = values.indices.map {
        roots[first + $0 / width] * (Double(values[$0]) - means[$0 % width])
      }
      addColumnProducts(deviations, width: width, columns: columns, to: &sums)
    }
    return sums
  }
}
