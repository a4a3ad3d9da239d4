internal import BoltzmannCompute

/// Machines from one of independent units to the model, neighbours like enough for their states to change places:
/// the rungs of trajectory tempering (Béreux, Decelle, Furtlehner & Seoane 2024).
///
/// A training's own checkpoints make such a ladder. Unlike machines at other temperatures they were all at
/// equilibrium with data that were easy when they were learned, so that no first-order transition lies between.
public struct TrajectoryLadder: Sendable {
  /// Rung 0 has no weights.
  public private(set) var rungs: [RBM]

  /// Throws `SettingsError` where the machines differ in their units, or the first one has weights.
  public init(_ rungs: [RBM]) throws {
    guard let first = rungs.first else { throw SettingsError(message: "a ladder has at least one rung") }
    guard first.weights.view.squaredNorm == 0 else {
      throw SettingsError(message: "the first rung of a ladder has no weights, so that it can be drawn from")
    }
    for (number, rung) in rungs.enumerated() where !rung.hasUnits(of: first) {
      throw SettingsError(message: "rung \(number) of the ladder has other units than the first one")
    }
    self.rungs = rungs
  }

  /// The base-rate machine of `model` alone: its visibles with the biases `reference`, idle hiddens.
  public init(baseOf model: RBM, reference: [Float]) {
    rungs = [model.tempered(inverseTemperature: 0, reference: reference)]
  }

  public var count: Int { rungs.count }
  public var last: RBM { rungs[rungs.count - 1] }

  /// A machine of the same units becomes the last rung.
  public mutating func append(_ rung: RBM) {
    precondition(rung.hasUnits(of: rungs[0]), "rungs have the same units")
    rungs.append(rung)
  }

  /// log Z₀ = Σ_i Γ_i(0) + Σ_j Γ_j(0) of rung 0, in nats.
  public var logBase: Double {
    var sums = [0.0]
    for layer in [rungs[0].visible, rungs[0].hidden] {
      let rest = MutableMatrixView(rows: 1, columns: layer.count).view
      layer.addLogNormalizers(inputs: rest, inverseTemperature: 1, to: &sums)
    }
    return sums[0]
  }
}

extension RBM {
  fileprivate func hasUnits(of other: RBM) -> Bool {
    visible.blocks == other.visible.blocks && hidden.blocks == other.hidden.blocks
  }
}
