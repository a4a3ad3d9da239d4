import BoltzmannCompute
import Synchronization
import Testing

@Suite struct ParallelTests {
  static let threads = [1, 2, 3, 8]

  @Test(arguments: threads, [0, 1, 2, 7, 100, 1_000])
  func everyIndexComesOnce(_ threads: Int, _ count: Int) {
    let calls = Mutex([Int](repeating: 0, count: count))
    Parallel(threads: threads).forEach(count) { index, _ in calls.withLock { $0[index] += 1 } }
    #expect(calls.withLock { $0 } == [Int](repeating: 1, count: count))
  }

  /// A worker's number is below the number of threads, and nobody else has it meanwhile.
  @Test(arguments: threads)
  func workersHaveNumbersOfTheirOwn(_ threads: Int) {
    let busy = Mutex(Set<Int>())
    let isExclusive = Mutex(true)
    Parallel(threads: threads).forEach(500) { _, worker in
      let isFree = busy.withLock { $0.insert(worker).inserted }
      if !isFree || !(0..<threads ~= worker) { isExclusive.withLock { $0 = false } }
      _ = busy.withLock { $0.remove(worker) }
    }
    #expect(isExclusive.withLock { $0 })
  }

  /// Every index of every stage once, and none before all of the stage before it; stages may be empty.
  @Test(arguments: threads)
  func stagesFollowEachOther(_ threads: Int) {
    let counts = [3, 0, 7, 1, 40, 2, 0]
    let calls = Mutex([[Int]](repeating: [], count: counts.count))
    let isInOrder = Mutex(true)
    Parallel(threads: threads).forEachStage(counts.count, count: { counts[$0] }) { stage, index in
      calls.withLock { calls in
        calls[stage].append(index)
        if (0..<stage).contains(where: { calls[$0].count != counts[$0] }) {
          isInOrder.withLock { $0 = false }
        }
      }
    }
    #expect(calls.withLock { $0.map { $0.sorted() } } == counts.map { Array(0..<$0) })
    #expect(isInOrder.withLock { $0 })
    Parallel(threads: threads).forEachStage(0, count: { _ in 5 }) { _, _ in Issue.record("there is no stage")
    }
  }

  /// What a stage wrote, the next one sees, whichever workers they were: a sum that moves on from stage to stage.
  @Test(arguments: threads)
  func stagesSeeWhatWasWrittenBefore(_ threads: Int) {
    let numbers = MutableMatrixView(rows: 2, columns: 8)
    numbers.fill(1)
    Parallel(threads: threads).forEachStage(20, count: { _ in 8 }) { stage, index in
      let sum = numbers.view.rows((stage % 2)..<(stage % 2 + 1)).values.reduce(0, +)
      numbers[1 - stage % 2, index] = sum / 4
    }
    // Each stage doubles all numbers: 8 of them, a quarter of the sum each.
    #expect(numbers.view.rows(0..<1).values == [Float](repeating: 0x1p20, count: 8))
  }

  @Test func thereIsAlwaysOneThread() {
    #expect(Parallel(threads: 0).threads == 1 && Parallel(threads: -3).threads == 1)
    #expect(Parallel.all.threads >= 1)
  }

  @Test(arguments: threads, [(0, 5), (1, 5), (5, 5), (6, 5), (23, 5), (3, 100)])
  func blocksCoverEverythingOnce(_ threads: Int, _ shape: (count: Int, size: Int)) {
    let calls = Mutex([Int](repeating: 0, count: shape.count))
    Parallel(threads: threads).forEachBlock(of: shape.count, size: shape.size) { range in
      calls.withLock { for index in range { $0[index] += 1 } }
    }
    #expect(calls.withLock { $0 } == [Int](repeating: 1, count: shape.count))
  }

  @Test(arguments: threads)
  func resultsComeInTheOrderOfTheBlocks(_ threads: Int) {
    let ranges = Parallel(threads: threads).mapBlocks(of: 103, size: 10) { $0 }
    #expect(ranges == (0..<11).map { 10 * $0..<min(10 * $0 + 10, 103) })
    #expect(Parallel(threads: threads).mapBlocks(of: 0, size: 10) { $0 }.isEmpty)
  }

  /// Of several errors the first block's is thrown, whoever met with one first.
  @Test(arguments: threads)
  func theFirstBlocksErrorIsThrown(_ threads: Int) {
    struct Refusal: Error, Equatable { let block: Int }
    #expect(throws: Refusal(block: 3)) {
      try Parallel(threads: threads).mapBlocks(of: 100, size: 10) { range in
        if range.lowerBound >= 30 { throw Refusal(block: range.lowerBound / 10) }
        return range.lowerBound
      }
    }
  }

  /// Inputs, draws and sums of a block of rows at a time: the same bits with any number of threads.
  @Test func resultsDoNotDependOnTheNumberOfThreads() {
    let results = Self.threads.map { result(Parallel(threads: $0)) }
    #expect(results.allSatisfy { $0 == results[0] })
  }

  private struct Outcome: Equatable {
    let states: [Float]
    let sums: [Double]
  }

  private func result(_ parallel: Parallel) -> Outcome {
    let (rows, units) = (103, 37)
    let samples = Matrix.normal(rows: rows, columns: 61, seed: 30)
    let weights = Matrix.normal(rows: 61, columns: units, seed: 31)
    let bias = normals(units, seed: 32)
    let numbers = (0..<UInt64(rows)).map { 7 * $0 }
    let stream = RandomStream(seed: 33, purpose: .hidden)
    let states = MutableMatrixView(rows: rows, columns: units)
    let sums = parallel.mapBlocks(of: rows, size: 10) { range in
      let block = states.rows(range)
      block.multiply(samples.view.rows(range), weights.view)
      var sums = [Double](repeating: 0, count: range.count)
      block.view.addSoftplusSums(bias: bias, to: &sums)
      let random = RandomRows(stream, rows: numbers[range])
      block.sampleBernoulli(inputs: block.view, bias: bias, random: random)
      return sums
    }
    return Outcome(states: states.view.values, sums: sums.flatMap { $0 })
  }
}

@Suite struct BlocksTests {
  @Test(arguments: [0, 1, 49, 50, 51, 1_000], [1, 7, 50, 5_000])
  func rangesAreConsecutiveAndCover(_ count: Int, _ size: Int) {
    let blocks = Blocks(count: count, size: size)
    let ranges = (0..<blocks.count).map { blocks[$0] }
    #expect(ranges.flatMap { Array($0) } == Array(0..<count))
    #expect(ranges.dropLast().allSatisfy { $0.count == size })
    #expect(ranges.allSatisfy { !$0.isEmpty })
  }
}
