import CBoltzmannKernels
import Testing

/// The kernels of one instruction set that this processor has.
struct InstructionSet: Sendable, CustomTestStringConvertible {
  let name: String
  let kernels: boltzmann_kernels

  init?(_ set: boltzmann_instruction_set) {
    guard let table = boltzmann_kernels_for(set) else { return nil }
    name = String(cString: boltzmann_instruction_set_name(set))
    kernels = table.pointee
  }

  /// All that this processor has: every kernel is tested with each of them.
  static let available = (0..<BOLTZMANN_INSTRUCTION_SETS.rawValue).compactMap {
    InstructionSet(boltzmann_instruction_set(rawValue: $0))
  }

  var testDescription: String { name }
}

extension InstructionSet {
  /// The logistic function of every value: bias 0 and scale 1 leave the argument as it is.
  func logistic(_ x: [Float]) -> [Float] {
    var out = [Float](repeating: 0, count: x.count)
    kernels.logistic(x, 0, [Float](repeating: 0, count: x.count), 1, &out, 0, 1, x.count)
    return out
  }

  /// The softplus of every value.
  func softplus(_ x: [Float]) -> [Float] {
    var out = [Float](repeating: 0, count: x.count)
    kernels.softplus(x, &out, x.count)
    return out
  }
}

@Suite struct InstructionSetTests {
  @Test func everyProcessorHasTheBaseline() {
    #expect(boltzmann_kernels_for(BOLTZMANN_BASELINE) != nil)
    #expect(InstructionSet.available.first?.name == "baseline")
  }

  @Test func theBestIsTheWidestThatThereIs() {
    let best = boltzmann_best_instruction_set()
    #expect(String(cString: boltzmann_instruction_set_name(best)) == InstructionSet.available.last?.name)
  }

  @Test func namesFollowThePsABI() {
    let names = (0..<BOLTZMANN_INSTRUCTION_SETS.rawValue).map {
      String(cString: boltzmann_instruction_set_name(boltzmann_instruction_set(rawValue: $0)))
    }
    #expect(names == ["baseline", "x86-64-v3", "x86-64-v4"])
  }
}
