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
    // A copy may be at work with the same room.
    if entries.count < count || !isKnownUniquelyReferenced(&sorted) {
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
  /// likewise its biases, if there are any, without decay, by how many more were k before than are after. Returns
  /// Σ velocity², not finite where a new weight is not.
  public func step(
    _ place: Int, _ entries: ListedEntries, means: ListedMeans, rows: SiteRows, update: WeightUpdate
  ) -> Double {
    let range = starts[place]..<starts[place + 1], first = sites[place] * levels
    // Plain comparisons: this is done for every rating, and an array of them would cost more than the update.
    precondition(
      entries.count >= starts[starts.count - 1] && rows.weights.rows == ends.count * levels
        && rows.weights.columns == means.columns, "shapes differ")
    return self.entries.withUnsafeBufferPointer { all in
      Kernels.best.listed_site_step(
        means.kernel, all.baseAddress! + range.lowerBound, range.count, entries.cases.base,
        entries.before.base, entries.after.base, UInt32(first), levels, rows.moving(first),
        rows.bias.map { $0.base + first }, rows.biasVelocity.map { $0.base + first }, update.kernel,
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
  /// `[1, sites · levels]`, if the rows have biases.
  let bias, biasVelocity: MutableMatrixView?

  public init(
    weights: MutableMatrixView, velocity: MutableMatrixView, bias: MutableMatrixView? = nil,
    biasVelocity: MutableMatrixView? = nil
  ) {
    precondition(weights.rows == velocity.rows && weights.columns == velocity.columns, "shapes differ")
    precondition(weights.isPadded && velocity.isPadded, "rows are moved in whole vectors")
    precondition((bias == nil) == (biasVelocity == nil), "biases have velocities")
    if let bias, let biasVelocity {
      precondition(bias.columns == weights.rows && biasVelocity.columns == weights.rows, "one bias a row")
    }
    (self.weights, self.velocity, self.bias, self.biasVelocity) = (weights, velocity, bias, biasVelocity)
  }

  fileprivate func moving(_ row: Int) -> boltzmann_moving_rows {
    boltzmann_moving_rows(
      weights: weights.base + row * weights.stride, velocity: velocity.base + row * velocity.stride,
      stride: weights.stride, velocity_stride: velocity.stride)
  }
}
