public import BoltzmannCompute
internal import Foundation

extension RBM {
  /// Independent samples of P(v), `[count, visible]`, drawn from the machine's own law without a chain.
  /// ```
  /// s ~ P(s) of the enumerated layer, by its distribution function      v ~ P(v | h = s) where it is the hidden one
  /// ```
  /// Where both sides are Gaussian, x = Λ⁻¹t + L⁻ᵀξ of the joint normal law. Throws `EnumerationError` where no
  /// layer can be enumerated, `NoPartitionError` where there is no law.
  public func exactSamples(count: Int, seed: UInt64, parallel: Parallel = .all) throws -> Matrix {
    if let pair = try GaussianPair(self) { return pair.samples(count: count, seed: seed) }
    let enumeration = try Enumeration(of: self)
    let random = RandomStream(seed: seed, purpose: .exactState)
    let chosen = enumeration.samples(
      uniforms: (0..<count).map { random.uniforms(row: UInt64($0), count: 1)[0] }, parallel: parallel)
    guard enumeration.layer == .hidden else { return chosen }
    var visibles = Matrix(rows: count, columns: visibleCount)
    visibles.withMutableView { view in
      parallel.forEachBlock(of: count, size: rowsPerBlock) { range in
        sampleVisibles(
          given: chosen.view.rows(range),
          random: RandomRows(
            RandomStream(seed: seed, purpose: .exactVisible), rows: rowNumbers(range)),
          into: view.rows(range))
      }
    }
    return visibles
  }
}

extension Enumeration {
  /// The enumerated layer's state at the place of each uniform number in the distribution function.
  ///
  /// A first pass sums blocks of states, a second one visits the blocks that a number falls into.
  func samples(uniforms: [Double], parallel: Parallel) -> Matrix {
    let sums = blockSums(parallel: parallel)
    let targets = BlockTargets(uniforms, logSums: sums)
    let visited = targets.blocks
    let found = parallel.map(visited.count) { index, _ in
      states(at: targets.places(in: visited[index]), block: visited[index], logSum: sums[visited[index]])
    }
    var result = Matrix(rows: uniforms.count, columns: enumeratedColumns)
    result.withMutableView { view in
      for (sample, state) in found.joined() { view.setRow(sample, state) }
    }
    return result
  }

  /// The states of a block at these places, each a share of the block's own sum.
  private func states(
    at places: [(sample: Int, place: Double)], block: Int, logSum: Double
  ) -> [(Int, [Float])] {
    var result: [(Int, [Float])] = [], begin = 0.0
    var next = 0, last: (highState: Int, low: Int) = (0, 0)
    forEachTile(block: block) { highState, logWeights in
      for (low, weight) in logWeights.enumerated() {
        begin += exp(weight - logSum)
        last = (highState, low)
        while next < places.count, places[next].place < begin {
          result.append((places[next].sample, state(highState: highState, low: low)))
          next += 1
        }
      }
    }
    // Rounding may leave the sum of all just below a place.
    return result + places[next...].map { ($0.sample, state(highState: last.highState, low: last.low)) }
  }
}

/// Which samples fall into which block of states, and where.
private struct BlockTargets {
  private var placesOfBlock: [Int: [(sample: Int, place: Double)]] = [:]

  init(_ uniforms: [Double], logSums: [Double]) {
    let total = logSumExp(logSums)
    let shares = logSums.map { exp($0 - total) }
    var block = 0, begin = 0.0
    for (sample, uniform) in uniforms.enumerated().sorted(by: { $0.element < $1.element }) {
      while block + 1 < shares.count, uniform >= begin + shares[block] {
        begin += shares[block]
        block += 1
      }
      let place = shares[block] > 0 ? (uniform - begin) / shares[block] : 0
      placesOfBlock[block, default: []].append((sample, place))
    }
  }

  var blocks: [Int] { placesOfBlock.keys.sorted() }

  func places(in block: Int) -> [(sample: Int, place: Double)] { placesOfBlock[block] ?? [] }
}
