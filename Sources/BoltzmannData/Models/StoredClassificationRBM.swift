public import Boltzmann
internal import BoltzmannCompute

/// A classification machine and what its file says about it.
///
/// One safetensors file as of any model (`StoredModel`), with `model` = `classification-rbm`, the tensors `weights`
/// [visible, hidden], `visible_bias`, `hidden_bias`, `class_weights` [classes, hidden] and `class_bias`, and the
/// metadata entry `classes`, a JSON list of the class numbers in the order of the tensors.
public struct StoredClassificationRBM: Sendable {
  public var machine: ClassificationRBM
  /// The number that each class has in label files, distinct.
  public var classes: [Int]
  /// The shape of one sample, for pictures: `[28, 28]`.
  public var visibleShape: [Int]?
  /// Nil where the file does not say.
  public var preprocessing: Preprocessing?
  /// Where the machine comes from, for people.
  public var provenance: String?

  public init(
    _ machine: ClassificationRBM, classes: [Int], visibleShape: [Int]? = nil,
    preprocessing: Preprocessing? = nil, provenance: String? = nil
  ) {
    precondition(
      classes.count == machine.classCount && Set(classes).count == classes.count, "one number a class")
    self.machine = machine
    self.classes = classes
    self.visibleShape = visibleShape
    self.preprocessing = preprocessing
    self.provenance = provenance
  }
}

extension StoredClassificationRBM {
  /// What the columns of data for the machine are, which is called `name` where a file does not fit.
  public func columns(name: String) -> VisibleColumns {
    VisibleColumns(of: [UnitBlock(kind: BernoulliUnits.kind, count: machine.visibleCount)], name: name)
  }

  private static let model = "classification-rbm"
  private static let tensorNames: Set = [
    "weights", "visible_bias", "hidden_bias", "class_weights", "class_bias",
  ]

  /// Replaces the file in one step; the same machine gives the same bytes.
  ///
  /// Throws `DataError`: `cannotCreate` or `writeFailed`.
  public func write(to path: String) throws { try file.write(to: path) }

  private var file: SafetensorsFile {
    let (visible, hidden) = (machine.visibleCount, machine.hiddenCount)
    return SafetensorsFile(
      metadata: metadata,
      tensors: [
        ("weights", Tensor(shape: [visible, hidden], machine.weights.values)),
        ("visible_bias", Tensor(shape: [visible], machine.visibleBias)),
        ("hidden_bias", Tensor(shape: [hidden], machine.hiddenBias)),
        ("class_weights", Tensor(shape: [classes.count, hidden], machine.classWeights.values)),
        ("class_bias", Tensor(shape: [classes.count], machine.classBias)),
      ])
  }

  private var metadata: [String: String] {
    var result = [
      "format": StoredModel.format, "model": StoredClassificationRBM.model,
      "visible_units": BernoulliUnits.kind, "hidden_units": BernoulliUnits.kind,
      "classes": JSONValue.array(classes.map { .integer($0) }).description,
    ]
    result["visible_shape"] = visibleShape.map { $0.map(String.init).joined(separator: ",") }
    result["preprocessing"] = preprocessing.map { $0.json.description }
    result["provenance"] = provenance
    return result
  }

  /// Reads a machine.
  ///
  /// Throws `DataError`: `missingInput`, or `content` with the tensor or metadata entry that is wrong.
  public static func read(_ path: String) throws -> StoredClassificationRBM {
    try StoredClassificationRBM(ModelReader(path: path, model: model, tensorNames: tensorNames))
  }

  private init(_ reader: ModelReader) throws {
    for side in ["visible", "hidden"] { try reader.requireBernoulli(side) }
    let visibleBias = try reader.tensor("visible_bias", shape: nil)
    let hiddenBias = try reader.tensor("hidden_bias", shape: nil)
    let (visible, hidden) = (visibleBias.count, hiddenBias.count)
    let classes = try reader.classes()
    let weights = try reader.tensor("weights", shape: [visible, hidden])
    let classWeights = try reader.tensor("class_weights", shape: [classes.count, hidden])
    let machine = ClassificationRBM(
      visibleBias: visibleBias, hiddenBias: hiddenBias,
      classBias: try reader.tensor("class_bias", shape: [classes.count]),
      weights: Matrix(rows: visible, columns: hidden, values: weights),
      classWeights: Matrix(rows: classes.count, columns: hidden, values: classWeights))
    self.init(
      machine, classes: classes, visibleShape: try reader.visibleShape(width: visible),
      preprocessing: try reader.preprocessing(of: BernoulliUnits(bias: visibleBias)),
      provenance: reader.file.metadata["provenance"])
  }
}

extension ModelReader {
  fileprivate func requireBernoulli(_ side: String) throws {
    let kind = file.metadata["\(side)_units"] ?? BernoulliUnits.kind
    guard kind == BernoulliUnits.kind else {
      throw error("\(side)_units \"\(kind)\" is unknown here, expected \"\(BernoulliUnits.kind)\"")
    }
  }

  /// Distinct numbers from 0 on.
  fileprivate func classes() throws -> [Int] {
    guard let text = file.metadata["classes"] else { throw error("the metadata has no \"classes\"") }
    let numbers = (try? JSONValue.parse(Array(text.utf8), path: path))?.array?.map(\.integer)
    guard let numbers, !numbers.isEmpty, numbers.allSatisfy({ ($0 ?? -1) >= 0 }),
      case let classes = numbers.compactMap({ $0 }), Set(classes).count == classes.count
    else { throw error("classes \"\(text)\" is no list of distinct class numbers") }
    return classes
  }
}
