public import BoltzmannReference

/// How far the engine, which computes in Float, may be from the reference for a classification machine.
///
/// As in `FloatBounds`: an operation rounds by at most u = 2⁻²⁴ of its result, a sum of k terms by k·u·Σ|terms|.
/// Inputs o_yj are sums of m + 2 terms, X their largest magnitude. Visible values lie in [0, 1].
public struct ClassificationBounds: Sendable {
  private let machine: ReferenceClassificationRBM
  private let u = FloatBounds.roundoff

  public init(_ machine: ReferenceClassificationRBM) { self.machine = machine }

  /// |c_j| + |U_yj| + Σ_i |W_ij|, `[hidden]`.
  private var inputMagnitudes: [Double] {
    machine.hiddenBias.indices.map { j in
      abs(machine.hiddenBias[j]) + machine.classWeights.map { abs($0[j]) }.max()!
        + machine.weights.reduce(0) { $0 + abs($1[j]) }
    }
  }

  private var operations: Double { Double(machine.visibleCount + 4) }

  /// Of a hidden mean: slope ¼ at most, and 2u of the kernel.
  public var hiddenMean: Double { operations * u * (inputMagnitudes.max() ?? 0) / 4 + 2 * u }

  /// Of d_y + Σ_j softplus(o_yj): slope 1 at most, the kernel is good to 9u of a term, softplus(x) ≤ |x| + 1.
  public var logit: Double {
    let hidden = inputMagnitudes.reduce(0) {
      $0 + (operations + 9 + Double(machine.hiddenCount)) * u * (1 + $1)
    }
    return hidden + u * machine.classBias.reduce(0) { max($0, abs($1)) }
  }

  /// Of F(v, y) and F(v): a logit and Σ_i b_i v_i.
  public var freeEnergy: Double {
    logit + Double(machine.visibleCount) * u * machine.visibleBias.reduce(0) { $0 + abs($1) }
  }

  /// Of P(y | v), whose logarithm moves by up to twice what a logit does.
  public var probability: Double { 2 * logit + u }

  /// Of a mean over rows of differences of probabilities times hidden means, the differences of weight `weight`.
  public func gradient(rows count: Int, weight: Double) -> Double {
    2 * weight * (hiddenMean + probability + Double(count + 2) * u)
  }

  /// Of P(v_i = 1 | h), slope ¼, and of P(y ≤ k | h), which moves by up to half of what a logit does.
  private var down: Double {
    let visible = machine.weights.indices.map { i in
      abs(machine.visibleBias[i]) + machine.weights[i].reduce(0) { $0 + abs($1) }
    }
    let classes = machine.classWeights.indices.map { y in
      abs(machine.classBias[y]) + machine.classWeights[y].reduce(0) { $0 + abs($1) }
    }
    let inputs = Double(machine.hiddenCount + 2) * u * ((visible + classes).max() ?? 0)
    return inputs / 2 + Double(2 + machine.classCount) * u
  }

  /// What the margin of a Gibbs step must exceed for the engine to draw as the reference does.
  public var draw: Double { max(hiddenMean, down) + 0x1p-32 }
}

extension ReferenceClassificationRBM {
  /// How near the draws of a Gibbs step come to falling out the other way.
  public func margin(
    visible: [Double], class y: Int, row: Int, step: Int, random: ReferenceRandom
  ) -> Double {
    let means = hiddenMeans(given: visible, class: y)
    let hidden = random.bernoulli(means, row: row, step: step, stream: ReferenceRandom.Stream.hidden)
    return min(
      random.margin(means, row: row, step: step, stream: ReferenceRandom.Stream.hidden),
      random.margin(
        visibleMeans(given: hidden), row: row, step: step, stream: ReferenceRandom.Stream.visible),
      random.margin(ofClasses: classProbabilities(givenHidden: hidden), unit: 0, row: row, step: step))
  }
}

extension ReferenceRandom {
  /// How near the uniform number of a class comes to the end of a class.
  public func margin(ofClasses probabilities: [Double], unit: Int, row: Int, step: Int) -> Double {
    let uniform = uniform53(unit: unit, row: row, step: step, stream: Stream.classes)
    var end = 0.0
    return probabilities.dropLast().reduce(1) { smallest, probability in
      end += probability
      return min(smallest, abs(uniform - end))
    }
  }
}
