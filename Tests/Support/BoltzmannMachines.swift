public import Boltzmann
internal import BoltzmannCompute
public import BoltzmannReference

extension ReferenceBoltzmannMachine {
  /// A machine with normally distributed parameters, rounded to Float so that the engine can have the same.
  public static func normal(
    visible m: Int, hidden n: Int, deviation: Double = 0.7, visibleKind: Kind = .bernoulli,
    hiddenKind: Kind = .bernoulli, lateral: LateralCouplings = [.visible, .hidden], seed: UInt64
  ) -> ReferenceBoltzmannMachine {
    let random = ReferenceRandom(seed: seed)
    func number(_ a: Int, _ b: Int) -> Double { Double(Float(deviation * random.normal(unit: a, row: b))) }
    func symmetric(_ units: Range<Int>, _ isWanted: Bool) -> [[Double]] {
      units.map { a in
        units.map { b in a == b || !isWanted ? 0 : number(min(a, b), max(a, b)) }
      }
    }
    return ReferenceBoltzmannMachine(
      visibleBias: (0..<m).map { number($0, m + n) }, hiddenBias: (m..<(m + n)).map { number($0, m + n) },
      weights: (0..<m).map { i in (m..<(m + n)).map { number(i, $0) } },
      visibleCouplings: symmetric(0..<m, lateral.contains(.visible)),
      hiddenCouplings: symmetric(m..<(m + n), lateral.contains(.hidden)), visibleKind: visibleKind,
      hiddenKind: hiddenKind)
  }

  /// A machine of the engine.
  public init(_ machine: BoltzmannMachine) {
    self.init(
      visibleBias: machine.visibleBias.doubles, hiddenBias: machine.hiddenBias.doubles,
      weights: machine.weights.doubles, visibleCouplings: machine.visibleCouplings.doubles,
      hiddenCouplings: machine.hiddenCouplings.doubles, visibleKind: Kind(machine.visibleKind),
      hiddenKind: Kind(machine.hiddenKind))
  }

  /// Σ|parameters|: what no energy of a state exceeds.
  public var magnitude: Double {
    (0..<unitCount).reduce(0) { sum, a in
      (0..<a).reduce(sum + abs(bias(a))) { $0 + abs(coupling(a, $1)) }
    }
  }

  /// What an energy, an input or a sum of inputs in Float may be off by: every term passes at most units + 4
  /// roundings of 2⁻²⁴ (Higham 2002, section 3.1), and enters the sums of both of its units.
  public var roundoff: Double { 2 * Double(unitCount + 4) * FloatBounds.roundoff * (magnitude + 1) }
}

extension ReferenceBoltzmannMachine.Kind {
  public init(_ kind: TwoStateKind) { self = kind == .spin ? .spin : .bernoulli }
}

extension BoltzmannMachine {
  /// The same machine in Float.
  public init(_ reference: ReferenceBoltzmannMachine) throws {
    let (m, n) = (reference.visibleCount, reference.hiddenCount)
    try self.init(
      visibleBias: reference.visibleBias.map(Float.init), hiddenBias: reference.hiddenBias.map(Float.init),
      weights: Matrix(reference.weights, columns: n),
      visibleCouplings: Matrix(reference.visibleCouplings, columns: m),
      hiddenCouplings: Matrix(reference.hiddenCouplings, columns: n),
      visibleKind: reference.visibleKind == .spin ? .spin : .bernoulli,
      hiddenKind: reference.hiddenKind == .spin ? .spin : .bernoulli)
  }
}

extension ReferencePairMoments {
  /// Moments of the engine.
  public init(_ moments: PairMoments) {
    self.init(states: [[]], weights: [1])
    pairs = moments.pairs.doubles
    means = moments.means.doubles
  }

  /// The largest difference of two numbers in the same place.
  public func largestDifference(from other: ReferencePairMoments) -> Double {
    max(
      BoltzmannTestSupport.largestDifference(pairs, other.pairs),
      BoltzmannTestSupport.largestDifference(means, other.means))
  }
}

/// Sizes and kinds of machines that between them go every way through the code: spins and bits in either layer, no
/// hiddens, one unit, a layer that can be summed out, and more units than the eight that a table of states has.
public struct BoltzmannMachineCase: Sendable, CustomStringConvertible {
  public let visible: Int
  public let hidden: Int
  public let visibleKind: ReferenceBoltzmannMachine.Kind
  public let hiddenKind: ReferenceBoltzmannMachine.Kind
  public let lateral: LateralCouplings

  public static let all: [BoltzmannMachineCase] = [
    .init(4, 3, .bernoulli, .bernoulli, [.visible, .hidden]),
    .init(3, 4, .spin, .spin, [.visible, .hidden]),
    .init(4, 4, .bernoulli, .spin, [.visible, .hidden]),
    .init(3, 3, .spin, .bernoulli, [.hidden]),
    .init(5, 4, .spin, .spin, [.visible]),
    .init(4, 6, .bernoulli, .bernoulli, [.visible]),
    .init(6, 4, .spin, .bernoulli, []),
    .init(1, 1, .bernoulli, .bernoulli, []),
    .init(7, 0, .spin, .bernoulli, [.visible]),
    .init(1, 0, .bernoulli, .bernoulli, []),
    .init(6, 5, .bernoulli, .spin, [.visible, .hidden]),
    .init(10, 2, .bernoulli, .bernoulli, [.visible]),
  ]

  /// Those whose states are few enough to be summed over hundreds of times.
  public static let small = all.filter { $0.visible + $0.hidden <= 7 }

  private init(
    _ visible: Int, _ hidden: Int, _ visibleKind: ReferenceBoltzmannMachine.Kind,
    _ hiddenKind: ReferenceBoltzmannMachine.Kind, _ lateral: LateralCouplings
  ) {
    self.visible = visible
    self.hidden = hidden
    self.visibleKind = visibleKind
    self.hiddenKind = hiddenKind
    self.lateral = lateral
  }

  public var description: String {
    "\(visible) \(visibleKind) + \(hidden) \(hiddenKind), \(lateral.rawValue)"
  }

  public func machine(seed: UInt64, deviation: Double = 0.7) -> ReferenceBoltzmannMachine {
    .normal(
      visible: visible, hidden: hidden, deviation: deviation, visibleKind: visibleKind,
      hiddenKind: hiddenKind,
      lateral: lateral, seed: seed)
  }

  /// Some states of the visibles.
  public func samples(_ count: Int, seed: UInt64) -> [[Double]] {
    randomStates(count, width: visible, seed: seed).map { $0.map { $0 == 1 ? 1 : visibleKind.low } }
  }
}
