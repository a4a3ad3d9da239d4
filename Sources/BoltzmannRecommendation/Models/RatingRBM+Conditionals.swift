public import BoltzmannCompute

// What follows from the energy for one case: its ratings are the rows of W that it selects.

extension RatingRBM {
  /// x = c + Σ_{i ∈ R ∪ S} D_i + Σ_{i ∈ R} W_i^{k(i)} of a case, the input of its hidden units, `[1, hidden]`.
  ///
  /// `rows`: its ratings, as `RatingLists` has them; `seen`: sites that it is known to have rated besides.
  public func hiddenInputs(given rows: ArraySlice<UInt32>, seen: ArraySlice<UInt32> = []) -> Matrix {
    var sums = Matrix(rows: 1, columns: factorCount)
    sums.withMutableView { view in
      view.sumListedRows(of: weights.view, rows, into: 0)
      if let conditional {
        view.sumListedRows(of: conditional.view, sites(of: rows), into: 0, adding: true)
        view.sumListedRows(of: conditional.view, seen, into: 0, adding: true)
      }
    }
    return adding(hiddenBias, to: mixed(sums))
  }

  private func sites(of rows: ArraySlice<UInt32>) -> ArraySlice<UInt32> {
    rows.map { $0 / UInt32(levelCount) }[...]
  }

  /// What is stored, times B where W = AB, `[rows, hidden]`.
  func mixed(_ stored: Matrix) -> Matrix {
    guard let mixing else { return stored }
    var result = Matrix(rows: stored.rows, columns: hiddenCount)
    result.withMutableView { $0.multiply(stored.view, mixing.view) }
    return result
  }

  private func adding(_ bias: [Float], to inputs: Matrix) -> Matrix {
    var inputs = inputs
    inputs.withMutableView { $0.apply { column, value in value + bias[column] } }
    return inputs
  }

  /// The rows of W of a site, `[levels, hidden]`.
  func siteWeights(_ site: Int) -> MatrixView {
    let stored = weights.view.rows(rows(of: site))
    guard mixing != nil else { return stored }
    return mixed(Matrix(rows: levelCount, columns: factorCount, values: stored.values)).view
  }

  /// x where the case is known to have rated one site more, but not how: D of that site added, `[hidden]`.
  func inputs(_ inputs: Matrix, alsoRated site: Int) -> [Float] {
    guard let conditional else { return inputs.values }
    let row = Matrix(rows: 1, columns: factorCount, values: conditional.view.rows(site..<site + 1).values)
    return zip(inputs.values, mixed(row).values).map { $0 + $1 }
  }

  /// P(h_j = 1 | V), or E[h_j | V] of Gaussian ones, `[hidden]`.
  public func hiddenMeans(inputs: [Float]) -> [Float] {
    hiddenKind == .gaussian ? inputs : inputs.map { Float(logistic(Double($0))) }
  }
}

/// How a rating is predicted.
public enum RatingPrediction: String, Sendable, CaseIterable {
  /// P(v_i | the ratings), all hidden units summed out: exact for one site.
  case exact
  /// P(v_i | the hidden units' means): one step of mean field.
  case meanField = "mean-field"
}

extension RatingRBM {
  /// The law of the level of a site that the case has not rated, given what it has rated, `[level]`.
  ///
  /// Of one site more the hidden units can be summed out one by one, for each level k:
  /// ```
  /// P(v_i^k = 1 | V) ∝ e^{b_i^k} Π_j (1 + e^{x_j + W_ij^k})             binary
  ///                  ∝ e^{b_i^k + Σ_j x_j W_ij^k + ½ Σ_j (W_ij^k)²}    Gaussian
  /// ```
  /// `inputs`: x of the case, `[1, hidden]`. Since a site that has a level was rated, D of the site belongs to them and
  /// is added, unless `isSeen`: then it is in them.
  public func levelProbabilities(
    of site: Int, inputs: Matrix, isSeen: Bool = false, prediction: RatingPrediction = .exact
  ) -> [Double] {
    let x = isSeen ? inputs.values : self.inputs(inputs, alsoRated: site), w = siteWeights(site)
    var logits = rows(of: site).map { Double(visibleBias[0, $0]) }
    switch (prediction, hiddenKind) {
    case (.exact, .bernoulli): w.addSoftplusSums(bias: x, to: &logits)
    case (.exact, .gaussian):
      w.addRowDots(with: x, to: &logits)
      var squares = [Double](repeating: 0, count: levelCount)
      w.addRowDots(with: w, to: &squares)
      for k in logits.indices { logits[k] += 0.5 * squares[k] }
    case (.meanField, _): w.addRowDots(with: hiddenMeans(inputs: x), to: &logits)
    }
    return softmax(logits)
  }
}
