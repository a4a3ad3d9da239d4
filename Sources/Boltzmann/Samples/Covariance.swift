internal import BoltzmannCompute
internal import Foundation

extension Samples {
  /// The mean of a function of every column's values, `[width]`: summed in Double, the blocks in their order.
  func columnMeans(
    parallel: Parallel, of function: @Sendable (_ value: Double, _ column: Int) -> Double
  ) -> [Double] {
    let blocks = parallel.mapBlocks(of: count, size: 1000) { range in
      var sums = [Double](repeating: 0, count: width)
      for (place, value) in matrix(range).values.enumerated() {
        sums[place % width] += function(Double(value), place % width)
      }
      return sums
    }
    var totals = [Double](repeating: 0, count: width)
    for sums in blocks {
      for column in totals.indices { totals[column] += sums[column] }
    }
    return totals.map { $0 / Double(count) }
  }

  /// The covariance matrix around given means, row-major `[width, width]`, accumulated in Double.
  /// ```
  /// C_ij = 1/N Σ_s (x_si − μ_i)(x_sj − μ_j)
  /// ```
  /// Every worker owns rows of C and sees all samples in their order: nothing has to be reduced.
  func covariance(around means: [Double], parallel: Parallel) -> [Double] {
    let tiles = Blocks(count: width, size: 128)
    let rows = parallel.map(tiles.count) { tile, _ in products(of: tiles[tile], around: means) }
    return rows.joined().map { $0 / Double(count) }
  }

  private func products(of columns: Range<Int>, around means: [Double]) -> [Double] {
    var sums = [Double](repeating: 0, count: columns.count * width)
    let blocks = Blocks(count: count, size: 256)
    for block in 0..<blocks.count {
      let values = matrix(blocks[block]).values
      let deviations = values.indices.map { Double(values[$0]) - means[$0 % width] }
      addColumnProducts(deviations, width: width, columns: columns, to: &sums)
    }
    return sums
  }
}
