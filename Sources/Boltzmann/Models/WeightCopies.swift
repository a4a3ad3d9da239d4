public import BoltzmannCompute

/// Copies of a machine's weights that speed up drawing its visibles; a change of the weights drops them.
struct WeightCopies: Sendable {
  /// `[hidden, visible]`: visible inputs are sums of its rows.
  var transposed: Matrix?
  /// `[visible, hidden]` at 8 bits: most visibles can be drawn without their inputs.
  var bytes: ByteWeights?
}

/// The same while all of them are written.
struct WeightCopyViews: Sendable {
  let transposed: MutableMatrixView?
  let bytes: ByteWeights?

  /// Takes over the new weights of some visibles, 16 or a multiple, or the last ones.
  func take(_ weights: MatrixView, visibles range: Range<Int>) {
    transposed?.columns(range).transpose(weights)
    bytes?.take(weights, first: range.lowerBound)
  }
}

extension RBM {
  /// The transposed copy of the weights, `[hidden, visible]`, where one is kept.
  public var transposedWeights: Matrix? { copies.transposed }

  /// The same machine with a transposed copy of the weights at hand, for many steps with these weights.
  public var withTransposedWeights: RBM {
    var result = self
    result.copies = WeightCopies(transposed: weights.transposed)
    return result
  }

  /// The same machine with the copy at hand that suits training, where it is made anew after every update.
  ///
  /// Bytes where the processor has products of them: the copy is a quarter of the size, and draws that need no
  /// inputs are faster than sums of rows while many hiddens change, as fast when few do.
  var withTrainingCopy: RBM {
    var result = self
    result.copies = WeightCopies()
    guard products == .adaptive, hidden.statesAreBits else { return result }
    guard ByteWeights.pay && type(of: visible).drawsByBytes else { return withTransposedWeights }
    let bytes = ByteWeights(units: visibleCount, given: hiddenCount)
    bytes.take(weights.view)
    result.copies = WeightCopies(bytes: bytes)
    return result
  }

  /// Changes the weights; `body` writes the copies along with them.
  mutating func updateWeights(_ body: (_ weights: MutableMatrixView, _ copies: WeightCopyViews) -> Void) {
    // Not shared while they are written.
    var kept = copies
    copies = WeightCopies()
    if kept.bytes != nil, !isKnownUniquelyReferenced(&kept.bytes) {
      kept.bytes = ByteWeights(units: visibleCount, given: hiddenCount)
    }
    let bytes = kept.bytes
    if kept.transposed == nil {
      weights.withMutableView { body($0, WeightCopyViews(transposed: nil, bytes: bytes)) }
    } else {
      kept.transposed?.withMutableView { transposed in
        weights.withMutableView { body($0, WeightCopyViews(transposed: transposed, bytes: bytes)) }
      }
    }
    copies = kept
  }
}
