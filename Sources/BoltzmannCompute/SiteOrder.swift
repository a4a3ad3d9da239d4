internal import CBoltzmannKernels

/// The entries of a minibatch in the order of their sites: what a worker that owns some sites has to sum.
public struct SiteOrder: Sendable {
  /// The sites that have entries, ascending.
  public private(set) var sites: [Int] = []
  /// Entries of sites[s]: places starts[s] ..< starts[s + 1] of `entries`.
  private var starts: [Int] = []
  private var entries: [UInt32] = []
  /// For every site where its next entry goes, while sorting.
  private var ends: [Int]
  /// Room for the cases of each site in the order of their levels.
  private var sorted = RowNumbers(count: 0)
  private let levels: Int

  public init(sites: Int, levels: Int) {
    precondition((1...256).contains(levels), "a site has 1 to 256 levels")
    ends = [Int](repeating: 0, count: sites)
    self.levels = levels
  }

  /// Sorts the first `count` entries of `rows` by site, each site's in their order (by counting).
  public mutating func sort(_ rows: RowNumbers, count: Int) {
    checkRows(rows.base, rows.checked(0..<count).count, below: ends.count * levels)
    if entries.count < count {
      entries = [UInt32](repeating: 0, count: count + count / 2)
      sorted = RowNumbers(count: 2 * entries.count)
    }
    let divisor = UInt32(levels)
    countEntries(rows, count, divisor)
    ends.withUnsafeMutableBufferPointer { ends in
      entries.withUnsafeMutableBufferPointer { entries in
        for i in 0..<count {
          let site = Int(rows.base[i] / divisor)
          entries[ends[site]] = UInt32(i)
          ends[site] += 1
        }
      }
    }
  }

  /// `sites` and `starts`; `ends` of a site becomes its start.
  private mutating func countEntries(_ rows: RowNumbers, _ count: Int, _ divisor: UInt32) {
    ends.withUnsafeMutableBufferPointer { ends in
      ends.update(repeating: 0)
      for i in 0..<count { ends[Int(rows.base[i] / divisor)] += 1 }
    }
    sites.removeAll(keepingCapacity: true)
    starts.removeAll(keepingCapacity: true)
    var end = 0
    for site in ends.indices where ends[site] > 0 {
      sites.append(site)
      starts.append(end)
      (ends[site], end) = (end, end + ends[site])
    }
    starts.append(end)
  }

  /// One momentum update of a site: `sites[place]`. For each of its levels k
  /// ```
  /// g[k] = Σ_i [before_i = k]·means.before[case_i] − Σ_i [after_i = k]·means.after[case_i]
  /// v[k] ← momentum·v[k] + rate·(g[k] − l2·w[k])       w[k] ← w[k] + v[k]
  /// ```
  /// likewise its biases, without decay, by how many more were k before than are after, and its row of
  /// `rows.conditional` by Σ_k g[k]: every entry has one level before and one after, so that this is what they say of
  /// the site at all. Returns Σ velocity², not finite where a new weight is not.
  public func step(
    _ place: Int, _ entries: ListedEntries, means: ListedMeans, rows: SiteRows, update: WeightUpdate
  ) -> Double {
    let site = sites[place], range = starts[place]..<starts[place + 1], first = site * levels
    // Plain comparisons: this is done for every rating, and an array of them would cost more than the update.
    precondition(
      entries.count >= starts[starts.count - 1] && rows.bias.columns == ends.count * levels
        && rows.weights.columns == means.columns, "shapes differ")
    return self.entries.withUnsafeBufferPointer { all in
      Kernels.best.listed_site_step(
        means.kernel, all.baseAddress! + range.lowerBound, range.count, entries.cases.base,
        entries.before.base, entries.after.base, UInt32(first), levels, rows.moving(first),
        rows.movingConditional(site), rows.bias.base + first, rows.biasVelocity.base + first, update.kernel,
        sorted.base + 2 * range.lowerBound)
    }
  }
}

/// The entries of a minibatch: the case of each, and the rows that it named before and after.
public struct ListedEntries: Sendable {
  let cases, before, after: RowNumbers

  public init(cases: RowNumbers, before: RowNumbers, after: RowNumbers) {
    precondition(cases.count == before.count && cases.count == after.count, "three numbers an entry")
    (self.cases, self.before, self.after) = (cases, before, after)
  }

  var count: Int { cases.count }
}

/// What each case of a minibatch has before and after, `[cases, columns]`.
public struct ListedMeans: Sendable {
  let before, after: MatrixView

  public init(before: MatrixView, after: MatrixView) {
    precondition(before.columns == after.columns && before.rows == after.rows, "shapes differ")
    precondition(before.isPadded && after.isPadded, "sums of rows take whole vectors")
    (self.before, self.after) = (before, after)
  }

  var columns: Int { before.columns }

  var kernel: boltzmann_listed_means {
    boltzmann_listed_means(
      before: before.base, after: after.base, before_stride: before.stride, after_stride: after.stride,
      columns: columns)
  }
}

/// The parameters of sites and their velocities, to write through.
public struct SiteRows: Sendable {
  /// `[sites · levels, columns]`.
  let weights, velocity: MutableMatrixView
  /// `[1, sites · levels]`.
  let bias, biasVelocity: MutableMatrixView
  /// `[sites, columns]`.
  let conditional, conditionalVelocity: MutableMatrixView?

  public init(
    weights: MutableMatrixView, velocity: MutableMatrixView, bias: MutableMatrixView,
    biasVelocity: MutableMatrixView, conditional: MutableMatrixView?, conditionalVelocity: MutableMatrixView?
  ) {
    for (moved, velocity) in [(weights, velocity), (bias, biasVelocity), (conditional, conditionalVelocity)] {
      precondition(moved?.rows == velocity?.rows && moved?.columns == velocity?.columns, "shapes differ")
      precondition(moved?.isPadded ?? true && velocity?.isPadded ?? true, "rows are moved in whole vectors")
    }
    precondition(
      bias.columns == weights.rows && conditional?.columns ?? weights.columns == weights.columns,
      "shapes differ")
    (self.weights, self.velocity, self.bias, self.biasVelocity) = (weights, velocity, bias, biasVelocity)
    (self.conditional, self.conditionalVelocity) = (conditional, conditionalVelocity)
  }

  fileprivate func moving(_ row: Int) -> boltzmann_moving_rows {
    SiteRows.moving(weights, velocity, row)
  }

  fileprivate func movingConditional(_ site: Int) -> boltzmann_moving_rows {
    guard let conditional, let conditionalVelocity else { return boltzmann_moving_rows() }
    return SiteRows.moving(conditional, conditionalVelocity, site)
  }

  private static func moving(
    _ weights: MutableMatrixView, _ velocity: MutableMatrixView, _ row: Int
  ) -> boltzmann_moving_rows {
    boltzmann_moving_rows(
      weights: weights.base + row * weights.stride, velocity: velocity.base + row * velocity.stride,
      stride: weights.stride, velocity_stride: velocity.stride)
  }
}
