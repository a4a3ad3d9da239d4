internal import Boltzmann

/// Looks up what a model file must hold, and says what is missing or wrong.
struct ModelReader {
  let path: String
  let file: SafetensorsFile

  /// The `model` entry that is expected, and the tensors that such a file may hold.
  let model: String
  let tensorNames: Set<String>

  init(path: String, model: String, tensorNames: Set<String>) throws {
    self.path = path
    self.model = model
    self.tensorNames = tensorNames
    file = try SafetensorsFile.read(path)
    try checkNames()
  }

  func error(_ message: String, tensor: String? = nil) -> DataError {
    DataError(path: path, location: tensor.map { .tensor($0) }, message: message)
  }

  private func checkNames() throws {
    guard let format = file.metadata["format"] else {
      throw error("no model of this program: the metadata has no \"format\"")
    }
    guard format == StoredModel.format else {
      throw error("format \"\(format)\" is unknown, expected \"\(StoredModel.format)\"")
    }
    let found = file.metadata["model"] ?? "rbm"
    guard found == model else { throw error("model \"\(found)\" is unknown here, expected \"\(model)\"") }
    for (name, _) in file.tensors where !tensorNames.contains(name) && !name.hasPrefix("extra.") {
      throw error("unknown, neither a parameter of this model nor named extra.…", tensor: name)
    }
  }

  /// The layer `side`: its kind from the metadata, its size from its bias.
  func units(_ side: String) throws -> any Units {
    guard let kind = file.metadata["\(side)_units"] else {
      throw error("the metadata has no \"\(side)_units\"")
    }
    guard let type = UnitKinds.named(kind) else {
      let known = UnitKinds.all.map { $0.kind }.joined(separator: ", ")
      throw error("\(side)_units \"\(kind)\" is unknown, expected one of: \(known)")
    }
    return type.init(bias: try tensor("\(side)_bias", shape: nil))
  }

  func optionalTensor(_ name: String, shape: [Int]) throws -> [Float]? {
    file[name] == nil ? nil : try tensor(name, shape: shape)
  }

  /// The values of a tensor of this shape, or of any vector.
  func tensor(_ name: String, shape: [Int]?) throws -> [Float] {
    guard let found = file[name] else { throw error("is missing", tensor: name) }
    guard let values = found.floats else { throw error("is not F32", tensor: name) }
    if let shape, found.shape != shape {
      throw error("has shape \(found.shape), expected \(shape)", tensor: name)
    }
    guard shape != nil || (found.shape.count == 1 && !values.isEmpty) else {
      throw error("has shape \(found.shape), expected one dimension of at least 1", tensor: name)
    }
    return values
  }

  func visibleShape(width: Int) throws -> [Int]? {
    guard let text = file.metadata["visible_shape"] else { return nil }
    let shape = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    let size = shape.reduce(1) { product, side in
      let (result, overflow) = product.multipliedReportingOverflow(by: side)
      return overflow ? 0 : result
    }
    guard shape.allSatisfy({ $0 > 0 }), size == width else {
      throw error("visible_shape \"\(text)\" does not multiply up to \(width) visible units")
    }
    return shape
  }

  func preprocessing() throws -> Preprocessing? {
    guard let text = file.metadata["preprocessing"] else { return nil }
    let json = try? JSONValue.parse(Array(text.utf8), path: path)
    guard let found = json.flatMap({ Preprocessing(json: $0) }) else {
      throw error("preprocessing \"\(text)\" is unknown")
    }
    return found
  }
}
