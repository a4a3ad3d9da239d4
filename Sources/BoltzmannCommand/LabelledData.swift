internal import Boltzmann
internal import BoltzmannData

/// Samples and the classes that they belong to.
struct LabelledData {
  let data: DataSet
  /// The class numbers of the training data, ascending.
  let classes: [Int]
  /// The place of every sample's class among them, nil where the label is missing.
  let places: [Int?]

  /// What is learned from: its labels are the classes.
  init(training data: String, labels: String, preprocessing: Preprocessing, seed: UInt64) throws {
    self.data = try DataSet(data, preprocessing: preprocessing, seed: seed)
    let labels = try Labels.read(labels).requiring(count: self.data.samples.count, of: data)
    classes = labels.classes
    guard classes.count >= 2 else {
      let found = classes.first.map { "the class \($0) alone" } ?? "no label"
      throw DataError(
        path: labels.source, message: "holds \(found), −1 means a missing one; two classes are the least")
    }
    places = try labels.places(in: classes)
  }

  /// What is measured on: every label is there, and one of the training data's.
  init(validating training: LabelledData, _ data: String, labels: String, seed: UInt64) throws {
    self.data = try DataSet(
      data, preprocessing: training.data.preprocessing,
      visibles: VisibleColumns(of: training.data.blocks, name: "the machine"), seed: seed)
    classes = training.classes
    places = try LabelledData.known(labels, of: data, count: self.data.samples.count, in: classes)
  }

  /// The places of labels of which none may be missing.
  static func known(_ labels: String, of data: String, count: Int, in classes: [Int]) throws -> [Int] {
    try Labels.read(labels).requiring(count: count, of: data).knownPlaces(in: classes)
  }

  /// The places, where none is missing.
  var knownPlaces: [Int] { places.compactMap { $0 } }

  /// Each class's share of the labels.
  var shares: [Float] {
    let known = knownPlaces
    let counts = known.reduce(into: [Int](repeating: 0, count: classes.count)) { $0[$1] += 1 }
    return counts.map { Float(Double($0) / Double(known.count)) }
  }
}
