/// A layer: blocks of units, each of one kind, side by side.
///
/// A table with columns of yes and no, of categories and of real numbers is such a layer; most layers have a single
/// block. Every function is that of the blocks on their columns.
public struct ReferenceLayer: Equatable, Sendable {
  public var blocks: [ReferenceUnits]

  public init(_ blocks: [ReferenceUnits]) { self.blocks = blocks }

  /// A layer of one kind.
  public init(_ units: ReferenceUnits) { self.init([units]) }

  /// The number of columns.
  public var width: Int { blocks.reduce(0) { $0 + $1.width } }

  /// The columns of each block.
  public var ranges: [Range<Int>] {
    var begin = 0
    return blocks.map { block in
      defer { begin += block.width }
      return begin..<(begin + block.width)
    }
  }

  /// The biases, `[column]`.
  public var bias: [Double] {
    get { blocks.flatMap(\.bias) }
    set { for (block, range) in ranges.enumerated() { blocks[block].bias = Array(newValue[range]) } }
  }

  /// The precisions, `[column]`; 1 where the kind has none, whatever is assigned.
  public var precision: [Double] {
    get { blocks.flatMap(\.precision) }
    set { for (block, range) in ranges.enumerated() { blocks[block].precision = Array(newValue[range]) } }
  }

  /// Whether each column is real-valued, `[column]`.
  public var isReal: [Bool] { blocks.flatMap { block in block.bias.map { _ in block.kind.isReal } } }
}

// MARK: The units' functions

extension ReferenceLayer {
  /// The energy of the layer by itself, in nats.
  public func energy(_ state: [Double]) -> Double {
    sum(zip(blocks, parts(state)).map { $0.energy($1) })
  }

  /// The log-normaliser Γ of the inputs, biases included, in nats.
  public func logNormalizer(_ inputs: [Double]) -> Double {
    sum(zip(blocks, parts(inputs)).map { $0.logNormalizer($1) })
  }

  /// E[s | inputs]
  public func mean(_ inputs: [Double]) -> [Double] {
    zip(blocks, parts(inputs)).flatMap { $0.mean($1) }
  }

  /// Var[s | inputs]
  public func variance(_ inputs: [Double]) -> [Double] {
    zip(blocks, parts(inputs)).flatMap { $0.variance($1) }
  }

  /// E[s² | inputs]
  public func secondMoment(_ inputs: [Double]) -> [Double] {
    zip(blocks, parts(inputs)).flatMap { $0.secondMoment($1) }
  }

  /// The most probable state.
  public func mode(_ inputs: [Double]) -> [Double] {
    zip(blocks, parts(inputs)).flatMap { $0.mode($1) }
  }

  /// A state drawn from P(s | inputs).
  ///
  /// The units of a block are numbered from the first multiple of 4 that the columns before it leave free.
  public func sample(
    _ inputs: [Double], row: Int, step: Int, stream: Int, random: ReferenceRandom
  ) -> [Double] {
    var draw = ReferenceUnits.Draw(random, row: row, step: step, stream: stream)
    return zip(blocks, parts(inputs)).flatMap { block, inputs in
      defer { draw.firstUnit += (block.width + 3) / 4 * 4 }
      return block.sample(inputs, draw)
    }
  }

  private func parts(_ values: [Double]) -> [[Double]] {
    precondition(values.count == width, "a layer of \(width) columns, not \(values.count)")
    return blocks.count == 1 ? [values] : ranges.map { Array(values[$0]) }
  }
}
