public import Boltzmann

/// What the columns of a file are to be read as.
public struct VisibleColumns: Sendable {
  /// The kinds, from the first column to the last.
  let specification: LayerSpecification
  /// Who is to take them, and how many columns it takes.
  private let taker: (name: String, columns: Int)?

  /// As the user says; numbers of states that are not said are the data's.
  public init(_ specification: LayerSpecification = LayerSpecification(BernoulliUnits.kind)!) {
    self.specification = specification
    taker = nil
  }

  /// As the visibles of a machine, which is called `name` where the file does not fit.
  public init(of blocks: [UnitBlock], name: String, whitening: Whitening? = nil) {
    let columns = whitening?.mean.count ?? blocks.reduce(0) { $0 + $1.count }
    taker = (name, columns)
    specification =
      whitening == nil
      ? LayerSpecification(blocks) : LayerSpecification([UnitBlock(kind: GaussianUnits.kind, count: columns)])
  }

  /// The parts with the columns of the table that each takes.
  func ranges(of table: NumericTable) throws -> [(part: LayerSpecification.Part, range: Range<Int>)] {
    if let taker, taker.columns != table.columns {
      throw DataError(
        path: table.source,
        message: "has \(table.columns) columns, but \(taker.name) has \(taker.columns) visible units")
    }
    do {
      return try specification.ranges(over: table.columns)
    } catch let error as SettingsError {
      throw DataError(path: table.source, message: "has \(table.columns) columns: \(error)")
    }
  }
}
