internal import Boltzmann
internal import BoltzmannCompute
internal import BoltzmannData

// One safetensors file as of any model (`StoredModel`), with `model` = `rating-rbm`: for each orientation that there is
// the tensors `user.weights`, `user.visible_bias`, `user.hidden_bias` and, where it has them, `user.mixing` and
// `user.conditional`, likewise `item.…`; `implicit.weights`, `implicit.visible_bias` and
// `implicit.hidden_bias`; `item_counts` and `level_shares` for all. The metadata hold the `scale`, the
// names in the order of the tensors (`user_names`, `item_names`, JSON lists) and the kinds of hidden units.

extension Recommender {
  private static let model = "rating-rbm"
  private static let sides = ["user", "item"]
  private static let parameters = ["weights", "visible_bias", "hidden_bias", "mixing", "conditional"]

  /// Replaces the file in one step; the same recommender gives the same bytes.
  ///
  /// Throws `DataError`: `cannotCreate` or `writeFailed`.
  public func write(to path: String, provenance: String? = nil) throws {
    var metadata = [
      "format": StoredModel.format, "model": Recommender.model, "scale": scale.description,
      "user_names": Recommender.list(users.names), "item_names": Recommender.list(items.names),
    ]
    metadata["provenance"] = provenance
    var tensors: [(name: String, tensor: Tensor)] = [
      ("item_counts", Tensor(shape: [items.count], itemCounts.map(Float.init))),
      ("level_shares", Tensor(shape: [scale.levelCount], levelShares.map(Float.init))),
    ]
    for (side, machine) in zip(Recommender.sides, [userModel, itemModel]) {
      guard let machine else { continue }
      metadata["\(side)_hidden_units"] = machine.hiddenKind.rawValue
      tensors += machine.tensors.map { ("\(side).\($0.name)", $0.tensor) }
    }
    tensors += (implicitModel?.tensors ?? []).map { ("implicit.\($0.name)", $0.tensor) }
    try SafetensorsFile(metadata: metadata, tensors: tensors).write(to: path)
  }

  private static func list(_ names: [String]) -> String {
    JSONValue.array(names.map { .string($0) }).description
  }

  /// Reads a recommender.
  ///
  /// Throws `DataError`: `missingInput`, or `content` with the tensor or metadata entry that is wrong.
  public static func read(_ path: String) throws -> Recommender {
    let names =
      sides.flatMap { side in parameters.map { "\(side).\($0)" } }
      + parameters.prefix(3).map { "implicit.\($0)" } + ["item_counts", "level_shares"]
    return try Recommender(ModelReader(path: path, model: model, tensorNames: Set(names)))
  }

  private init(_ reader: ModelReader) throws {
    guard let text = reader.file.metadata["scale"], let scale = RatingScale(text) else {
      throw reader.error("the metadata have no scale of ratings")
    }
    let users = try reader.names("user_names"), items = try reader.names("item_names")
    let counts = try reader.tensor("item_counts", shape: [items.count])
    let shares = try reader.tensor("level_shares", shape: [scale.levelCount])
    guard counts.allSatisfy({ $0 >= 0 && $0 == $0.rounded() }),
      counts.reduce(0.0, { $0 + Double($1) }) < 0x1p53
    else {
      throw reader.error("holds no counts", tensor: "item_counts")
    }
    guard shares.allSatisfy({ $0 > 0 }), abs(shares.reduce(0, +) - 1) < 1e-3 else {
      throw reader.error("does not sum to 1", tensor: "level_shares")
    }
    let user = try reader.machine("user", sites: items.count, levels: scale.levelCount)
    let item = try reader.machine("item", sites: users.count, levels: scale.levelCount)
    guard user != nil || item != nil else {
      throw reader.error("holds neither user.weights nor item.weights")
    }
    self.init(
      scale: scale, users: users, items: items, userModel: user, itemModel: item,
      implicitModel: try reader.implicitMachine(items: items.count), itemCounts: counts.map { Int($0) },
      levelShares: shares.map(Double.init))
  }
}

extension ImplicitRBM {
  fileprivate var tensors: [(name: String, tensor: Tensor)] {
    [
      ("weights", Tensor(shape: [weights.rows, weights.columns], weights.values)),
      ("visible_bias", Tensor(shape: [visibleBias.count], visibleBias)),
      ("hidden_bias", Tensor(shape: [hiddenBias.count], hiddenBias)),
    ]
  }
}

extension RatingRBM {
  fileprivate var tensors: [(name: String, tensor: Tensor)] {
    func tensor(_ matrix: Matrix) -> Tensor { Tensor(shape: [matrix.rows, matrix.columns], matrix.values) }
    var result: [(name: String, tensor: Tensor)] = [
      ("weights", tensor(weights)), ("visible_bias", Tensor(shape: [weights.rows], visibleBias.values)),
      ("hidden_bias", Tensor(shape: [hiddenCount], hiddenBias)),
    ]
    if let mixing { result.append(("mixing", tensor(mixing))) }
    if let conditional { result.append(("conditional", tensor(conditional))) }
    return result
  }
}

extension ModelReader {
  fileprivate func names(_ key: String) throws -> NameList {
    guard let text = file.metadata[key] else { throw error("the metadata have no \"\(key)\"") }
    let list = (try? JSONValue.parse(Array(text.utf8), path: path))?.array?.map(\.string)
    guard let list, list.allSatisfy({ $0 != nil }), let names = NameList(list.compactMap { $0 }),
      names.count > 0
    else {
      throw error("\(key) is no list of distinct names")
    }
    return names
  }

  fileprivate func implicitMachine(items: Int) throws -> ImplicitRBM? {
    guard file["implicit.weights"] != nil else { return nil }
    let hiddenBias = try tensor("implicit.hidden_bias", shape: nil), shape = [items, hiddenBias.count]
    return ImplicitRBM(
      weights: Matrix(rows: items, columns: shape[1], values: try tensor("implicit.weights", shape: shape)),
      visibleBias: try tensor("implicit.visible_bias", shape: [items]), hiddenBias: hiddenBias)
  }

  /// Nil where the file holds no machine of this orientation.
  fileprivate func machine(_ side: String, sites: Int, levels: Int) throws -> RatingRBM? {
    guard let stored = file["\(side).weights"] else { return nil }
    let kind = file.metadata["\(side)_hidden_units"] ?? RatingRBM.HiddenKind.bernoulli.rawValue
    guard let hiddenKind = RatingRBM.HiddenKind(rawValue: kind) else {
      throw error("\(side)_hidden_units \"\(kind)\" is unknown, expected \"bernoulli\" or \"gaussian\"")
    }
    let hiddenBias = try tensor("\(side).hidden_bias", shape: nil), hidden = hiddenBias.count
    let isProduct = file["\(side).mixing"] != nil
    let columns = isProduct ? stored.shape.last ?? 0 : hidden, rows = sites * levels
    func matrix(_ name: String, _ rows: Int, _ columns: Int) throws -> Matrix? {
      try optionalTensor("\(side).\(name)", shape: [rows, columns]).map {
        Matrix(rows: rows, columns: columns, values: $0)
      }
    }
    let weights = try tensor("\(side).weights", shape: [rows, columns])
    return RatingRBM(
      levelCount: levels, hiddenKind: hiddenKind,
      visibleBias: Matrix(rows: 1, columns: rows, values: try tensor("\(side).visible_bias", shape: [rows])),
      hiddenBias: hiddenBias, weights: Matrix(rows: rows, columns: columns, values: weights),
      mixing: try matrix("mixing", columns, hidden), conditional: try matrix("conditional", sites, columns))
  }
}
