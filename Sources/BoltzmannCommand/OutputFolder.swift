internal import BoltzmannData
internal import Foundation

/// A folder for files that are written at the end of long work.
enum OutputFolder {
  /// Makes the folder where there is none; throws `DataError` of `cannotCreate` where that cannot be, or where a file is
  /// there already.
  static func require(_ folder: String, free files: [String], overwrite: Bool) throws {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder) {
      guard isFolder.boolValue else {
        throw DataError(path: folder, message: "exists and is no folder", category: .cannotCreate)
      }
    } else {
      do {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      } catch {
        throw DataError(path: folder, message: "the folder cannot be created", category: .cannotCreate)
      }
    }
    for file in files { try OutputFile.requireFree("\(folder)/\(file)", overwrite: overwrite) }
  }
}
