internal import Foundation

extension RunFolder {
  /// The machines that a run has kept, in the order of their epochs; the run may be at work.
  ///
  /// Throws `DataError` where there is no run.
  public static func keptModels(of path: String) throws -> [(epoch: Int, path: String)] {
    guard FileManager.default.fileExists(atPath: "\(path)/\(settingsName)") else {
      throw DataError(
        path: path, message: "is no run folder: it has no \(settingsName)", category: .missingInput)
    }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(path)/models")) ?? []
    return names.compactMap { name in
      epoch(ofModel: name).map { (epoch: $0, path: "\(path)/models/\(name)") }
    }.sorted { $0.epoch < $1.epoch }
  }

  /// The number in `epoch-0010.safetensors`.
  private static func epoch(ofModel name: String) -> Int? {
    guard name.hasPrefix("epoch-") && name.hasSuffix(".safetensors") else { return nil }
    return Int(name.dropFirst("epoch-".count).dropLast(".safetensors".count))
  }
}
