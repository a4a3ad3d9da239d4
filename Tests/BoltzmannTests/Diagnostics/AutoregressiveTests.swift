import Boltzmann
import BoltzmannReference
import BoltzmannTestSupport
import Testing

/// Series whose autocorrelations are known.
@Suite("Statistics of AR(1) series", .enabled(if: Build.isOptimized))
struct AutoregressiveTests {
  private func statistics(_ phi: Double, chains: Int, draws: Int, seed: UInt64) throws -> SeriesStatistics {
    SeriesStatistics(
      try ChainTraces(ReferenceRandom(seed: seed).autoregressive(phi, chains: chains, draws: draws)))
  }

  @Test("τ = (1 + φ)/(1 − φ), and R̂ is silent", arguments: [-0.5, 0, 0.5, 0.8, 0.95])
  func time(_ phi: Double) throws {
    let (chains, draws) = (64, 4096), expected = (1 + phi) / (1 - phi)
    let found = try statistics(phi, chains: chains, draws: draws, seed: 11)
    // Summed up to lag w, τ has relative variance 2(2w + 1)/S (Madras & Sokal 1988), for φ < 0 that of white noise at
    // least: a sum of few lags sees other frequencies too. Sums end where φʷ sinks into the noise, before
    // w = 4 max(τ, 1); 4.9 standard deviations are exceeded once in 10⁶ seeds.
    let window = 4 * max(expected, 1)
    let deviation = (2 * (2 * window + 1) / Double(chains * draws)).squareRoot()
    #expect(abs(found.autocorrelationTime! - expected) <= 4.9 * deviation * max(expected, 1))
    // R̂² − 1 is about (τ − 1)/N + τ/N·(χ²/k − 1), N = 2,048 draws of k + 1 = 128 halves.
    #expect(found.rankRHat! < 1.01 + 0.5 * max(expected, 1) / 2048)
    #expect(found.frozenChains == 0)
  }

  @Test("the standard error is the error of the mean", arguments: [0, 0.8])
  func standardError(_ phi: Double) throws {
    // The squares of 400 normal errors have mean 1 and standard error √(2/400); τ of 8 × 512 draws adds its own
    // relative deviation √(2(2·36 + 1)/4096) = 0.19 to each, independent: in all √((2 + 0.19²·3)/400).
    let squares = try (0..<400).map { seed in
      let found = try statistics(phi, chains: 8, draws: 512, seed: UInt64(100 + seed))
      return found.mean * found.mean / (found.standardError! * found.standardError!)
    }
    // 1/τ̂ is too large on average by its relative variance, 0.036 at most.
    let mean = squares.reduce(0, +) / 400, bound = 4.9 * 0.0727 + 0.036
    #expect(abs(mean - 1) <= bound)
  }

  @Test("one chain in another mode is seen by R̂, whatever the rest does")
  func strayed() throws {
    var chains = ReferenceRandom(seed: 12).autoregressive(0.5, chains: 16, draws: 1000)
    chains[3] = chains[3].map { $0 + 4 }
    // The top sixteenth of the ranks has normal scores around 1.97, φ(Φ⁻¹(15/16))·16: they add 1.97²·15/256 = 0.23 to
    // var⁺, of which the variance within has the rest, so that R̂ ≥ √(1/0.77) = 1.14.
    #expect(SeriesStatistics(try ChainTraces(chains)).rankRHat! > 1.1)
  }
}
