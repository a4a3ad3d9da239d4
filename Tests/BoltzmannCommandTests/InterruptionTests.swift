import Boltzmann
import BoltzmannData
import BoltzmannTestSupport
import Foundation
import Testing

/// A run that was stopped and resumed ends as one that was not, bit for bit.
@Suite struct InterruptionTests {
  @Test(arguments: [(SIGINT, Int32(130)), (SIGTERM, Int32(143))])
  func signals(number: Int32, status: Int32) throws {
    let training = try Training(), scratch = training.scratch
    let running = try training.start("run", epochs: 1_000_000)
    #expect(poll { (try? scratch.epochs("run").count) ?? 0 >= 3 })
    running.signal(number)
    let outcome = try running.wait()
    #expect(outcome.status == status)
    #expect(outcome.errorLines == ["stopped; boltzmann train --resume run goes on from here"])
    let end = try scratch.epochs("run").count + 2
    let resumed = try training.resume("run", ["--epochs", "\(end)"])
    #expect(resumed.status == 0)
    #expect(resumed.error.hasPrefix("run: goes on after epoch "))
    try training.expectWhole("run", epochs: end)
  }

  /// Threads of a pool often block all signals, and hand that down to the processes they start.
  @Test func signalsThatTheParentBlocks() throws {
    let training = try Training()
    let running = try RunningTool(
      Training.begin("run", epochs: 1_000_000), folder: training.scratch.root, blocked: [SIGINT, SIGTERM])
    #expect(poll { (try? training.scratch.epochs("run").count) ?? 0 >= 1 })
    running.signal(SIGTERM)
    #expect(try running.wait().status == 143)
  }

  /// The signal comes before the first minibatch: as the tool starts, reads, or makes its folder.
  @Test func signalsAtTheStart() throws {
    let training = try Training()
    for delay in stride(from: 0, to: Build.isOptimized ? 40 : 30, by: Build.isOptimized ? 2 : 10) {
      let run = "run-\(delay)"
      let running = try training.start(run, epochs: 2)
      usleep(UInt32(delay) * 1000)
      running.signal(SIGTERM)
      let outcome = try running.wait()
      // Before the tool listens, the system ends it as it ends any process.
      #expect([0, 143, -SIGTERM].contains(outcome.status), "\(outcome.error)")
      try finish(training, run, epochs: 2)
    }
  }

  @Test func killedAtAnyMoment() throws {
    let training = try Training(), epochs = Build.isOptimized ? 40 : 4
    let rounds = Build.isOptimized ? 24 : 5
    let begin = Date()
    _ = try training.uninterrupted(epochs: epochs)
    let duration = Date().timeIntervalSince(begin)
    var random = SplitMix(11)
    for round in 0..<rounds {
      // Every third one early: while the tool starts, reads, and makes its folder.
      let moment = Double.random(in: 0...(round % 3 == 0 ? min(0.03, duration) : duration), using: &random)
      try kill(training, "run-\(round)", epochs: epochs, after: moment)
      try finish(training, "run-\(round)", epochs: epochs)
    }
  }

  /// Killed again and again, each time a little later, until nothing is left to do.
  @Test func killedManyTimes() throws {
    let training = try Training(), epochs = Build.isOptimized ? 60 : 3
    var isDone = false, patience = 0.004
    while !isDone {
      let running =
        training.scratch.exists("run")
        ? try RunningTool(["train", "--resume", "run"], folder: training.scratch.root)
        : try training.start("run", epochs: epochs, Self.often)
      usleep(UInt32(patience * 1e6))
      running.signal(SIGKILL)
      isDone = try running.wait().status == 0
      patience *= Build.isOptimized ? 1.15 : 1.7
    }
    try finish(training, "run", epochs: epochs)
  }

  /// A checkpoint after every minibatch.
  private static let often = ["--checkpoint-minutes", "1e-9"]

  private func kill(_ training: Training, _ run: String, epochs: Int, after seconds: Double) throws {
    let running = try training.start(run, epochs: epochs, Self.often)
    usleep(UInt32(seconds * 1e6))
    running.signal(SIGKILL)
    let status = try running.wait().status
    #expect([0, -SIGKILL].contains(status))
  }

  /// Either there is no folder, or it holds a machine that loads and a run that goes on to the same end.
  private func finish(_ training: Training, _ run: String, epochs: Int) throws {
    guard training.scratch.exists(run) else { return }
    let model = try StoredModel.read(training.scratch.path("\(run)/model.safetensors"))
    #expect(model.machine.hiddenCount == 4)
    let outcome = try training.resume(run)
    #expect(outcome.status == 0, "\(outcome.error)")
    try training.expectWhole(run, epochs: epochs)
  }
}
