internal import Boltzmann
internal import BoltzmannCompute
internal import BoltzmannData

/// One thing that a file says of its model: for programs by its key, for people by its label.
struct ModelFact {
  let key: String
  let label: String
  let text: String
  let json: JSONValue

  init(_ key: String, _ label: String, _ text: String, json: JSONValue? = nil) {
    (self.key, self.label, self.text) = (key, label, text)
    self.json = json ?? .string(text)
  }

  init(_ key: String, _ label: String, _ count: Int) {
    self.init(key, label, "\(count)", json: .integer(count))
  }

  init(_ key: String, _ label: String, _ value: Double) {
    self.init(key, label, formatted(value), json: .number(value))
  }

  /// Least and greatest of some numbers.
  init(_ key: String, _ label: String, rangeOf values: [Float]) {
    let (least, greatest) = (values.min() ?? 0, values.max() ?? 0)
    self.init(
      key, label, "\(formatted(Double(least))) … \(formatted(Double(greatest)))",
      json: ["min": JSONValue(least), "max": JSONValue(greatest)])
  }

  /// How many units a layer has, and of what kind.
  static func layer(_ key: String, _ label: String, count: Int, kind: String) -> [ModelFact] {
    [ModelFact(key, label, count), ModelFact("\(key)_units", "  kind", kind)]
  }

  /// Size and spread of the weights between two layers.
  static func weights(_ weights: Matrix) -> [ModelFact] {
    [
      ModelFact("weight_norm", "weights, Frobenius norm", weights.view.squaredNorm.squareRoot()),
      ModelFact("weights", "weights", rangeOf: weights.values),
    ]
  }

  /// What a file says of data and training, as far as it does.
  static func origins(shape: [Int]?, preprocessing: Preprocessing?, provenance: String?) -> [ModelFact] {
    let facts: [ModelFact?] = [
      shape.map {
        ModelFact(
          "visible_shape", "shape of a sample", $0.map(String.init).joined(separator: " × "),
          json: .array($0.map { .integer($0) }))
      },
      preprocessing.map { ModelFact("binarization", "binarisation", $0.binarization.description) },
      preprocessing?.fittedWhitening.map { ModelFact("whitening", "whitening", $0.kind.rawValue) },
      preprocessing?.scale.map { ModelFact("scale", "scale", "\($0)", json: .number($0)) },
      provenance.map { ModelFact("provenance", "provenance", $0) },
    ]
    return facts.compactMap { $0 }
  }
}

/// The weights of every hidden unit in the shape of a sample.
struct FilterPictures {
  /// `[hidden, columns]`.
  let values: Matrix
  let shape: (height: Int, width: Int)

  /// `values`: `[hidden, columns]`. `sampleShape`: as a file has it.
  init(_ values: Matrix, sampleShape: [Int]?) {
    self.values = values
    if let sampleShape, sampleShape.count == 2, sampleShape[0] * sampleShape[1] == values.columns {
      shape = (sampleShape[0], sampleShape[1])
    } else {
      shape = ImageGrid.tileShape(forWidth: values.columns)
    }
  }

  var grid: GrayImage {
    ImageGrid(tileHeight: shape.height, tileWidth: shape.width, scaling: .tileSymmetric).image(
      of: values.values)
  }
}
