/// Times contenders in turn: A B C, A B C, …
///
/// The speed of a machine drifts within seconds. What runs in the same turn meets the same machine, and the
/// median over turns forgets the turns that were disturbed.
struct AlternatingTimer {
  let repetitions: Int

  /// The times of every contender, one a turn, after a first turn that does not count.
  func measure(_ contenders: [Contender]) throws -> [Measurement] {
    var seconds = [[Double]](repeating: [], count: contenders.count)
    for turn in 0...repetitions {
      for (index, contender) in contenders.enumerated() {
        let time = try time(contender) / contender.share
        if turn > 0 { seconds[index].append(time) }
      }
    }
    return zip(contenders, seconds).map { Measurement(contender: $0, seconds: $1) }
  }

  /// The seconds of one run.
  private func time(_ contender: Contender) throws -> Double {
    let clock = ContinuousClock()
    let begin = clock.now
    let result = try contender.run()
    let elapsed = begin.duration(to: clock.now)
    guard !result.isNaN else { throw ContenderFailed(name: contender.name) }
    return elapsed / .seconds(1)
  }
}
