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
    let names: Set = ["weights", "visible_bias", "hidden_bias", "reference_visible_bias"]
    return try StoredModel(ModelReader(path: path, model: "rbm", tensorNames: names))
  }

  private init(_ reader: ModelReader) throws {
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
