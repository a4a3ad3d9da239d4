public import BoltzmannCompute

/// The state of a training as named numbers: what a checkpoint holds.
public struct Snapshot: Sendable, Equatable {
  public var matrices: [String: Matrix] = [:]
  public var vectors: [String: [Float]] = [:]
  /// Counters too: integers up to 2⁵³ are exact.
  public var numbers: [String: Double] = [:]

  public init() {}

  package func matrix(_ name: String) throws -> Matrix { try find(name, in: matrices) }
  func vector(_ name: String) throws -> [Float] { try find(name, in: vectors) }
  package func number(_ name: String) throws -> Double { try find(name, in: numbers) }

  package func counter(_ name: String) throws -> Int {
    guard let value = Int(exactly: try number(name)), value >= 0 else {
      throw SnapshotError(name: name, problem: "is no counter")
    }
    return value
  }

  package func matrix(_ name: String, like other: Matrix) throws -> Matrix {
    let found = try matrix(name)
    guard found.rows == other.rows && found.columns == other.columns else {
      throw SnapshotError(
        name: name,
        problem: "is [\(found.rows), \(found.columns)], expected [\(other.rows), \(other.columns)]")
    }
    return found
  }

  package func vector(_ name: String, count: Int) throws -> [Float] {
    let found = try vector(name)
    guard found.count == count else {
      throw SnapshotError(name: name, problem: "holds \(found.count) values, expected \(count)")
    }
    return found
  }

  /// A vector of finite numbers above zero.
  func positives(_ name: String, _ count: Int) throws -> [Float] {
    let found = try vector(name, count: count)
    guard found.allSatisfy({ $0 > 0 && $0.isFinite }) else {
      throw SnapshotError(name: name, problem: "is not all positive")
    }
    return found
  }

  private func find<Value>(_ name: String, in values: [String: Value]) throws -> Value {
    guard let value = values[name] else { throw SnapshotError(name: name, problem: "is missing") }
    return value
  }
}

/// A checkpoint that does not fit the training.
public struct SnapshotError: Error, CustomStringConvertible {
  public let name: String
  public let problem: String

  package init(name: String, problem: String) {
    self.name = name
    self.problem = problem
  }

  public var description: String { "\(name) \(problem)" }
}

/// What a checkpoint saves and restores.
public protocol Checkpointed {
  func save(to snapshot: inout Snapshot)
  mutating func restore(from snapshot: Snapshot) throws
}
