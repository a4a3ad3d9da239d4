import Boltzmann
import BoltzmannCompute
import BoltzmannData
import Testing

/// No file makes the reader trap, and none that is damaged in its structure is taken for a machine.
@Suite struct StoredModelHostileTests {
  private static func bytes() throws -> [UInt8] {
    let folder = try TemporaryFolder(inMemory: true)
    try StoredModelTests.stored.write(to: folder.file("m"))
    return try folder.content("m")
  }

  @Test func everyTruncationIsRefused() throws {
    let folder = try TemporaryFolder(inMemory: true)
    for cut in HostileBytes.truncations(try Self.bytes()) {
      let path = try folder.file("m", cut)
      let line = message { _ = try StoredModel.read(path) }
      #expect(line?.hasPrefix("\(path): ") == true, "\(cut.count) bytes")
    }
  }

  /// What is read in spite of an edit is a whole machine of finite numbers.
  @Test func mutationsNeverTrap() throws {
    let folder = try TemporaryFolder(inMemory: true)
    for damaged in HostileBytes.mutations(try Self.bytes(), count: 1500, seed: 21) {
      let path = try folder.file("m", damaged)
      guard let model = surviving(path, { try StoredModel.read(path) }) else { continue }
      let machine = model.machine
      #expect(machine.weights.rows == machine.visibleCount && machine.weights.columns == machine.hiddenCount)
      #expect(machine.visibleCount > 0 && machine.hiddenCount > 0)
      #expect(
        (machine.weights.values + machine.visible.bias + machine.hidden.bias).allSatisfy { $0.isFinite })
      #expect(model.visibleShape.map { $0.reduce(1, *) == machine.visibleCount } ?? true)
    }
  }
}
