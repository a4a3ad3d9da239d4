internal import Foundation

/// States of a layer, with the log of the weight of each in a sum over all of them.
///
/// A sum over the states of discrete units has weights 1. An integral over real units becomes a sum over the nodes
/// of a grid, each with the width of its cell. So whatever is computed by a sum over states serves all kinds.
public struct ReferenceStates: Equatable, Sendable {
  /// `[state][column]`; the first unit changes fastest.
  public var states: [[Double]]
  /// `[state]`
  public var logWeights: [Double]

  /// The one state of no units.
  static let empty = ReferenceStates(states: [[]], logWeights: [0])

  /// The states of two sets of units together.
  static func * (first: ReferenceStates, second: ReferenceStates) -> ReferenceStates {
    ReferenceStates(
      states: second.states.flatMap { last in first.states.map { $0 + last } },
      logWeights: second.logWeights.flatMap { last in first.logWeights.map { $0 + last } })
  }
}

extension ReferenceLayer {
  /// All states; for real units a grid of some 100 or 200 nodes a unit.
  ///
  /// It reaches `radius` standard deviations 1/√γ from 0, and steps are no longer than `spacing` of them.
  public func states(radius: Double = 16, spacing: Double = 0.4) -> ReferenceStates {
    blocks.reduce(.empty) { layer, block in
      block.sites.reduce(layer) { states, site in
        states * block.states(of: site, radius: radius, spacing: spacing)
      }
    }
  }

  /// How many states that is, about: a Double, since they may be many.
  public func stateCount(radius: Double = 16, spacing: Double = 0.4) -> Double {
    blocks.reduce(1) { count, block in
      switch block.kind {
      case .bernoulli, .spin: count * exp2(Double(block.width))
      case .categorical: block.sites.reduce(count) { $0 * Double($1.count) }
      case .gaussian: count * pow(2 * radius / spacing, Double(block.width))
      case .relu: count * pow((4 + log(radius)) * radius / spacing, Double(block.width))
      }
    }
  }
}

extension ReferenceUnits {
  fileprivate func states(of site: Range<Int>, radius: Double, spacing: Double) -> ReferenceStates {
    let deviation = 1 / precision[site.lowerBound].squareRoot()
    switch kind {
    case .bernoulli: return ReferenceStates(states: [[0], [1]], logWeights: [0, 0])
    case .spin: return ReferenceStates(states: [[-1], [1]], logWeights: [0, 0])
    case .categorical:
      return ReferenceStates(states: site.map { oneHot($0, in: site) }, logWeights: site.map { _ in 0 })
    case .gaussian: return lineNodes(radius: radius, spacing: spacing, scale: deviation)
    case .relu: return halfLineNodes(radius: radius, spacing: spacing / radius, scale: deviation)
    }
  }
}

/// The trapezoidal rule on the real line, x = scale·k·spacing.
///
/// For smooth functions that die out at both ends it is better than any other: of a Gaussian of deviation σ it
/// misses 2e^{−2π²σ²/spacing²}, 10⁻⁵³ for σ = 1 and the spacing 0.4.
private func lineNodes(radius: Double, spacing: Double, scale: Double) -> ReferenceStates {
  let last = Int((radius / spacing).rounded(.up))
  let nodes = (-last...last).map { scale * spacing * Double($0) }
  return ReferenceStates(states: nodes.map { [$0] }, logWeights: nodes.map { _ in log(scale * spacing) })
}

/// The trapezoidal rule for t after a change of variables that makes functions on x ≥ 0 die out at both ends of t.
/// ```
/// x = scale·exp(t − e^{−t})          dx/dt = x·(1 + e^{−t})
/// ```
/// The steps in x grow with x: the spacing of t decides on the last of them.
/// Source: Takahasi & Mori, "Double exponential formulas for numerical integration", 1974.
private func halfLineNodes(radius: Double, spacing: Double, scale: Double) -> ReferenceStates {
  let range = (-4 / spacing).rounded(.down)...(log(radius) / spacing).rounded(.up)
  let points = stride(from: range.lowerBound, through: range.upperBound, by: 1).map { $0 * spacing }
  return ReferenceStates(
    states: points.map { [scale * exp($0 - exp(-$0))] },
    logWeights: points.map { log(scale * spacing) + $0 - exp(-$0) + log1p(exp(-$0)) })
}
