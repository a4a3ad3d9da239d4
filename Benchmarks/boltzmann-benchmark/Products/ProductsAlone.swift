internal import BoltzmannCompute

/// How a product is shared among threads.
enum ProductSplit: Equatable {
  /// As many blocks of rows as threads.
  case evenRows
  /// As many blocks of columns as threads, at cache lines.
  case evenColumns
  /// Blocks of so many rows.
  case rowBlocks(Int)

  var name: String {
    switch self {
    case .evenRows: "even rows"
    case .evenColumns: "even columns"
    case .rowBlocks(let rows): "blocks of \(rows) rows"
    }
  }
}

/// The matrix products of a task and nothing else.
///
/// No program with dense products can be faster than they are by sgemm, as long as it uses the same sgemm.
struct ProductsAlone: Sendable {
  /// Products of which a worker may do its rows one after the other: only between stages all workers meet.
  struct Stage: Sendable {
    let products: [Product]
    var repeats = 1
  }

  let choice: ProductChoice
  let stages: [Stage]
  /// How often the stages follow each other.
  var rounds = 1

  /// One variant for each way to share the products.
  ///
  /// Even blocks are largest, smaller ones wait less for a thread that was held up.
  func contenders(parallel: Parallel, splits: [ProductSplit]) -> [Contender] {
    splits.filter { fits($0, parallel) }.map { split in
      Contender(role: .bound, name: choice.kernelName, variant: split.name, threads: parallel.threads) {
        for _ in 0..<rounds {
          for stage in stages { stage.run(split, parallel) }
        }
        return checksum
      }
    }
  }

  /// One thread shares nothing; row sums of fewer rows may still stay in its cache, sgemm is fastest whole.
  private func fits(_ split: ProductSplit, _ parallel: Parallel) -> Bool {
    parallel.threads > 1 || split == .evenRows || (choice == .adaptive && split != .evenColumns)
  }

  private var checksum: Double {
    stages.flatMap(\.products).reduce(0) { $0 + Double($1.target[0, 0]) }
  }
}

extension ProductsAlone.Stage {
  fileprivate func run(_ split: ProductSplit, _ parallel: Parallel) {
    switch split {
    case .evenRows: runRows((rows + parallel.threads - 1) / parallel.threads, parallel)
    case .rowBlocks(let size): runRows(size, parallel)
    case .evenColumns: runColumns(parallel)
    }
  }

  private var rows: Int { products[0].target.rows }

  private func runRows(_ size: Int, _ parallel: Parallel) {
    parallel.forEachBlock(of: rows, size: size) { range in
      for _ in 0..<repeats {
        for product in products { product.form(rows: range) }
      }
    }
  }

  /// Every product needs all columns of the one before it.
  private func runColumns(_ parallel: Parallel) {
    for _ in 0..<repeats {
      for product in products {
        let columns = product.target.columns
        let cacheLines = (columns + 16 * parallel.threads - 1) / (16 * parallel.threads)
        parallel.forEachBlock(of: columns, size: 16 * cacheLines) { product.form(columns: $0) }
      }
    }
  }
}
