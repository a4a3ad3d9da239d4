/// The simplex method for max Σ x_j, B·x ≤ 1, x ≥ 0 with B > 0, `[rows][columns]`.
///
/// It begins at x = 0, which is allowed, and the solution is bounded since B > 0. A pivot exchanges a variable at
/// zero for one of the basis. Bland's rule (1977), always the first variable that helps, visits no basis twice, so
/// that the method ends; rounding might make it turn in circles, which a limit ends.
struct SimplexTableau {
  private let columns: Int
  /// `[constraint][variable]`, x first, then one slack a constraint, and the right side last.
  private var constraints: [[Double]]
  /// What the objective would gain by each variable, negated; the dual solution stands under the slacks.
  private var objective: [Double]
  /// The variable of the basis that each constraint gives.
  private var basis: [Int]

  /// What counts as zero: entries of B lie between 1 and 2 and pivots lose a few digits.
  private static let smallest = 1e-11
  private static let mostPivots = 100_000

  init(_ matrix: [[Double]]) {
    columns = matrix[0].count
    let rows = matrix.count
    constraints = matrix.enumerated().map { row, entries in
      entries + (0..<rows).map { $0 == row ? 1 : 0 } + [1]
    }
    objective = [Double](repeating: -1, count: columns) + [Double](repeating: 0, count: rows + 1)
    basis = (0..<rows).map { matrix[0].count + $0 }
  }

  /// x, `[column]`.
  var primal: [Double] {
    var x = [Double](repeating: 0, count: columns)
    for (row, variable) in basis.enumerated() where variable < columns {
      x[variable] = constraints[row][constraints[row].count - 1]
    }
    return x
  }

  /// The solution of the dual, `[row]`.
  var dual: [Double] { Array(objective[columns..<(columns + basis.count)]) }

  mutating func solve() {
    for _ in 0..<Self.mostPivots {
      guard let entering = objective.dropLast().firstIndex(where: { $0 < -Self.smallest }),
        let leaving = leavingRow(for: entering)
      else { return }
      pivot(row: leaving, column: entering)
    }
  }

  /// The constraint that binds first when a variable grows; of equal ones that of the first variable.
  private func leavingRow(for entering: Int) -> Int? {
    basis.indices.filter { constraints[$0][entering] > Self.smallest }.min { a, b in
      let (x, y) = (ratio(a, entering), ratio(b, entering))
      return x == y ? basis[a] < basis[b] : x < y
    }
  }

  private func ratio(_ row: Int, _ column: Int) -> Double {
    constraints[row][constraints[row].count - 1] / constraints[row][column]
  }

  private mutating func pivot(row: Int, column: Int) {
    let divisor = constraints[row][column]
    let own = constraints[row].map { $0 / divisor }
    constraints[row] = own
    for other in constraints.indices where other != row {
      subtract(own, times: constraints[other][column], from: &constraints[other])
    }
    subtract(own, times: objective[column], from: &objective)
    basis[row] = column
  }

  private func subtract(_ row: [Double], times factor: Double, from other: inout [Double]) {
    guard factor != 0 else { return }
    for index in row.indices { other[index] -= factor * row[index] }
  }
}
