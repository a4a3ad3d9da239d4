internal import Boltzmann
internal import BoltzmannAdversarial
internal import BoltzmannCompute
internal import BoltzmannData
internal import BoltzmannRecommendation

/// What can be said of a model file of any kind.
struct DescribedModel {
  let facts: [ModelFact]
  /// Nil where hidden units do not see the columns of the data.
  let filters: (() -> FilterPictures)?

  /// Whoever stores a model of a new kind adds a line, and an `init` that reads and describes it.
  private static let kinds:
    [String: @Sendable (_ path: String, _ provenance: String?) throws -> DescribedModel] = [
      "boltzmann-machine": { path, _ in try DescribedModel(StoredBoltzmannMachine.read(path)) },
      "classification-rbm": { path, _ in try DescribedModel(StoredClassificationRBM.read(path)) },
      "gan": { path, _ in try DescribedModel(StoredGAN.read(path)) },
      "rating-rbm": { path, provenance in try DescribedModel(Recommender.read(path), provenance: provenance)
      },
      "rbm": { path, _ in try DescribedModel(StoredModel.read(path)) },
    ]

  /// Throws `DataError` where the file is no model, or a wrong one.
  static func read(_ path: String) throws -> DescribedModel {
    let metadata = try SafetensorsFile.read(path).metadata, kind = metadata["model"] ?? "rbm"
    guard let read = kinds[kind] else {
      throw DataError(
        path: path,
        message:
          "model \"\(kind)\" is unknown, expected one of \(kinds.keys.sorted().joined(separator: ", "))")
    }
    let described = try read(path, metadata["provenance"])
    return DescribedModel(
      facts: [ModelFact("model", "model", kind)] + described.facts, filters: described.filters)
  }
}

extension DescribedModel {
  init(_ stored: StoredModel) {
    let machine = stored.machine
    let precisions = [
      ("visible_precision", "visible precisions", machine.visible.precision),
      ("hidden_precision", "hidden precisions", machine.hidden.precision),
    ]
    let units =
      ModelFact.layer("visible", "visible units", count: machine.visibleCount, kind: machine.visible.kinds)
      + ModelFact.layer("hidden", "hidden units", count: machine.hiddenCount, kind: machine.hidden.kinds)
    let biases = [
      ModelFact("visible_bias", "visible biases", rangeOf: machine.visible.bias),
      ModelFact("hidden_bias", "hidden biases", rangeOf: machine.hidden.bias),
    ]
    facts =
      units + ModelFact.weights(machine.weights) + biases
      + precisions.filter { !$0.2.isEmpty }.map { ModelFact($0.0, $0.1, rangeOf: $0.2) }
      + ModelFact.origins(
        shape: stored.visibleShape, preprocessing: stored.preprocessing, provenance: stored.provenance)
    filters = { FilterPictures(stored.filters, sampleShape: stored.visibleShape) }
  }

  init(_ stored: StoredBoltzmannMachine) {
    let machine = stored.machine, hasHidden = machine.hiddenCount > 0
    let visible =
      ModelFact.layer(
        "visible", "visible units", count: machine.visibleCount, kind: machine.visibleKind.rawValue) + [
        ModelFact("visible_bias", "visible biases", rangeOf: machine.visibleBias),
        ModelFact(
          "visible_couplings", "couplings of visibles", rangeOf: machine.visibleCouplings.values),
      ]
    let hidden =
      ModelFact.layer("hidden", "hidden units", count: machine.hiddenCount, kind: machine.hiddenKind.rawValue)
      + ModelFact.weights(machine.weights) + [
        ModelFact("hidden_bias", "hidden biases", rangeOf: machine.hiddenBias),
        ModelFact("hidden_couplings", "couplings of hiddens", rangeOf: machine.hiddenCouplings.values),
      ]
    facts =
      visible + (hasHidden ? hidden : [ModelFact("hidden", "hidden units", 0)])
      + ModelFact.origins(
        shape: stored.visibleShape, preprocessing: stored.preprocessing, provenance: stored.provenance)
    filters =
      hasHidden ? { FilterPictures(machine.weights.transposed, sampleShape: stored.visibleShape) } : nil
  }

