import Boltzmann
import BoltzmannReference
import BoltzmannTestSupport
import Foundation
import Testing

@Suite("Annealing schedules")
struct AnnealingScheduleTests {
  @Test("a linear schedule has equal steps", arguments: [1, 4, 1_000])
  func linear(_ steps: Int) {
    let schedule = AnnealingSchedule.linear(steps)
    #expect(schedule.steps == steps)
    #expect(schedule.inverseTemperatures == ReferenceAnnealing.linearSchedule(stepCount: steps))
  }

  @Test("Salakhutdinov & Murray's has 14,500 steps: 500 up to 0.5, 4,000 up to 0.9, 10,000 up to 1")
  func salakhutdinovMurray() {
    let schedule = AnnealingSchedule.salakhutdinovMurray
    #expect(schedule.steps == 14_500)
    let betas = schedule.inverseTemperatures
    #expect(betas == ReferenceAnnealing.salakhutdinovMurraySchedule())
    #expect([betas[0], betas[500], betas[4_500], betas[14_500]] == [0, 0.5, 0.9, 1])
    #expect(zip(betas, betas.dropFirst()).allSatisfy(<))
  }

  @Test("is written as it is read", arguments: ["1", "1000", "sm2008"])
  func roundTrip(_ text: String) throws {
    let schedule = try #require(AnnealingSchedule(text))
    #expect(schedule.description == text)
    let decoded = try JSONDecoder().decode(AnnealingSchedule.self, from: JSONEncoder().encode(schedule))
    #expect(decoded == schedule)
  }

  @Test("14500 means sm2008, too")
  func synonym() { #expect(AnnealingSchedule("14500") == .salakhutdinovMurray) }

  @Test("what is no schedule is refused", arguments: ["", "0", "-5", "1.5", "sm", "1,000"])
  func refused(_ text: String) { #expect(AnnealingSchedule(text) == nil) }
}
