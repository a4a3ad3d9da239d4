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

  /// `steps` steps, each with an equal share of what the weights spread along this schedule.
  /// ```
  /// L(β_k) = Σ_{l≤k} s_l        β′_j = L⁻¹(j·L(1)/steps)
  /// ```
  /// with s_l the standard deviation of step l's gain: the thermodynamic length, along which equal steps have the least
  /// variance (Crooks 2007). Every old step gets at least a hundredth of the mean share, so that none is skipped.
  func equalized(deviations: [Double], steps: Int) -> AnnealingSchedule {
    precondition(deviations.count == self.steps, "one deviation a step")
    let mean = deviations.reduce(0, +) / Double(deviations.count)
    var length = [0.0]
    for deviation in deviations { length.append(length[length.count - 1] + deviation + mean / 100 + 1e-300) }
    var interval = 0
    let inner = (1..<steps).map { step -> Double in
      let target = length[length.count - 1] * Double(step) / Double(steps)
      while interval + 1 < deviations.count, length[interval + 1] <= target { interval += 1 }
      let share = (target - length[interval]) / (length[interval + 1] - length[interval])
      return inverseTemperatures[interval]
        + share * (inverseTemperatures[interval + 1] - inverseTemperatures[interval])
    }
    return AnnealingSchedule(inverseTemperatures: [0] + inner + [1], description: "\(steps)")
  }

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
