internal import BoltzmannCompute

/// How a half-step of some chains is cut into pieces of work: blocks of rows, and units where those are few.
///
/// Eight blocks or more feed enough cores: each runs its chains to the end by itself. Fewer are cut by units as
/// well, into as many tiles as the workers need, and all meet after every half-step. That is the one place
/// where a cut depends on the number of workers. No bit does: sums of selected rows and draws are the same
/// in any window, and sgemm is always called for the same pieces of about 128 columns.
struct Tiling: Sendable {
  /// What sgemm is called for where blocks are few, and the least that a tile has.
  static let tileWidth = 128
  /// From so many blocks on, rows alone are cut.
  static let manyBlocks = 8

  let blocks: Blocks
  private let threads: Int

  init(rows: Int, threads: Int) {
    blocks = Blocks(count: rows, size: rowsPerBlock)
    self.threads = threads
  }

  private var cutsUnits: Bool { blocks.count < Tiling.manyBlocks }

  /// The columns of each call of sgemm for a layer: a function of the problem alone.
  func pieces(of layer: any Units) -> [Range<Int>] {
    cutsUnits ? layer.pieces(width: Tiling.tileWidth) : [0..<layer.count]
  }

  /// The columns of each tile of a layer: some of its pieces.
  func windows(of pieces: [Range<Int>]) -> [Range<Int>] {
    let wanted = (threads + blocks.count - 1) / max(blocks.count, 1)
    let windows = Blocks(count: pieces.count, size: max((pieces.count + wanted - 1) / wanted, 1))
    return (0..<windows.count).map { window in
      let range = windows[window]
      return pieces[range.lowerBound].lowerBound..<pieces[range.upperBound - 1].upperBound
    }
  }
}

extension RBM {
  /// How many pieces of work a half-step of so many chains is cut into at most, drawing visibles and hiddens.
  public func tiles(rows: Int, threads: Int) -> (visible: Int, hidden: Int) {
    let tiling = Tiling(rows: rows, threads: threads)
    func tiles(_ layer: any Units) -> Int {
      tiling.blocks.count * tiling.windows(of: tiling.pieces(of: layer)).count
    }
    return (tiles(visible), tiles(hidden))
  }
}
