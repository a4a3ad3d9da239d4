internal import Boltzmann
internal import BoltzmannCompute

/// The ratings of a minibatch's cases, those of their chains after some Gibbs steps, and the means of the hidden units
/// given either.
///
/// A half-step sums a row of W for every rating, or draws a level for each by the products of its site's rows; nothing
/// is done for what was not rated. Cases go side by side, in blocks of a fixed size.
struct RatingChains: Sendable {
  /// Cases of one block of work.
  static let blockSize = 1

  /// The row of W that each rating selects: in the data, and at the end of the chains.
  private(set) var data = BatchEntries()
  private(set) var model = RowNumbers(count: 0)
  /// The row of D of each site that a case is known to have rated; of no use without D.
  private(set) var met = BatchEntries()
  private var layers: Layers

  /// Everything with a row for each case of a minibatch.
  struct Layers: Sendable {
    /// Means of the hidden units, `[cases, hidden]`, and their drawn states.
    var dataMeans, modelMeans, states: Matrix
    /// Sums of stored rows, and what the states are by way of Bᵀ; `[cases, factors]`, none where W is no product.
    var dataSums, modelSums, projected: Matrix

    init(_ model: RatingRBM, cases: Int) {
      let hidden = Matrix(rows: cases, columns: model.hiddenCount)
      let factors = Matrix(rows: model.mixing == nil ? 0 : cases, columns: model.factorCount)
      (dataMeans, modelMeans, states) = (hidden, hidden, hidden)
      (dataSums, modelSums, projected) = (factors, factors, factors)
    }
  }

  init(_ model: RatingRBM, batchSize: Int) { layers = Layers(model, cases: batchSize) }

  /// How many ratings the minibatch has.
  var count: Int { data.count }
  var caseCount: Int { data.caseCount }
  var entries: ListedEntries { ListedEntries(cases: data.cases, before: data.rows, after: model) }
  var metEntries: ListedEntries { ListedEntries(cases: met.cases, before: met.rows, after: met.rows) }
  var dataMeans: MatrixView { layers.dataMeans.view.rows(0..<caseCount) }
  var modelMeans: MatrixView { layers.modelMeans.view.rows(0..<caseCount) }
  var dataSums: MatrixView { layers.dataSums.view.rows(0..<caseCount) }
  var modelSums: MatrixView { layers.modelSums.view.rows(0..<caseCount) }

  /// Runs T Gibbs steps for the cases `indices` of `lists`, from their ratings or from `start`, the rows at which
  /// their chains stand. Step t draws with the random numbers' step `firstStep` + t, a case with its own number.
  /// `met`: which sites cases are known to have rated, as D has to know it; nil without D.
  ///
  /// Returns how many levels the last step drew anew.
  mutating func run(
    _ machine: RatingRBM, lists: RatingLists, met: RatingLists?, indices: ArraySlice<Int>, start: [UInt32]?,
    steps: Int, seed: UInt64, firstStep: UInt64, parallel: Parallel
  ) -> Int {
    if data.arrange(lists, indices) || !isKnownUniquelyReferenced(&model) {
      model = RowNumbers(count: data.rows.count)
    }
    if let met { self.met.arrange(met, indices) }
    let blocks = Blocks(count: indices.count, size: RatingChains.blockSize)
    let (data, model, metEntries) = (data, model, met == nil ? nil : self.met)
    let changes = layers.withViews { views in
      parallel.map(blocks.count) { block, _ in
        let range = blocks[block]
        for r in range {
          let number = indices[indices.startIndex + r], places = lists.places(of: number)
          data.write(lists.rows[places], of: r)
          model.copy(start?[places] ?? lists.rows[places], to: data.offsets[r])
          if let met { metEntries?.write(met.rows(of: number), of: r) }
        }
        let gibbs = RatingGibbs(
          machine: machine, views: views.rows(range), data: data, met: metEntries, block: range,
          cases: range.map { UInt64(indices[indices.startIndex + $0]) }[...], seed: seed)
        return gibbs.run(model, isPersistent: start != nil, steps: steps, firstStep: firstStep)
      }
    }
    return changes.reduce(0, +)
  }

}

/// Windows on some rows of the layers, to write through.
struct RatingViews: Sendable {
  let dataMeans, modelMeans, states, dataSums, modelSums, projected: MutableMatrixView

  func rows(_ range: Range<Int>) -> RatingViews {
    let factors = dataSums.rows == 0 ? 0..<0 : range
    return RatingViews(
      dataMeans: dataMeans.rows(range), modelMeans: modelMeans.rows(range), states: states.rows(range),
      dataSums: dataSums.rows(factors), modelSums: modelSums.rows(factors), projected: projected.rows(factors)
    )
  }
}

extension RatingChains.Layers {
  mutating func withViews<R>(_ body: (RatingViews) -> R) -> R {
    dataMeans.withMutableView { dataMeans in
      modelMeans.withMutableView { modelMeans in
        states.withMutableView { states in
          dataSums.withMutableView { dataSums in
            modelSums.withMutableView { modelSums in
              projected.withMutableView { projected in
                body(
                  RatingViews(
                    dataMeans: dataMeans, modelMeans: modelMeans, states: states, dataSums: dataSums,
                    modelSums: modelSums, projected: projected))
              }
            }
          }
        }
      }
    }
  }
}

extension RatingLists {
  /// Where the ratings of a case lie.
  func places(of case: Int) -> Range<Int> { starts[`case`]..<starts[`case` + 1] }
}
