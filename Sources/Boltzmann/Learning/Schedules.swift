internal import Foundation

/// The learning rate over the epochs, as a multiple of the first.
///
/// `progress` counts epochs and is continuous: 2.5 is halfway through the third.
public enum LearningRateSchedule: Spelled {
  /// 1
  case constant
  /// 1 − progress/epochs
  case linear
  /// factor^progress
  case exponential(factor: Double)
  /// 1/(1 + progress/halfLife)
  case inverseTime(halfLife: Double)

  public init?(_ text: String) {
    switch nameAndNumber(text) {
    case ("constant", nil)?: self = .constant
    case ("linear", nil)?: self = .linear
    case ("exponential", let factor?)? where factor > 0 && factor <= 1: self = .exponential(factor: factor)
    case ("inverse", let halfLife?)? where halfLife > 0: self = .inverseTime(halfLife: halfLife)
    default: return nil
    }
  }

  public var description: String {
    switch self {
    case .constant: "constant"
    case .linear: "linear"
    case .exponential(let factor): "exponential:\(factor)"
    case .inverseTime(let halfLife): "inverse:\(halfLife)"
    }
  }

  public func factor(progress: Double, epochs: Int) -> Double {
    switch self {
    case .constant: 1
    case .linear: max(0, 1 - progress / Double(epochs))
    case .exponential(let factor): pow(factor, progress)
    case .inverseTime(let halfLife): 1 / (1 + progress / halfLife)
    }
  }
}

/// A value that changes at given epochs: `0.5,0.9@5` is 0.5, and 0.9 from epoch 5 on (counted from 0).
public struct StepSchedule<Value: LosslessStringConvertible & Sendable & Hashable>: Spelled {
  struct Change: Hashable, Sendable {
    let epoch: Int
    let value: Value
  }

  let changes: [Change]

  public init(_ value: Value) { changes = [Change(epoch: 0, value: value)] }

  public init?(_ text: String) {
    var changes: [Change] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let pair = part.split(separator: "@", omittingEmptySubsequences: false)
      guard pair.count <= 2, let value = Value(String(pair[0])),
        let epoch = pair.count == 2 ? Int(pair[1]) : 0
      else { return nil }
      let isInOrder = changes.last.map { $0.epoch < epoch } ?? (epoch == 0)
      guard isInOrder else { return nil }
      changes.append(Change(epoch: epoch, value: value))
    }
    self.changes = changes
  }

  public var description: String {
    changes.map { $0.epoch == 0 ? $0.value.description : "\($0.value)@\($0.epoch)" }.joined(separator: ",")
  }

  public var values: [Value] { changes.map(\.value) }

  /// The value in force during an epoch, counted from 0.
  public func value(epoch: Int) -> Value { (changes.last { $0.epoch <= epoch } ?? changes[0]).value }
}
