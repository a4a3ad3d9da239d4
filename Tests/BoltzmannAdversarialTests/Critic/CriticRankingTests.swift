import Boltzmann
import BoltzmannAdversarial
import BoltzmannCompute
import BoltzmannTestSupport
import Foundation
import Testing

@Suite(.enabled(if: Build.isOptimized)) struct CriticRankingTests {
  /// Bars and stripes of 3 × 3, every pixel turned over with probability 0.05.
  private func data(_ count: Int, seed: UInt64) -> BitSamples {
    let stream = RandomStream(seed: seed, purpose: .test)
    return BitSamples(
      (0..<count).map { row in
        let draws = stream.uniforms(row: UInt64(row), count: 13)
        let lines = (0..<3).map { draws[9 + $0] < 0.5 }, isRow = draws[12] < 0.5
        return (0..<9).map { pixel in
          (lines[isRow ? pixel / 3 : pixel % 3] != (draws[pixel] < 0.05)) ? 1 : 0
        }
      })
  }

  private func logLikelihood(_ machine: RBM, _ samples: any Samples) throws -> Double {
    let energies = machine.freeEnergies(of: samples)
    return try -energies.reduce(0) { $0 + Double($1) } / Double(energies.count) - machine.exactLogPartition()
  }

  /// Machines on the way of a training, equally far apart in exact log-likelihood.
  private func checkpoints(_ count: Int, on samples: BitSamples) throws -> [(machine: RBM, value: Double)] {
    var settings = TrainingSettings()
    settings.method = "exact"
    settings.epochs = 400
    settings.learningRate = 0.05
    settings.l2 = 0
    var trainer = try Trainer(
      model: .initialized(dataMeans: samples.means(), hidden: 12, seed: 3), samples: samples,
      settings: settings)
    var all = [(machine: trainer.model, value: try logLikelihood(trainer.model, samples))]
    while !trainer.isFinished {
      if try trainer.step(samples: samples).endsEpoch {
        all.append((trainer.model, try logLikelihood(trainer.model, samples)))
      }
    }
    let values = all.map(\.value), low = values.min() ?? 0, high = values.max() ?? 0
    return (0..<count).compactMap { place in
      let wanted = low + (high - low) * Double(place) / Double(count - 1)
      return all.min { abs($0.value - wanted) < abs($1.value - wanted) }
    }
  }

  /// 20 machines of 12 hidden units, ranked by the critic's divergence and by their exact log-likelihood: Kendall's τ,
  /// the share of pairs in the same order less that in the other, is at least 0.8.
  @Test func theCriticRanksAsTheLikelihood() throws {
    let samples = data(2_000, seed: 1), rows = samples.matrix(0..<samples.count)
    let machines = try checkpoints(20, on: samples)
    let found = try machines.enumerated().map { number, checkpoint in
      let sampler = BlockGibbs(model: checkpoint.machine, seed: UInt64(number))
      var state = sampler.initialState(chains: 2_000)
      sampler.run(&state, steps: 300)
      var settings = CriticSettings()
      (settings.widths, settings.folds, settings.epochs, settings.patience) = ([24], 2, 25, 4)
      settings.rule = .adam(rate: 5e-3)
      let scores = try RatioScores(crossFitting: rows.view, model: state.visibles.view, settings: settings)
      return Divergences(of: scores, resamples: 20).jensenShannon.estimate
    }
    var agreement = 0
    for a in 0..<20 {
      for b in 0..<a {
        agreement += (machines[a].value > machines[b].value) == (found[a] < found[b]) ? 1 : -1
      }
    }
    #expect(Double(agreement) / 190 >= 0.8, "\(found)")
  }
}
