internal import Boltzmann

/// How the blocks of a layer stand in a model's metadata.
///
/// One kind is its name, with a list of states beside it where it is categorical; several are a JSON list:
/// `[{"count":12,"kind":"bernoulli"},{"kind":"categorical","states":[4,2,7]}]`.
struct LayerMetadata {
  let blocks: [UnitBlock]

  init(_ blocks: [UnitBlock]) { self.blocks = blocks }

  func entries(_ side: String) -> [String: String] {
    guard blocks.count == 1 else {
      return ["\(side)_units": JSONValue.array(blocks.map(json)).description]
    }
    var result = ["\(side)_units": blocks[0].kind]
    if !blocks[0].states.isEmpty { result["\(side)_states"] = list(blocks[0].states).description }
    return result
  }

  private func json(_ block: UnitBlock) -> JSONValue {
    block.states.isEmpty
      ? ["kind": .string(block.kind), "count": .integer(block.count)]
      : ["kind": .string(block.kind), "states": list(block.states)]
  }

  private func list(_ states: [Int]) -> JSONValue { .array(states.map { .integer($0) }) }
}

extension ModelReader {
  /// The layer `side`: its kinds from the metadata, its size from its bias.
  func units(_ side: String) throws -> any Units {
    let bias = try tensor("\(side)_bias", shape: nil)
    let blocks = try blocks(side, columns: bias.count)
    let columns = blocks.reduce(0) { $0 + $1.columns }
    guard columns == bias.count else {
      throw error(
        "has \(bias.count) entries, but \(side)_units have \(columns) columns", tensor: "\(side)_bias")
    }
    guard var units = Boltzmann.units(of: blocks) else { throw unknown(side, "\(blocks.map(\.kind))") }
    units.bias = bias
    if units.precision.isEmpty {
      try refuse(["\(side)_precision"])
    } else {
      units.precision = try precision(side, count: bias.count)
    }
    return units
  }

  private func precision(_ side: String, count: Int) throws -> [Float] {
    let name = "\(side)_precision", found = try tensor(name, shape: [count])
    guard found.allSatisfy({ $0 > 0 }) else { throw error("has an entry that is not positive", tensor: name) }
    return found
  }

  private func blocks(_ side: String, columns: Int) throws -> [UnitBlock] {
    guard let text = file.metadata["\(side)_units"] else {
      throw error("the metadata has no \"\(side)_units\"")
    }
    if text.hasPrefix("[") {
      guard let list = parsed(text)?.array, !list.isEmpty else { throw unknown(side, text) }
      return try list.map { try block($0, side, text) }
    }
    guard UnitKinds.named(text) != nil else { throw unknown(side, text) }
    guard text == CategoricalUnits.kind else { return [UnitBlock(kind: text, count: columns)] }
    guard let states = file.metadata["\(side)_states"].flatMap(parsed).flatMap(states) else {
      throw error("the metadata has no \"\(side)_states\", a list of numbers of states")
    }
    return [UnitBlock(kind: text, states: states)]
  }

  private func block(_ json: JSONValue, _ side: String, _ text: String) throws -> UnitBlock {
    guard let object = json.object, let kind = object["kind"]?.string, UnitKinds.named(kind) != nil else {
      throw unknown(side, text)
    }
    if kind == CategoricalUnits.kind, let states = object["states"].flatMap(states) {
      return UnitBlock(kind: kind, states: states)
    }
    guard kind != CategoricalUnits.kind, let count = object["count"]?.integer,
      (1...ModelReader.mostUnits).contains(count)
    else { throw unknown(side, text) }
    return UnitBlock(kind: kind, count: count)
  }

  /// Sums of so many counts and states do not overflow.
  private static let mostUnits = 1 << 40

  private func states(_ json: JSONValue) -> [Int]? {
    guard let list = json.array, !list.isEmpty else { return nil }
    let states = list.compactMap(\.integer)
    let isRight =
      states.count == list.count && states.allSatisfy { (1...CategoricalSamples.mostStates).contains($0) }
    return isRight ? states : nil
  }

  private func parsed(_ text: String) -> JSONValue? { try? JSONValue.parse(Array(text.utf8), path: path) }

  private func unknown(_ side: String, _ text: String) -> DataError {
    let known = UnitKinds.all.map { $0.kind }.joined(separator: ", ")
    return error("\(side)_units \"\(text)\" is unknown, expected one of: \(known)")
  }
}
