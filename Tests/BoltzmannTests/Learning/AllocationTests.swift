import Boltzmann
import BoltzmannCompute
import BoltzmannTestSupport
import Testing

/// Memory for minibatches is taken in the first updates and reused ever after. The counter is the whole process's,
/// so each count is made in a process of its own.
@Suite("Steady state")
struct AllocationTests {
  @Test("a training takes no new matrices after its first two minibatches", arguments: ["cd", "pcd", "fpcd"])
  func noAllocations(_ method: String) async {
    await #expect(processExitsWith: .success) { [method] in
      var trainer = try WideTraining.trainer(method)
      let warmUp = MatrixAllocations.count
      for _ in 0..<2 { try trainer.step(samples: WideTraining.samples, parallel: Parallel(threads: 2)) }
      // The counter counts: the workers' tiles, at least, are made in the first step.
      let before = MatrixAllocations.count
      #expect(before > warmUp)
      while !trainer.isFinished {
        try trainer.step(samples: WideTraining.samples, parallel: Parallel(threads: 2))
        #expect(MatrixAllocations.count == before)
      }
    }
  }

  @Test("a copy takes memory of its own, once")
  func copy() async {
    await #expect(processExitsWith: .success) {
      var trainer = try WideTraining.trainer("pcd")
      for _ in 0..<2 { try trainer.step(samples: WideTraining.samples) }
      var copy = trainer
      let before = MatrixAllocations.count
      try copy.step(samples: WideTraining.samples)
      let after = MatrixAllocations.count
      #expect(after > before)
      try copy.step(samples: WideTraining.samples)
      try trainer.step(samples: WideTraining.samples)
      try trainer.step(samples: WideTraining.samples)
      #expect(MatrixAllocations.count == after)
    }
  }
}
