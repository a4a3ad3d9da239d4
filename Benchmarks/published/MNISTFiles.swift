internal import Boltzmann
internal import BoltzmannData
internal import Foundation

/// The handwritten digits of LeCun, Cortes & Burges, in a folder: 60,000 to train with, 10,000 to test with.
struct MNISTFiles: Sendable {
  let folder: String

  /// The images, 0 to 1 where byte/256 is below and from 0.5: on where the byte is at least 128.
  ///
  /// - Parameter isFlipped: 1 − x instead of x.
  func binary(_ part: Part, isFlipped: Bool = false) throws -> any Samples {
    var table = try read(part)
    if isFlipped { table = table.mapBytes { 255 - $0 } }
    return try DataSet(table, preprocessing: Preprocessing(), seed: 0).samples
  }

  /// The first `count` training images as byte/256, as the pickled copy of the deep-learning tutorials has them.
  func grey(first count: Int) throws -> DataSet {
    let table = try read(.training).rows(0..<count)
    return try DataSet(table, preprocessing: Preprocessing(scale: 256, binarization: .none), seed: 0)
  }

  /// Some of the images as byte/255 with the digits that they show.
  func labelled(_ part: Part, _ range: Range<Int>) throws -> LabelledImages {
    let table = try read(part).rows(range)
    let labels = try Labels.read(path(part.labels))
    let classes = try labels.requiring(count: part.count, of: "MNIST").knownPlaces(in: Array(0...9))
    let images = try DataSet(table, preprocessing: Preprocessing(binarization: .none), seed: 0)
    return LabelledImages(samples: images.samples, classes: Array(classes[range]))
  }

  enum Part: String {
    case training = "train-images-idx3-ubyte"
    case test = "t10k-images-idx3-ubyte"

    var count: Int { self == .training ? 60_000 : 10_000 }

    fileprivate var labels: String { rawValue.replacing("images-idx3", with: "labels-idx1") }
  }

  /// Throws `DataError` where a file is missing, with the command that fetches it.
  func check() throws {
    for part in [Part.training, .test] { _ = try path(part.rawValue) }
  }

  private func read(_ part: Part) throws -> NumericTable {
    let path = try path(part.rawValue)
    let table = try NumericTable.read(path)
    guard table.rows == part.count && table.columns == 784, case .bytes = table.values else {
      throw DataError(
        path: path, message: "holds \(table.format), not \(part.count) images of 28 × 28 bytes")
    }
    return table
  }

  private func path(_ name: String) throws -> String {
    let candidates = ["\(folder)/mnist/\(name)", "\(folder)/\(name)"]
      .flatMap { ["\($0).gz", $0] }
    guard let path = candidates.first(where: FileManager.default.fileExists) else {
      throw DataError(
        path: candidates[0], message: "MNIST is missing here: run scripts/datasets.sh mnist",
        category: .missingInput)
    }
    return path
  }
}

/// Images and what they show, 0 to 9.
struct LabelledImages: Sendable {
  let samples: any Samples
  let classes: [Int]
}

extension NumericTable {
  fileprivate func mapBytes(_ change: (UInt8) -> UInt8) -> NumericTable { replacingBytes { $0.map(change) } }

  fileprivate func rows(_ range: Range<Int>) -> NumericTable {
    replacingBytes { Array($0[range.lowerBound * columns..<range.upperBound * columns]) }
  }

  private func replacingBytes(_ change: ([UInt8]) -> [UInt8]) -> NumericTable {
    guard case .bytes(let bytes) = values else { return self }
    return NumericTable(
      columns: columns, values: .bytes(change(bytes)), itemShape: itemShape, source: source, format: format)
  }
}
