import Boltzmann
import BoltzmannCompute
import Foundation

/// A density that nobody normalises by hand, as a user of the package would write it.
/// ```
/// E(x; θ) = θ₁ x⁴ − θ₂ x²          ∂ log f_x/∂θ = (−x⁴, x²)
/// ```
struct DoubleWell: DifferentiableEnergyModel {
  var parameters: [Double]

  var stateWidth: Int { 1 }
  var defaultTransition: LangevinTransition<DoubleWell> { LangevinTransition(stepSize: 0.2) }

  func energy(_ x: Double) -> Double { parameters[0] * x * x * x * x - parameters[1] * x * x }

  func energies(of states: MatrixView) -> [Double] {
    (0..<states.rows).map { energy(Double(states[$0, 0])) }
  }

  func meanParameterGradient(over states: MatrixView) -> [Double] {
    let squares = (0..<states.rows).map { Double(states[$0, 0]) * Double(states[$0, 0]) }
    let count = Double(states.rows)
    return [-squares.reduce(0) { $0 + $1 * $1 } / count, squares.reduce(0, +) / count]
  }

  func stateGradients(of states: MatrixView, into gradients: MutableMatrixView) {
    for row in 0..<states.rows {
      let x = Double(states[row, 0])
      gradients[row, 0] = Float(4 * parameters[0] * x * x * x - 2 * parameters[1] * x)
    }
  }
}

/// A law on a fine grid between −8 and 8: what sums and inverse cumulative sums are made from.
struct GridLaw {
  static let step = 0x1p-11
  static let points = (-(8 << 11)...(8 << 11)).map { Double($0) * step }
  /// P at each point times the step.
  let masses: [Double]

  init(_ energy: (Double) -> Double) {
    let weights = Self.points.map { exp(-energy($0)) }
    let total = weights.reduce(0, +)
    masses = weights.map { $0 / total }
  }

  /// E[f(x)].
  func expectation(_ function: (Double) -> Double) -> Double {
    zip(Self.points, masses).reduce(0) { $0 + $1.1 * function($1.0) }
  }

  /// The inner edges of `count` bins of nearly equal probability, and the probability of each.
  func bins(_ count: Int) -> (edges: [Double], probabilities: [Double]) {
    var edges: [Double] = [], probabilities = [0.0], cumulative = 0.0
    for (point, mass) in zip(Self.points, masses) {
      if edges.count + 1 < count && cumulative >= Double(edges.count + 1) / Double(count) {
        edges.append(point - Self.step / 2)
        probabilities.append(0)
      }
      probabilities[probabilities.count - 1] += mass
      cumulative += mass
    }
    return (edges, probabilities)
  }

  /// Draws by the inverse cumulative sum, spread uniformly within a cell of the grid, `[count, 1]`.
  func draws(_ count: Int, seed: UInt64) -> Matrix {
    let sums = masses.reduce(into: [Double]()) { $0.append(($0.last ?? 0) + $1) }
    let stream = RandomStream(seed: seed, purpose: .test)
    return Matrix(rows: count, columns: 1) { row, _ in
      let uniform = stream.uniforms(row: UInt64(row), count: 2)
      var (low, high) = (0, sums.count - 1)
      while low < high {
        let middle = (low + high) / 2
        if sums[middle] > uniform[0] { high = middle } else { low = middle + 1 }
      }
      return Float(Self.points[low] + (uniform[1] - 0.5) * Self.step)
    }
  }
}
