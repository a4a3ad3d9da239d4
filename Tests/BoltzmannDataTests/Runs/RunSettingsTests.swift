import Boltzmann
import BoltzmannData
import Foundation
import Testing

@Suite struct RunSettingsTests {
  private func encoded(_ settings: RunSettings) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return String(decoding: try encoder.encode(settings), as: UTF8.self)
  }

  @Test func roundTrip() throws {
    let text = try encoded(RunExample.settings)
    let read = try JSONDecoder().decode(RunSettings.self, from: Data(text.utf8))
    #expect(try encoded(read) == text)
    #expect(read.training == RunExample.settings.training)
    #expect(read.preprocessing == Preprocessing(scale: 16, binarization: .threshold(0.25)))
    #expect(read.epochs == 7 && read.training.seed == .max)
  }

  @Test func versions() {
    #expect(RunExample.settings.versions == Versions.current)
    #expect(Set(Versions.current.keys) == ["boltzmann", "instruction_set", "blas"])
    #expect(Versions.current.values.allSatisfy { !$0.isEmpty })
  }

  private func problem(_ change: (inout RunSettings) -> Void) -> String? {
    var settings = RunExample.settings
    change(&settings)
    return message { try settings.validate() }
  }

  @Test func validation() {
    #expect(problem { _ in } == nil)
    #expect(problem { $0.hidden = 0 } == "there must be at least 1 hidden unit, not 0")
    #expect(problem { $0.visibleKind = "magic" } == "units of kind \"magic\" are unknown")
    #expect(problem { $0.hiddenKind = "" } == "units of kind \"\" are unknown")
    #expect(problem { $0.weightInitialization = .normal(standardDeviation: 1e38) } != nil)
    #expect(problem { $0.weightInitialization = .uniform(bound: 1e39) } != nil)
    #expect(problem { $0.weightInitialization = .glorot } == nil)
    for minutes in [0, -1, .nan, .infinity] { #expect(problem { $0.checkpointMinutes = minutes } != nil) }
    for scale in [0, -1, .nan, .infinity] { #expect(problem { $0.scale = scale } != nil) }
    #expect(problem { $0.scale = nil } == nil)
    #expect(problem { $0.epochs = 0 } == "epochs must be at least 1, not 0")
    #expect(problem { $0.logLikelihoodEvery = 0 } != nil && problem { $0.keepEvery = -1 } != nil)
    #expect(problem { $0.keepEvery = nil } == nil)
  }
}
