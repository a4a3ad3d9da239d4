internal import BoltzmannCompute

extension Parallel {
  /// Runs sets of chains side by side, each from its first half-step to its last.
  ///
  /// `prepare` makes the start of a block of a set, before anything else looks at it.
  func run(
    _ sets: [GibbsChains], prepare: @Sendable (_ set: Int, _ rows: Range<Int>) -> Void = { _, _ in }
  ) {
    if sets.allSatisfy(\.isCutByRowsOnly) {
      let starts = sets.indices.map { sets[..<$0].reduce(0) { $0 + $1.blocks.count } }
      forEach(sets.reduce(0) { $0 + $1.blocks.count }) { job, _ in
        let set = starts.lastIndex { $0 <= job } ?? 0
        prepare(set, sets[set].blocks[job - starts[set]])
        sets[set].run(block: job - starts[set])
      }
    } else {
      runStages(sets, prepare)
    }
  }

  /// Stage 0 prepares, stage n + 1 is half-step n of every set that has so many.
  private func runStages(
    _ sets: [GibbsChains], _ prepare: @Sendable (_ set: Int, _ rows: Range<Int>) -> Void
  ) {
    @Sendable func tiles(_ set: GibbsChains, _ stage: Int) -> Int {
      stage == 0 ? set.blocks.count : stage <= set.halfSteps ? set.tiles(stage - 1) : 0
    }
    let stages = 1 + (sets.map(\.halfSteps).max() ?? 0)
    forEachStage(stages) { stage in
      sets.reduce(0) { $0 + tiles($1, stage) }
    } _: { stage, index in
      var index = index
      for (number, set) in sets.enumerated() {
        let count = tiles(set, stage)
        if index < count {
          return stage == 0 ? prepare(number, set.blocks[index]) : set.run(stage - 1, tile: index)
        }
        index -= count
      }
    }
  }
}
