/// How the loops of the naive machine are nested.
public enum NaiveLoopOrder: String, CaseIterable, Sendable {
  /// As the formulas read: for each sample, for each unit, a sum.
  case textbook
  /// Row by row (y += a·x) with plain array indices: the innermost loop touches neighbours.
  case axpy
  /// Row by row through spans of equal length, which the compiler turns into vector instructions.
  case vectorizedAxpy

  var loops: any NaiveLoops.Type {
    switch self {
    case .textbook: TextbookLoops.self
    case .axpy: AxpyLoops.self
    case .vectorizedAxpy: VectorizedAxpyLoops.self
    }
  }
}

/// The three products of learning, in one loop order.
protocol NaiveLoops {
  /// x_sj = c_j + Σ_i v_si W_ij, `[row · hidden]`.
  static func hiddenInputs(of machine: NaiveRBM, given visibles: [Float]) -> [Float]

  /// y_si = b_i + Σ_j W_ij h_sj, `[row · visible]`.
  static func visibleInputs(of machine: NaiveRBM, given hiddens: [Float]) -> [Float]

  /// W_ij += rate · Σ_s (v_si ĥ_sj of the data − v_si ĥ_sj of the chains).
  static func updateWeights(of machine: inout NaiveRBM, along phases: NaivePhases, rate: Float)
}

/// The two phases of a gradient, with as many chains as samples.
struct NaivePhases {
  /// The samples, `[row · visible]`.
  var data: [Float]
  /// The hidden means of the samples, `[row · hidden]`.
  var dataHiddens: [Float]
  /// The visible states of the chains, `[row · visible]`.
  var chains: [Float]
  /// The hidden means of the chains, `[row · hidden]`.
  var chainHiddens: [Float]
}
