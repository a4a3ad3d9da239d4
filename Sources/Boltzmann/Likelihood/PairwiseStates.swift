internal import BoltzmannCompute

/// The 2ⁿ states s of n units that are 0 or 1, and their log-weights aᵀs + ½sᵀKs, all in Double.
///
/// State numbers are cut in two: the low units' bits (at most 8) and the high ones'. A log-weight is the sum of an
/// entry of a table of the low units, one of the high units, and what the high units' state adds to the low
/// units' biases: sums of subsets, by doubling, one addition a state.
struct PairwiseStates: Sendable {
  let lowUnits: Range<Int>
  let highUnits: Range<Int>
  private let bias: [Double]
  private let couplings: [[Double]]
  private let lowTable: [Double]
  private let highTable: [Double]

  init(bias: [Double], couplings: [[Double]]) {
    lowUnits = 0..<min(bias.count, 8)
    highUnits = lowUnits.upperBound..<bias.count
    self.bias = bias
    self.couplings = couplings
    lowTable = PairwiseStates.logWeights(lowUnits.map { _ in 0 }, couplings, lowUnits)
    highTable = PairwiseStates.logWeights(Array(bias[highUnits]), couplings, highUnits)
  }

  var lowCount: Int { 1 << lowUnits.count }
  var highCount: Int { 1 << highUnits.count }

  /// The log-weights of all states of the low units beside one state of the high units.
  func logWeights(high: Int) -> [Double] {
    var fields = Array(bias[lowUnits])
    for unit in on(high) {
      for low in lowUnits { fields[low] += couplings[unit][low] }
    }
    let base = highTable[high]
    return zip(lowTable, subsetSums(fields)).map { $0 + $1 + base }
  }

  /// log Σ_s e^{aᵀs + ½sᵀKs} over all states.
  var logSum: Double { logSumExp((0..<highCount).map { logSumExp(logWeights(high: $0)) }) }

  /// The high units that are 1 in a state of theirs.
  func on(_ high: Int) -> [Int] { highUnits.filter { high >> ($0 - highUnits.lowerBound) & 1 == 1 } }

  /// Unit by unit: with a new unit on, a state's log-weight grows by its bias and its couplings to units below.
  private static func logWeights(_ bias: [Double], _ couplings: [[Double]], _ units: Range<Int>) -> [Double] {
    zip(units, bias).reduce(into: [0]) { table, next in
      let (unit, bias) = next
      let below = subsetSums(Array(couplings[unit][units.lowerBound..<unit]))
      table += zip(table, below).map { $0 + $1 + bias }
    }
  }
}

/// The sums of all subsets of the terms, in the order of the binary numbers.
private func subsetSums(_ terms: [Double]) -> [Double] {
  terms.reduce(into: [0]) { sums, term in sums += sums.map { $0 + term } }
}

/// Sums of p(s), p(s)·s and p(s)·s sᵀ over states s of units 0 and 1.
struct PairwiseSums: Sendable {
  private(set) var means: [Double]
  /// Entries (i, j) with j < i.
  private(set) var pairs: [[Double]]

  init(units: Int) {
    means = [Double](repeating: 0, count: units)
    pairs = [[Double]](repeating: means, count: units)
  }

  /// Adds the states of the low units, of these probabilities, beside one state of the high units.
  mutating func add(_ probabilities: [Double], high: Int, of states: PairwiseStates) {
    let on = states.on(high)
    var rest = probabilities
    var both = [(unit: Int, sum: Double)]()
    for unit in states.lowUnits.reversed() {
      let upper = rest[(rest.count / 2)...]
      addPairs(unit, upper)
      both.append((unit, upper.reduce(0, +)))
      rest = zip(rest, upper).map { $0 + $1 }
    }
    for (unit, sum) in both + on.map({ ($0, rest[0]) }) {
      means[unit] += sum
      for high in on where high > unit { pairs[high][unit] += sum }
    }
  }

  /// Pairs of a low unit that is on, whose states these are, with those below it.
  private mutating func addPairs(_ unit: Int, _ states: ArraySlice<Double>) {
    var rest = Array(states)
    for below in (0..<unit).reversed() {
      let upper = rest[(rest.count / 2)...]
      pairs[unit][below] += upper.reduce(0, +)
      rest = zip(rest, upper).map { $0 + $1 }
    }
  }

  static func += (total: inout PairwiseSums, part: PairwiseSums) {
    for unit in total.means.indices {
      total.means[unit] += part.means[unit]
      for other in 0..<unit { total.pairs[unit][other] += part.pairs[unit][other] }
    }
  }
}
