import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Testing

@Suite("The memory of persistent chains")
struct ChainMemoryTests {
  /// Free energies of chains over epochs, with a level and a width that change from epoch to epoch.
  private func memory(_ chains: [[Double]]) -> ChainMemory {
    var memory = ChainMemory()
    for epoch in chains[0].indices {
      let level = 10 * Double(epoch), width = 1 + 0.3 * Double(epoch)
      memory.observe(chains.map { level + width * $0[epoch] })
    }
    return memory
  }

  @Test("chains that forget do not correlate, chains that remember do")
  func correlation() {
    let random = ReferenceRandom(seed: 51)
    let free = memory(random.autoregressive(0, chains: 100, draws: 12))
    // A correlation of 100 independent pairs has standard deviation 1/√100; R̂² − 1 of 200 halves of 5 is about
    // −1/5 + 1/5·F with F of 199 and 800 degrees, of standard deviation 0.11: within 0.11 of 0.
    #expect(abs(free.correlation!) <= 4.9 * 0.1)
    #expect(free.rHat! < 1.06 && !free.isLong)
    let held = memory(random.autoregressive(0.9, chains: 100, draws: 12))
    #expect(abs(held.correlation! - 0.9) <= 4.9 * 0.02)
    #expect(held.isLong)
  }

  @Test("nothing is said before there are ten epochs, nor of one chain, nor of chains that are all alike")
  func silence() {
    let random = ReferenceRandom(seed: 52)
    #expect(memory(random.autoregressive(0.9, chains: 9, draws: 9)).rHat == nil)
    #expect(memory(random.autoregressive(0.9, chains: 9, draws: 1)).correlation == nil)
    #expect(memory(random.autoregressive(0.9, chains: 1, draws: 12)).rHat == nil)
    #expect(memory([[Double]](repeating: [Double](repeating: 1, count: 12), count: 5)).correlation == nil)
  }

  @Test("a training knows the free energies of the chains that it keeps")
  func trainer() throws {
    let samples = BitSamples(count: 8, width: 5) { $0 % 2 == $1 % 2 }
    for method in ["pcd", "fpcd", "pt", "cd"] {
      var settings = TrainingSettings()
      settings.method = method
      settings.batchSize = 4
      settings.chains = 7
      let machine = RBM.initialized(dataMeans: samples.means(), hidden: 3, seed: 1)
      var trainer = try Trainer(model: machine, samples: samples, settings: settings)
      try trainer.step(samples: samples)
      let visibles = trainer.persistentVisibles, energies = trainer.chainFreeEnergies()
      #expect((visibles == nil) == (method == "cd") && energies?.count == visibles?.rows)
      guard let visibles, let energies else { continue }
      #expect(visibles.rows == 7 && energies == trainer.model.freeEnergies(of: visibles.view))
    }
  }
}
