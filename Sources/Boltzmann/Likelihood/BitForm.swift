internal import BoltzmannCompute

/// A law of two-state units in terms of bits s: x = low + step·s, all in Double.
/// ```
/// fᵀx + ½xᵀJx = constant + kᵀs + ½sᵀKs      K_ij = step_i J_ij step_j      k_i = step_i(f_i + Σ_j J_ij low_j)
/// ```
struct BitForm: Sendable {
  /// K, `[units][units]`.
  let couplings: [[Double]]
  private let low: [Double]
  private let step: [Double]
  /// Σ_j J_ij low_j
  private let shift: [Double]

  /// Some units of a machine by themselves.
  init(_ machine: BoltzmannMachine, units: Range<Int>) {
    let kinds = units.map { machine.kind($0) }
    let low = kinds.map { Double($0.low) }, step = kinds.map { Double($0.step) }
    let rows = units.map { machine.window($0..<($0 + 1), units).values.map(Double.init) }
    self.low = low
    self.step = step
    shift = rows.map { zip($0, low).reduce(0) { $0 + $1.0 * $1.1 } }
    couplings = rows.indices.map { i in rows[i].indices.map { step[i] * rows[i][$0] * step[$0] } }
  }

  /// k for some fields f.
  func bias(fields: [Double]) -> [Double] { low.indices.map { step[$0] * (fields[$0] + shift[$0]) } }

  /// What the lowest state contributes.
  func constant(fields: [Double]) -> Double {
    low.indices.reduce(0) { $0 + low[$1] * (fields[$1] + shift[$1] / 2) }
  }

  /// E[x_i] from E[s_i].
  func mean(_ i: Int, _ bit: Double) -> Double { low[i] + step[i] * bit }

  /// E[x_i x_j] from E[s_i s_j], E[s_i] and E[s_j].
  func pair(_ i: Int, _ j: Int, both: Double, _ first: Double, _ second: Double) -> Double {
    low[i] * low[j] + low[i] * step[j] * second + step[i] * low[j] * first + step[i] * step[j] * both
  }
}