  init(_ stored: StoredClassificationRBM) {
    let machine = stored.machine
    let classes = stored.classes.map(String.init).joined(separator: ", ")
    facts =
      [
        ModelFact("visible", "visible units", machine.visibleCount),
        ModelFact("hidden", "hidden units", machine.hiddenCount),
        ModelFact("classes", "classes", classes, json: .array(stored.classes.map { .integer($0) })),
      ] + ModelFact.weights(machine.weights) + [
        ModelFact("class_weights", "class weights", rangeOf: machine.classWeights.values),
        ModelFact("visible_bias", "visible biases", rangeOf: machine.visibleBias),
        ModelFact("hidden_bias", "hidden biases", rangeOf: machine.hiddenBias),
        ModelFact("class_bias", "class biases", rangeOf: machine.classBias),
      ]
      + ModelFact.origins(
        shape: stored.visibleShape, preprocessing: stored.preprocessing, provenance: stored.provenance)
    filters = { FilterPictures(machine.weights.transposed, sampleShape: stored.visibleShape) }
  }

  init(_ stored: StoredGAN) {
    facts =
      [ModelFact("noise", "noise", stored.gan.noise.description)]
      + [
        ("generator", stored.gan.generator), ("discriminator", stored.gan.discriminator),
      ].map { ModelFact($0, $0, $1.spelled) }
      + [ModelFact("visible", "columns of a sample", stored.gan.visibleCount)]
      + ModelFact.origins(
        shape: stored.visibleShape, preprocessing: stored.preprocessing, provenance: stored.provenance)
    filters = nil
  }

  init(_ recommender: Recommender, provenance: String?) {
    facts =
      [
        ModelFact("users", "users", recommender.users.count),
        ModelFact("items", "items", recommender.items.count),
        ModelFact("ratings", "ratings learned from", recommender.itemCounts.reduce(0, +)),
        ModelFact("scale", "scale", recommender.scale.description),
      ] + (recommender.userModel?.facts("user") ?? []) + (recommender.itemModel?.facts("item") ?? [])
      + (recommender.implicitModel.map {
        [ModelFact("implicit", "who has what: hidden units", $0.hiddenBias.count)]
      }
        ?? []) + ModelFact.origins(shape: nil, preprocessing: nil, provenance: provenance)
    filters = nil
  }
}

extension StoredModel {
  /// The weights of every hidden unit, of whitened data as a direction in the user's units, `[hidden, columns]`.
  fileprivate var filters: Matrix {
    let filters = machine.weights.transposed
    guard let whitening = preprocessing?.fittedWhitening else { return filters }
    var result = Matrix(rows: filters.rows, columns: whitening.mean.count)
    result.withMutableView { $0.multiply(filters.view, whitening.inverse.view) }
    return result
  }
}

extension Units {
  /// One kind, or the kinds of all blocks.
  fileprivate var kinds: String { blocks.count == 1 ? kind : "\(LayerSpecification(blocks))" }
}

extension DenseNetwork {
  /// `16 -> 128 relu -> 64 logistic`
  fileprivate var spelled: String {
    (["\(inputs)"] + layers.map { "\($0.outputs) \(ActivationName($0.activation))" }).joined(
      separator: " -> ")
  }
}

extension RatingRBM {
  fileprivate func facts(_ side: String) -> [ModelFact] {
    let isConditional = conditional != nil
    let extras = [
      mixing == nil ? nil : "W = AB of \(factorCount) factors", isConditional ? "conditional" : nil,
    ]
    let text = (["\(hiddenCount) hidden units, \(hiddenKind.rawValue)"] + extras.compactMap { $0 })
    return [
      ModelFact(
        side, "by \(side)", text.joined(separator: ", "),
        json: [
          "hidden": .integer(hiddenCount), "hidden_units": .string(hiddenKind.rawValue),
          "factors": mixing == nil ? .null : .integer(factorCount), "conditional": .bool(isConditional),
        ]),
      ModelFact("\(side)_weights", "  weights", rangeOf: weights.values),
    ]
  }
}
