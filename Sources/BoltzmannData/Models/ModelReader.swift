internal import Boltzmann
internal import BoltzmannCompute

/// Looks up what a model file must hold, and says what is missing or wrong.
package struct ModelReader {
  package let path: String
  package let file: SafetensorsFile

  /// The `model` entry that is expected, and the tensors that such a file may hold.
  let model: String
  let tensorNames: Set<String>

  package init(path: String, model: String, tensorNames: Set<String>) throws {
    self.path = path
    self.model = model
    self.tensorNames = tensorNames
    file = try SafetensorsFile.read(path)
    try checkNames()
  }

  package func error(_ message: String, tensor: String? = nil) -> DataError {
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
      throw unknown(name)
    }
  }

  private func unknown(_ tensor: String) -> DataError {
    error("unknown, neither a parameter of this model nor named extra.…", tensor: tensor)
  }

  /// Throws where a tensor is there that this very model has no place for.
  func refuse(_ names: [String]) throws {
    for name in names where file[name] != nil { throw unknown(name) }
  }

  package func optionalTensor(_ name: String, shape: [Int]) throws -> [Float]? {
    file[name] == nil ? nil : try tensor(name, shape: shape)
  }

  /// The values of a tensor of this shape, or of any vector.
  package func tensor(_ name: String, shape: [Int]?) throws -> [Float] {
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

  func visibleNames(count: Int) throws -> [String]? {
    guard let text = file.metadata["visible_names"] else { return nil }
    let list = (try? JSONValue.parse(Array(text.utf8), path: path))?.array
    guard let list, list.count == count, list.allSatisfy({ $0.string != nil }) else {
      throw error("visible_names is no list of \(count) names")
    }
    return list.compactMap(\.string)
  }

  func preprocessing(of visible: any Units) throws -> Preprocessing? {
    guard let text = file.metadata["preprocessing"] else {
      try refuse(ModelReader.whiteningTensors)
      return nil
    }
    let json = try? JSONValue.parse(Array(text.utf8), path: path)
    guard let found = try json.flatMap({ try Preprocessing(json: $0, whitening: whitening) }) else {
      throw error("preprocessing \"\(text)\" is unknown")
    }
    if let whitening = found.fittedWhitening {
      try requireFit(of: whitening, to: visible)
    } else {
      try refuse(ModelReader.whiteningTensors)
    }
    return found
  }

  /// Throws where whitened rows are no states of the visibles.
  private func requireFit(of whitening: Whitening, to visible: any Units) throws {
    let columns = whitening.matrix.columns
    guard visible is GaussianUnits, visible.count == columns else {
      throw error(
        "whitens to \(columns) gaussian visibles, not to \(visible.count) \(visible.kind) ones",
        tensor: "whitening_matrix")
    }
  }

  private static let whiteningTensors = ["whitening_mean", "whitening_matrix", "whitening_inverse"]

  private func whitening(_ kind: Whitening.Kind) throws -> Whitening {
    guard let mean = file["whitening_mean"], let matrix = file["whitening_matrix"], mean.shape.count == 1,
      matrix.shape.count == 2
    else { throw error("is missing or has another shape than a whitening's", tensor: "whitening_matrix") }
    let (inputs, outputs) = (mean.shape[0], matrix.shape[1])
    do {
      return try Whitening(
        kind: kind, mean: try tensor("whitening_mean", shape: [inputs]),
        matrix: Matrix(
          rows: inputs, columns: outputs, values: try tensor("whitening_matrix", shape: [inputs, outputs])),
        inverse: Matrix(
          rows: outputs, columns: inputs, values: try tensor("whitening_inverse", shape: [outputs, inputs])))
    } catch let problem as WhiteningError {
      throw error("\(problem)", tensor: "whitening_matrix")
    }
  }
}
