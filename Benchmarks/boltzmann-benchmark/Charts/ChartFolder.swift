internal import BoltzmannData
internal import Foundation

/// A folder that charts are written to.
struct ChartFolder {
  private let path: String

  /// Makes the folder where there is none.
  ///
  /// Throws `DataError` (`cannotCreate`) before anything is measured where nothing can be written to it.
  init(_ path: String) throws {
    self.path = path
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      let reason = FileManager.default.fileExists(atPath: path) ? EEXIST : errno
      throw ChartFolder.refusal(path, "cannot make this folder: \(String(cString: strerror(reason)))")
    }
    guard FileManager.default.isWritableFile(atPath: path) else {
      throw ChartFolder.refusal(path, "cannot write to this folder")
    }
  }

  private static func refusal(_ path: String, _ message: String) -> DataError {
    DataError(path: path, message: message, category: .cannotCreate)
  }

  /// Replaces the charts of what was measured, each in one step.
  func draw(_ results: Results) throws {
    for (file, svg) in results.charts { try write(svg, to: file) }
  }

  /// Replaces one chart.
  func write(_ svg: SVG, to file: String) throws {
    let target = "\(path)/\(file)"
    try AtomicFile.write(Array(svg.document.utf8), to: target)
    note("wrote \(target)")
  }
}
