public import BoltzmannCompute

/// Training or test data: `count` samples of `width` visible values, held compactly.
///
/// A minibatch of it becomes Float rows only where it is used.
public protocol Samples: Sendable {
  var count: Int { get }
  var width: Int { get }

  /// How much each sample counts, all positive; nil where all count the same.
  var weights: [Float]? { get }

  /// Rows of `target` ← the samples of these numbers; shape `[indices.count, width]`.
  ///
  /// `epoch` matters only to data that is binarised afresh each epoch.
  func load(_ indices: ArraySlice<Int>, epoch: Int, into target: MutableMatrixView)
}

extension Samples {
  public var weights: [Float]? { nil }

  /// The samples of these numbers as a matrix, `[indices.count, width]`.
  public func matrix(_ indices: some Collection<Int>, epoch: Int = 0) -> Matrix {
    var result = Matrix(rows: indices.count, columns: width)
    result.withMutableView { load(ArraySlice(indices), epoch: epoch, into: $0) }
    return result
  }

  /// The weighted mean of every visible over all samples, accumulated in Double by blocks.
  public func means(parallel: Parallel = .all) -> [Float] {
    columnMeans(parallel) { _ in }.map { Float($0) }
  }

  /// The weighted mean and variance of every visible over all samples.
  ///
  /// The variance is that of the values about their mean, in a second pass: it does not cancel.
  public func statistics(parallel: Parallel = .all) -> ColumnStatistics {
    let means = means(parallel: parallel)
    let variances = columnMeans(parallel) { rows in
      rows.apply { ($1 - means[$0]) * ($1 - means[$0]) }
    }
    return ColumnStatistics(means: means, variances: variances.map { Float($0) })
  }

  /// The weighted means of the columns after `change` saw the rows of a block.
  private func columnMeans(
    _ parallel: Parallel, _ change: @Sendable (_ rows: MutableMatrixView) -> Void
  ) -> [Double] {
    let weights = weights
    let blocks = parallel.mapBlocks(of: count, size: 1000) { range in
      var sums = [Float](repeating: 0, count: width), rows = matrix(range)
      rows.withMutableView(change)
      rows.view.addColumnSums(scale: 1, weights: weights.map { Array($0[range]) }, to: &sums)
      return sums
    }
    var totals = [Double](repeating: 0, count: width)
    for sums in blocks {
      for index in totals.indices { totals[index] += Double(sums[index]) }
    }
    let total = weights.map { $0.reduce(0) { $0 + Double($1) } } ?? Double(max(count, 1))
    return totals.map { $0 / total }
  }

  /// Up to `limit` sample numbers spread evenly over the data: the fixed set that metrics use.
  public func evenlySpread(_ limit: Int) -> [Int] {
    guard count > limit else { return Array(0..<count) }
    return (0..<limit).map { $0 * count / limit }
  }
}

/// Some of the samples of others, in an order of their own.
struct SelectedSamples: Samples {
  private let all: any Samples
  private let numbers: [Int]

  init(_ all: any Samples, numbers: [Int]) {
    self.all = all
    self.numbers = numbers
  }

  var count: Int { numbers.count }
  var width: Int { all.width }
  var weights: [Float]? { all.weights.map { weights in numbers.map { weights[$0] } } }

  func load(_ indices: ArraySlice<Int>, epoch: Int, into target: MutableMatrixView) {
    all.load(ArraySlice(indices.map { numbers[$0] }), epoch: epoch, into: target)
  }
}
