/// What went wrong with a file, where in it, and what was expected; its description is one line.
public struct DataError: Error, Equatable, Sendable {
  /// The kinds of failure a program tells apart by its exit status.
  public enum Category: Equatable, Sendable {
    /// The file was read, but what it holds is wrong.
    case content
    /// The file does not exist or cannot be read.
    case missingInput
    /// The output exists already or cannot be created.
    case cannotCreate
    /// The output was opened, but writing failed, as on a full disk.
    case writeFailed

    /// The exit status of `sysexits.h`: 65, 66, 73 or 74.
    public var exitCode: Int32 {
      switch self {
      case .content: 65
      case .missingInput: 66
      case .cannotCreate: 73
      case .writeFailed: 74
      }
    }
  }

  /// A place in a file; lines, rows and columns count from 1, bytes from 0.
  public enum Location: Equatable, Sendable {
    /// A line of text.
    case line(Int)
    /// A field of delimited text.
    case field(line: Int, column: Int)
    /// A number of a binary array, images flattened to rows.
    case entry(row: Int, column: Int)
    /// A tensor, by its name.
    case tensor(String)
    /// An offset from the start of the file as it lies on the disk.
    case byte(Int)
  }

  /// The file, as the caller named it.
  public var path: String
  /// Where in the file, if one place is at fault.
  public var location: Location?
  /// What is wrong, and where it helps what was expected.
  public var message: String
  /// Decides the exit status.
  public var category: Category

  /// Describes a failure; without a category the content of the file is at fault.
  public init(path: String, location: Location? = nil, message: String, category: Category = .content) {
    self.path = path
    self.location = location
    self.message = message
    self.category = category
  }
}

extension DataError: CustomStringConvertible {
  /// One line: `file: line 12: what is wrong`.
  public var description: String {
    [path.isEmpty ? "\"\"" : path, location?.description, message].compactMap { $0 }.map(singleLine).joined(
      separator: ": ")
  }
}

extension DataError.Location: CustomStringConvertible {
  /// The place in words: `line 2, column 3`.
  public var description: String {
    switch self {
    case .line(let line): "line \(line)"
    case .field(let line, let column): "line \(line), column \(column)"
    case .entry(let row, let column): "row \(row), column \(column)"
    case .tensor(let name): "tensor \(name)"
    case .byte(let offset): "byte \(offset)"
    }
  }
}

/// Shows control characters as escapes: a hostile tensor name must not break the line or the terminal.
private func singleLine(_ text: String) -> String {
  let isPlain = text.unicodeScalars.allSatisfy { !isControl($0) }
  return isPlain ? text : text.unicodeScalars.map(escaped).joined()
}

private func escaped(_ scalar: Unicode.Scalar) -> String {
  isControl(scalar) ? scalar.escaped(asASCII: true) : String(scalar)
}

private func isControl(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.properties.generalCategory {
  case .control, .lineSeparator, .paragraphSeparator: true
  default: false
  }
}
