/// The inverse temperatures 0 = β₀ < … < β_K = 1 of annealed importance sampling.
public struct AnnealingSchedule: Spelled {
  public let inverseTemperatures: [Double]
  public let description: String

  /// K equal steps.
  public static func linear(_ steps: Int) -> AnnealingSchedule {
    precondition(steps >= 1, "annealing takes at least one step")
    return AnnealingSchedule(
      inverseTemperatures: (0...steps).map { Double($0) / Double(steps) }, description: "\(steps)")
  }

  /// Salakhutdinov & Murray (2008), section 4.1: 500 steps up to 0.5, 4,000 to 0.9, 10,000 to 1.
  public static let salakhutdinovMurray: AnnealingSchedule = {
    let parts = [(0.0, 0.5, 500), (0.5, 0.9, 4000), (0.9, 1.0, 10000)]
    let inner = parts.flatMap { begin, end, steps in
      (0..<steps).map { begin + (end - begin) * Double($0) / Double(steps) }
    }
    return AnnealingSchedule(inverseTemperatures: inner + [1], description: "sm2008")
  }()

  private init(inverseTemperatures: [Double], description: String) {
    self.inverseTemperatures = inverseTemperatures
    self.description = description
  }

  /// A number of equal steps, or `sm2008`, which 14500 means too.
  public init?(_ text: String) {
    if text == "sm2008" || text == "14500" {
      self = .salakhutdinovMurray
    } else if let steps = Int(text), steps >= 1 {
      self = .linear(steps)
    } else {
      return nil
    }
  }

  public var steps: Int { inverseTemperatures.count - 1 }
}
