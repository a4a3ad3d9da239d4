package import Boltzmann
internal import BoltzmannCompute

// A training's state as safetensors: matrices and vectors as F32 of two dimensions and one, numbers as F64.

extension SafetensorsFile {
  static let snapshotFormat = "boltzmann-checkpoint/1"

  package init(_ snapshot: Snapshot) {
    self.init(metadata: ["format": SafetensorsFile.snapshotFormat])
    for (name, matrix) in snapshot.matrices {
      tensors.append((name, Tensor(shape: [matrix.rows, matrix.columns], matrix.values)))
    }
    for (name, vector) in snapshot.vectors { tensors.append((name, Tensor(shape: [vector.count], vector))) }
    for (name, number) in snapshot.numbers {
      tensors.append((name, Tensor(shape: [1], values: .float64([number]))))
    }
  }

  /// Throws `DataError` where a tensor is of no kind that a checkpoint holds.
  package func snapshot(path: String) throws -> Snapshot {
    guard metadata["format"] == SafetensorsFile.snapshotFormat else {
      throw DataError(path: path, message: "is no checkpoint")
    }
    var result = Snapshot()
    for (name, tensor) in tensors {
      switch (tensor.values, tensor.shape.count) {
      case (.float32(let values), 2):
        result.matrices[name] = Matrix(rows: tensor.shape[0], columns: tensor.shape[1], values: values)
      case (.float32(let values), 1): result.vectors[name] = values
      case (.float64(let values), 1) where values.count == 1: result.numbers[name] = values[0]
      default:
        throw DataError(path: path, location: .tensor(name), message: "has a shape no checkpoint holds")
      }
    }
    return result
  }
}
