public import BoltzmannCompute

/// Visibles that are held at given values while the others are sampled: chains of P(v_free | v_clamped).
///
/// A Gibbs step that puts the clamped visibles back after each draw of the layer leaves that law as it is, since units
/// of a layer are independent given the other one.
public struct ClampedVisibles: Sendable {
  /// The clamped columns, ascending ranges.
  public let columns: [Range<Int>]
  /// `[chains, visible]`, of which the clamped columns count.
  public let values: Matrix

  /// Clamps some columns of `model` at the values of the rows, one a chain.
  ///
  /// Throws `SettingsError` where columns repeat, do not exist, or cut a categorical site in two.
  public init(columns: [Int], values: Matrix, of model: RBM) throws {
    let sorted = columns.sorted(), distinct = Set(columns)
    guard distinct.count == columns.count, sorted.allSatisfy({ (0..<model.visibleCount).contains($0) }),
      values.columns == model.visibleCount
    else {
      throw SettingsError(
        message: "clamped columns must be distinct and below the machine's \(model.visibleCount) visibles")
    }
    for site in model.visible.sites ?? [] {
      let clamped = site.columns.filter { distinct.contains($0) }.count
      guard clamped == 0 || clamped == site.columns.count else {
        throw SettingsError(
          message: "columns \(site.columns) are one categorical unit: they are clamped together or not at all"
        )
      }
    }
    self.columns = sorted.reduce(into: []) { ranges, column in
      if let last = ranges.last, last.upperBound == column {
        ranges[ranges.count - 1] = last.lowerBound..<(column + 1)
      } else {
        ranges.append(column..<(column + 1))
      }
    }
    self.values = values
  }

  /// Puts the values of some chains into states of some columns.
  func put(into states: MutableMatrixView, chains: Range<Int>, window: Range<Int>) {
    for range in columns {
      let shared = range.clamped(to: window)
      guard !shared.isEmpty else { continue }
      let own = (shared.lowerBound - window.lowerBound)..<(shared.upperBound - window.lowerBound)
      states.columns(own).copy(values.view.rows(chains).columns(shared))
    }
  }
}
