internal import Boltzmann

/// The numbers of a table scaled to [0, 1], as Bernoulli visibles take them.
struct UnitIntervalValues {
  let grey: any Samples
  /// The same as bits where every value is 0 or 1.
  let binary: BitSamples?
  /// What values above 1 are divided by.
  let scale: Double?

  /// Throws `DataError` with the first row and column whose value is out of range.
  init(_ placed: PlacedValues, scale given: Double?) throws {
    let table = placed.table
    switch table.values {
    case .bytes(let bytes):
      let largest = bytes.max() ?? 0
      // Grey pictures come as whole files; in a table of several kinds a larger number is a slip.
      let scale = largest > 1 ? given ?? (placed.isWhole ? 255 : 1) : 1
      if let index = bytes.firstIndex(where: { Double($0) > scale }) {
        throw outside(placed, index, scale)
      }
      self.scale = largest > 1 ? scale : given
      grey = GreySamples(width: table.columns, bytes: bytes, scale: Float(1 / scale))
      binary = largest <= 1 ? placed.bits { $0 == 1 } : nil
    case .floats(let floats):
      let scale = floats.contains { $0 > 1 } ? given ?? 1 : 1
      if let index = floats.firstIndex(where: { !($0 >= 0 && Double($0) <= scale) }) {
        throw outside(placed, index, scale)
      }
      self.scale = given
      grey = FloatSamples(
        width: table.columns, values: scale == 1 ? floats : floats.map { Float(Double($0) / scale) })
      binary = floats.allSatisfy { $0 == 0 || $0 == 1 } ? placed.bits { $0 == 1 } : nil
    }
  }
}

private func outside(_ placed: PlacedValues, _ index: Int, _ scale: Double) -> DataError {
  let limit = scale == 1 ? "[0, 1]" : "[0, \(scale)]"
  return placed.error(index, "lies outside \(limit), which binary visibles take (see --scale)")
}
