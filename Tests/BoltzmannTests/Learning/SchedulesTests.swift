import Boltzmann
import Foundation
import Testing

@Suite("Learning-rate schedules")
struct LearningRateScheduleTests {
  @Test("constant")
  func constant() {
    for progress in [0, 0.5, 99] {
      #expect(LearningRateSchedule.constant.factor(progress: progress, epochs: 10) == 1)
    }
  }

  @Test("linear to zero at the last epoch, never below")
  func linear() {
    let factors = [0, 2.5, 10, 11].map { LearningRateSchedule.linear.factor(progress: $0, epochs: 10) }
    #expect(factors == [1, 0.75, 0, 0])
  }

  @Test("exponential: a factor an epoch")
  func exponential() {
    let schedule = LearningRateSchedule.exponential(factor: 0.25)
    // Powers of two and their roots are exact.
    #expect([0, 0.5, 1, 3].map { schedule.factor(progress: $0, epochs: 10) } == [1, 0.5, 0.25, 0.015625])
  }

  @Test("inverse time: half after the half-life, a third after two")
  func inverseTime() {
    let schedule = LearningRateSchedule.inverseTime(halfLife: 4)
    #expect([0, 4, 8, 12].map { schedule.factor(progress: $0, epochs: 10) } == [1, 0.5, 1 / 3.0, 0.25])
  }

  @Test("is written as it is read", arguments: ["constant", "linear", "exponential:0.95", "inverse:3.5"])
  func roundTrip(_ text: String) throws {
    let schedule = try #require(LearningRateSchedule(text))
    #expect(schedule.description == text)
    let decoded = try JSONDecoder().decode(LearningRateSchedule.self, from: JSONEncoder().encode(schedule))
    #expect(decoded == schedule)
  }

  @Test(
    "what spells nothing is refused",
    arguments: [
      "", "Constant", "constant:1", "linear:2", "exponential", "exponential:0", "exponential:1.1",
      "exponential:-1", "exponential:nan", "inverse", "inverse:0", "inverse:inf", "inverse:1:2",
    ])
  func refused(_ text: String) { #expect(LearningRateSchedule(text) == nil) }

  @Test("a file's nonsense is refused with the word and the type")
  func decoding() {
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(LearningRateSchedule.self, from: Data("\"warmup\"".utf8))
    }
  }
}

@Suite("Step schedules")
struct StepScheduleTests {
  @Test("the momentum's default: 0.5, and 0.9 from epoch 5 on")
  func momentum() throws {
    let schedule = try #require(StepSchedule<Double>("0.5,0.9@5"))
    #expect([0, 4, 5, 6, 99].map { schedule.value(epoch: $0) } == [0.5, 0.5, 0.9, 0.9, 0.9])
    #expect(schedule.values == [0.5, 0.9])
  }

  @Test("a single value is for all epochs")
  func single() {
    #expect(StepSchedule(3).value(epoch: 0) == 3)
    #expect(StepSchedule(3).value(epoch: 1_000) == 3)
    #expect(StepSchedule<Int>("3") == StepSchedule(3))
  }

  @Test("steps may grow more than once")
  func growing() throws {
    let schedule = try #require(StepSchedule<Int>("1,3@2,10@4"))
    #expect((0..<6).map { schedule.value(epoch: $0) } == [1, 1, 3, 3, 10, 10])
  }

  @Test("is written as it is read", arguments: ["1", "1,3@2,10@4"])
  func roundTrip(_ text: String) throws {
    let schedule = try #require(StepSchedule<Int>(text))
    #expect(schedule.description == text)
    let decoded = try JSONDecoder().decode(StepSchedule<Int>.self, from: JSONEncoder().encode(schedule))
    #expect(decoded == schedule)
  }

  @Test("numbers with a fraction are written so that they come back")
  func fractions() {
    let schedule = StepSchedule(0.1 + 0.2)
    #expect(StepSchedule<Double>(schedule.description) == schedule)
  }

  @Test(
    "what is no schedule is refused",
    arguments: ["", ",", "1,", "x", "1.5", "1@2", "1,2", "1,2@0", "1,2@5,3@4", "1,2@5,3@5", "1@0@0", "1,2@x"])
  func refused(_ text: String) { #expect(StepSchedule<Int>(text) == nil) }
}
