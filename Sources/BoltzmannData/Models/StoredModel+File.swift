internal import Boltzmann
internal import BoltzmannCompute

// One safetensors file: F32 tensors, row-major, and strings that say what they mean. What the reader does not
// know it refuses: a file that is half understood is a wrong machine. Names starting with `extra.` are free.

extension StoredModel {
  static let format = "boltzmann/1"

  /// Replaces the file in one step; the same machine gives the same bytes.
  ///
  /// Throws `DataError`: `cannotCreate` or `writeFailed`.
  public func write(to path: String) throws { try file.write(to: path) }

  var file: SafetensorsFile {
    var tensors: [(name: String, tensor: Tensor)] = [
      ("weights", Tensor(shape: [machine.visibleCount, machine.hiddenCount], machine.weights.values)),
      ("visible_bias", Tensor(shape: [machine.visibleCount], machine.visible.bias)),
      ("hidden_bias", Tensor(shape: [machine.hiddenCount], machine.hidden.bias)),
    ]
    if let reference = machine.referenceVisibleBias {
      tensors.append(("reference_visible_bias", Tensor(shape: [reference.count], reference)))
    }
    return SafetensorsFile(metadata: metadata, tensors: tensors)
  }

  private var metadata: [String: String] {
    var result = [
      "format": StoredModel.format, "model": "rbm", "visible_units": machine.visible.kind,
      "hidden_units": machine.hidden.kind,
    ]
    result["visible_shape"] = visibleShape.map { $0.map(String.init).joined(separator: ",") }
    result["preprocessing"] = preprocessing.map { $0.json.description }
    result["provenance"] = provenance
    return result
  }

  /// Reads a machine.
  ///
  /// Throws `DataError`: `missingInput`, or `content` with the tensor or metadata entry that is wrong.
  public static func read(_ path: String) throws -> StoredModel {
    try StoredModel(ModelReader(path: path, file: SafetensorsFile.read(path)))
  }

  private init(_ reader: ModelReader) throws {
    try reader.checkNames()
    let visible = try reader.units("visible"), hidden = try reader.units("hidden")
    let weights = try reader.tensor("weights", shape: [visible.count, hidden.count])
    var machine = RBM(
      visible: visible, hidden: hidden,
      weights: Matrix(rows: visible.count, columns: hidden.count, values: weights))
    machine.referenceVisibleBias = try reader.optionalTensor(
      "reference_visible_bias", shape: [visible.count])
    self.init(
      machine, visibleShape: try reader.visibleShape(width: visible.count),
      preprocessing: try reader.preprocessing(), provenance: reader.file.metadata["provenance"])
  }
}

/// Looks up what a model file must hold, and says what is missing or wrong.
private struct ModelReader {
  let path: String
  let file: SafetensorsFile

  private static let tensorNames: Set = ["weights", "visible_bias", "hidden_bias", "reference_visible_bias"]

  func error(_ message: String, tensor: String? = nil) -> DataError {
    DataError(path: path, location: tensor.map { .tensor($0) }, message: message)
  }

  func checkNames() throws {
    guard let format = file.metadata["format"] else {
      throw error("no model of this program: the metadata has no \"format\"")
    }
    guard format == StoredModel.format else {
      throw error("format \"\(format)\" is unknown, expected \"\(StoredModel.format)\"")
    }
    let model = file.metadata["model"] ?? "rbm"
    guard model == "rbm" else { throw error("model \"\(model)\" is unknown, expected \"rbm\"") }
    for (name, _) in file.tensors where !ModelReader.tensorNames.contains(name) && !name.hasPrefix("extra.") {
      throw error("unknown, neither a parameter of an rbm nor named extra.…", tensor: name)
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
