internal import BoltzmannData
internal import Foundation

/// A file that is written only at the end of long work.
enum OutputFile {
  /// Throws `DataError` of `cannotCreate` where the file is there already, or could never be.
  static func requireFree(_ path: String, overwrite: Bool) throws {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) {
      if isFolder.boolValue { throw problem(path, "is a folder") }
      if !overwrite { throw problem(path, "exists (--overwrite replaces it)") }
    }
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    guard !path.isEmpty, FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder),
      isFolder.boolValue
    else { throw problem(path, "there is no folder to put it in") }
    guard FileManager.default.isWritableFile(atPath: folder) else {
      throw problem(path, "cannot be created in this folder")
    }
  }

  private static func problem(_ path: String, _ message: String) -> DataError {
    DataError(path: path, message: message, category: .cannotCreate)
  }
}
