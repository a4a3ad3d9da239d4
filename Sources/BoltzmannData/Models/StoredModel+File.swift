internal import Boltzmann
internal import BoltzmannCompute

// One safetensors file: F32 tensors, row-major, and strings that say what they mean. What the reader does not
// know it refuses: a file that is half understood is a wrong machine. Names starting with `extra.` are free.

extension StoredModel {
  package static let format = "boltzmann/1"

  /// Replaces the file in one step; the same machine gives the same bytes.
  ///
  /// Throws `DataError`: `cannotCreate` or `writeFailed`.
  public func write(to path: String) throws { try file.write(to: path) }

  var file: SafetensorsFile {
    var tensors: [(name: String, tensor: Tensor)] = [
      ("weights", Tensor(shape: [machine.visibleCount, machine.hiddenCount], machine.weights.values)),
      ("visible_bias", Tensor(machine.visible.bias)), ("hidden_bias", Tensor(machine.hidden.bias)),
    ]
    for (side, layer) in [("visible", machine.visible), ("hidden", machine.hidden)]
    where !layer.precision.isEmpty { tensors.append(("\(side)_precision", Tensor(layer.precision))) }
    if let reference = machine.referenceVisibleBias {
      tensors.append(("reference_visible_bias", Tensor(reference)))
    }
    if let whitening = preprocessing?.fittedWhitening { tensors += whitening.tensors }
    return SafetensorsFile(metadata: metadata, tensors: tensors)
  }

  private static let tensorNames: Set = [
    "weights", "visible_bias", "hidden_bias", "visible_precision", "hidden_precision",
    "reference_visible_bias", "whitening_mean", "whitening_matrix", "whitening_inverse",
  ]

  private var metadata: [String: String] {
    var result = ["format": StoredModel.format, "model": "rbm"]
    for (side, layer) in [("visible", machine.visible), ("hidden", machine.hidden)] {
      result.merge(LayerMetadata(layer.blocks).entries(side)) { _, new in new }
    }
    result["visible_shape"] = visibleShape.map { $0.map(String.init).joined(separator: ",") }
    result["visible_names"] = visibleNames.map { JSONValue.array($0.map { .string($0) }).description }
    result["preprocessing"] = preprocessing.map { $0.json.description }
    result["provenance"] = provenance
    return result
  }

  /// Reads a machine.
  ///
  /// Throws `DataError`: `missingInput`, or `content` with the tensor or metadata entry that is wrong.
  public static func read(_ path: String) throws -> StoredModel {
    try StoredModel(ModelReader(path: path, model: "rbm", tensorNames: tensorNames))
  }

  private init(_ reader: ModelReader) throws {
    let visible = try reader.units("visible"), hidden = try reader.units("hidden")
    let weights = try reader.tensor("weights", shape: [visible.count, hidden.count])
    var machine = RBM(
      visible: visible, hidden: hidden,
      weights: Matrix(rows: visible.count, columns: hidden.count, values: weights))
    machine.referenceVisibleBias = try reader.optionalTensor(
      "reference_visible_bias", shape: [visible.count])
    let preprocessing = try reader.preprocessing(of: visible)
    let columns = preprocessing?.fittedWhitening?.mean.count ?? visible.blocks.reduce(0) { $0 + $1.count }
    self.init(
      machine, visibleShape: try reader.visibleShape(width: columns),
      visibleNames: try reader.visibleNames(count: columns), preprocessing: preprocessing,
      provenance: reader.file.metadata["provenance"])
  }
}

extension Tensor {
  init(_ vector: [Float]) { self.init(shape: [vector.count], vector) }

  fileprivate init(_ matrix: Matrix) { self.init(shape: [matrix.rows, matrix.columns], matrix.values) }
}

extension Whitening {
  fileprivate var tensors: [(name: String, tensor: Tensor)] {
    [
      ("whitening_mean", Tensor(mean)), ("whitening_matrix", Tensor(matrix)),
      ("whitening_inverse", Tensor(inverse)),
    ]
  }
}
