import Boltzmann
import BoltzmannCompute
import Foundation

// Steps with planted faults: what a test of stationarity has to find.

/// Adjusted Langevin steps that forget that their proposals are not symmetric.
struct UncorrectedLangevin<Model: DifferentiableEnergyModel>: Transition {
  let stepSize: Double
  var leavesLawInvariant: Bool { false }

  func move(_ states: MutableMatrixView, of model: Model, random: TransitionRandom) -> Int {
    let start = Matrix(states.view)
    let langevin = LangevinTransition<Model>(stepSize: stepSize, isAdjusted: false)
    _ = langevin.move(states, of: model, random: random)
    let (before, after) = (model.energies(of: start.view), model.energies(of: states.view))
    for row in 0..<states.rows
    where random.uniform(.transitionAcceptance, row: row) >= exp(before[row] - after[row]) {
      states.rows(row..<(row + 1)).copy(start.view.rows(row..<(row + 1)))
    }
    return states.rows
  }
}

/// A walk that accepts every proposal.
struct UnrejectedWalk<Model: EnergyModel>: Transition {
  let stepSize: Double
  var leavesLawInvariant: Bool { false }

  func move(_ states: MutableMatrixView, of model: Model, random: TransitionRandom) -> Int {
    for row in 0..<states.rows {
      for (index, normal) in random.normals(row: row, count: states.columns).enumerated() {
        states[row, index] += Float(stepSize * normal)
      }
    }
    return states.rows
  }
}

extension Matrix {
  /// A copy of what a view shows.
  init(_ view: MatrixView) { self.init(rows: view.rows, columns: view.columns, values: view.values) }
}
