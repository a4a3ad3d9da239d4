public import Boltzmann
internal import BoltzmannCompute

/// A general Boltzmann machine and what its file says about it.
///
/// One safetensors file, `model` = `boltzmann-machine`: tensors `weights` [m, n], `visible_bias` [m], `hidden_bias`
/// [n], `visible_couplings` [m, m] and `hidden_couplings` [n, n], symmetric with zero diagonal; `visible_units` and
/// `hidden_units` are `bernoulli` or `spin`. Without hiddens (n = 0) nothing of theirs stands in the file.
public struct StoredBoltzmannMachine: Sendable {
  public var machine: BoltzmannMachine
  /// The shape of one sample, for pictures: `[28, 28]`.
  public var visibleShape: [Int]?
  /// Nil where the file does not say.
  public var preprocessing: Preprocessing?
  /// Where the machine comes from, for people.
  public var provenance: String?

  public init(
    _ machine: BoltzmannMachine, visibleShape: [Int]? = nil, preprocessing: Preprocessing? = nil,
    provenance: String? = nil
  ) {
    self.machine = machine
    self.visibleShape = visibleShape
    self.preprocessing = preprocessing
    self.provenance = provenance
  }
}

// MARK: - Writing

extension StoredBoltzmannMachine {
  static let model = "boltzmann-machine"

  /// Replaces the file in one step; the same machine gives the same bytes.
  ///
  /// Throws `DataError`: `cannotCreate` or `writeFailed`.
  public func write(to path: String) throws { try file.write(to: path) }

  private var file: SafetensorsFile {
    let (m, n) = (machine.visibleCount, machine.hiddenCount)
    var tensors: [(name: String, tensor: Tensor)] = [
      ("visible_bias", Tensor(shape: [m], machine.visibleBias)),
      ("visible_couplings", Tensor(shape: [m, m], machine.visibleCouplings.values)),
    ]
    if n > 0 {
      tensors += [
        ("weights", Tensor(shape: [m, n], machine.weights.values)),
        ("hidden_bias", Tensor(shape: [n], machine.hiddenBias)),
        ("hidden_couplings", Tensor(shape: [n, n], machine.hiddenCouplings.values)),
      ]
    }
    return SafetensorsFile(metadata: metadata, tensors: tensors)
  }

  private var metadata: [String: String] {
    var result = [
      "format": StoredModel.format, "model": StoredBoltzmannMachine.model,
      "visible_units": machine.visibleKind.rawValue,
    ]
    if machine.hiddenCount > 0 { result["hidden_units"] = machine.hiddenKind.rawValue }
    result["visible_shape"] = visibleShape.map { $0.map(String.init).joined(separator: ",") }
    result["preprocessing"] = preprocessing.map { $0.json.description }
    result["provenance"] = provenance
    return result
  }
}

// MARK: - Reading

extension StoredBoltzmannMachine {
  /// Reads a machine.
  ///
  /// Throws `DataError`: `missingInput`, or `content` with the tensor or metadata entry that is wrong.
  public static func read(_ path: String) throws -> StoredBoltzmannMachine {
    let names: Set = ["weights", "visible_bias", "hidden_bias", "visible_couplings", "hidden_couplings"]
    return try StoredBoltzmannMachine(ModelReader(path: path, model: model, tensorNames: names))
  }

  private init(_ reader: ModelReader) throws {
    let visibleBias = try reader.tensor("visible_bias", shape: nil)
    let hiddenBias = try reader.hiddenBias()
    let (m, n) = (visibleBias.count, hiddenBias.count)
    let machine = try BoltzmannMachine(
      visibleBias: visibleBias, hiddenBias: hiddenBias, weights: try reader.matrix("weights", m, n),
      visibleCouplings: try reader.couplings("visible_couplings", m),
      hiddenCouplings: try reader.couplings("hidden_couplings", n), visibleKind: try reader.kind("visible"),
      hiddenKind: n > 0 ? try reader.kind("hidden") : .bernoulli)
    self.init(
      machine, visibleShape: try reader.visibleShape(width: m),
      preprocessing: try reader.preprocessing(of: BernoulliUnits(bias: visibleBias)),
      provenance: reader.file.metadata["provenance"])
  }
}

extension ModelReader {
  /// Empty where there is none, or one without entries.
  fileprivate func hiddenBias() throws -> [Float] {
    guard let found = file["hidden_bias"], found.shape != [0] else { return [] }
    return try tensor("hidden_bias", shape: nil)
  }

  /// A matrix; one without entries may be missing.
  fileprivate func matrix(_ name: String, _ rows: Int, _ columns: Int) throws -> Matrix {
    if columns == 0 && file[name] == nil { return Matrix(rows: rows, columns: 0) }
    return Matrix(rows: rows, columns: columns, values: try tensor(name, shape: [rows, columns]))
  }

  fileprivate func couplings(_ name: String, _ units: Int) throws -> Matrix {
    let matrix = try matrix(name, units, units)
    if let unit = (0..<units).first(where: { matrix[$0, $0] != 0 }) {
      throw error("(\(unit), \(unit)) is \(matrix[unit, unit]), the diagonal must be zero", tensor: name)
    }
    if let (row, column) = BoltzmannMachine.asymmetry(of: matrix) {
      throw error(
        "is not symmetric: (\(row), \(column)) is \(matrix[row, column]), (\(column), \(row)) is "
          + "\(matrix[column, row])", tensor: name)
    }
    return matrix
  }

  fileprivate func kind(_ side: String) throws -> TwoStateKind {
    guard let name = file.metadata["\(side)_units"] else {
      throw error("the metadata has no \"\(side)_units\"")
    }
    guard let kind = TwoStateKind(rawValue: name) else {
      let known = TwoStateKind.allCases.map(\.rawValue).joined(separator: ", ")
      throw error("\(side)_units \"\(name)\" is unknown, expected one of: \(known)")
    }
    return kind
  }
}
