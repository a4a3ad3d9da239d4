/// One way to do the work of a task.
struct Contender {
  enum Role: String {
    /// Plain loops on one thread.
    case naive
    /// Only the part of the work that takes most of the time, done as fast as we know.
    case bound
    /// The engine as a user gets it, or told to form its products densely.
    case engine
  }

  let role: Role
  let name: String
  /// Of several variants of a name on as many threads only the fastest is shown.
  var variant: String?
  var threads = 1
  /// The part of the work that one run does; times are scaled to the whole.
  var share = 1.0
  /// Does the work. The result depends on it, so that the compiler cannot leave it out.
  let run: () throws -> Double
}

/// A contender whose result was no number.
struct ContenderFailed: Error, CustomStringConvertible {
  let name: String
  var description: String { "the result of \"\(name)\" is not a number: its time means nothing" }
}
