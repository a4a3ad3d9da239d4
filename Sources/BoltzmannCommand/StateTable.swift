internal import Boltzmann
internal import BoltzmannCompute
internal import BoltzmannData

/// Visible states as the user has them in files: state numbers of categorical sites, real values in their own units.
struct StateTable {
  let values: NumericTable.Values
  let columns: Int

  /// `states`: `[rows, visible]`.
  init(_ states: Matrix, of stored: StoredModel) {
    let blocks = stored.machine.visible.blocks
    if let whitening = stored.preprocessing?.fittedWhitening {
      (values, columns) = (.floats(whitening.invert(states.view).values), whitening.mean.count)
    } else if blocks.allSatisfy({ $0.kind == BernoulliUnits.kind }) {
      (values, columns) = (.bytes(states.values.map { UInt8($0) }), states.columns)
    } else {
      let rows = (0..<states.rows).map { row in
        StateTable.columns(states.view.rows(row..<(row + 1)).values, blocks)
      }
      (values, columns) = (NumericTable.Values.floats(rows.flatMap { $0 }), rows.first?.count ?? 0)
    }
  }

  /// One row, a number for each unit or site.
  private static func columns(_ row: [Float], _ blocks: [UnitBlock]) -> [Float] {
    var begin = 0
    return blocks.flatMap { block in
      defer { begin += block.columns }
      guard !block.states.isEmpty else { return Array(row[begin..<(begin + block.columns)]) }
      var first = begin
      return block.states.map { states in
        defer { first += states }
        return Float(row[first..<(first + states)].firstIndex(of: 1).map { $0 - first } ?? 0)
      }
    }
  }
}
