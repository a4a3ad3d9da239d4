import Boltzmann
import BoltzmannAdversarial
import BoltzmannCompute
import BoltzmannData
import BoltzmannTestSupport
import Foundation
import Testing

@Suite(.enabled(if: Build.isOptimized)) struct GANDigitsTests {
  private let digits: Matrix
  private let labels: [UInt8]

  init() throws {
    let loaded = try Digits.load()
    labels = loaded.labels
    digits = Matrix(rows: loaded.images.rows, columns: 64) { Float(loaded.images[$0, $1]) }
  }

  private func trained() throws -> GAN {
    let samples = FloatSamples(digits)
    var settings = GANSettings()
    settings.output = .logistic
    settings.generatorRule = .adam(rate: 5e-4, firstDecay: 0.5)
    settings.discriminatorRule = .adam(rate: 5e-4, firstDecay: 0.5)
    settings.epochs = 400
    var trainer = try GANTrainer(samples: samples, settings: settings)
    while !trainer.isFinished { _ = try trainer.step(samples: samples) }
    return try trainer.gan
  }

  /// The nearest digit of each row, itself left out.
  private func nearest(_ rows: Matrix, isData: Bool) -> [(digit: Int, distance: Double)] {
    let all = digits.doubles
    let found = rows.doubles
    return Parallel.all.map(rows.rows) { row, _ in
      var best = (digit: 0, distance: Double.infinity)
      for other in all.indices where !isData || other != row {
        let distance = distance(found[row], all[other])
        if distance < best.distance { best = (other, distance) }
      }
      return best
    }
  }

  private func distance(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for (x, y) in zip(a, b) { sum += (x - y) * (x - y) }
    return sum.squareRoot()
  }

  /// Samples lie about as near to digits as digits do to each other, but are none of them; all ten kinds are made;
  /// and a critic mistakes more than a fifth. It is hardly ever wrong about a generator that has not learned.
  @Test func samplesAreLikeDigits() throws {
    let fakes = try trained().samples(1_797, seed: 1)
    let real = nearest(digits, isData: true), made = nearest(fakes, isData: false)
    let mean = { (found: [(digit: Int, distance: Double)]) in
      found.reduce(0) { $0 + $1.distance } / Double(found.count)
    }
    #expect(mean(made) < 1.25 * mean(real), "\(mean(made)) of \(mean(real))")
    #expect(made.allSatisfy { $0.distance > 0.1 })
    let kinds = (0..<10).map { kind in made.count { labels[$0.digit] == kind } }
    #expect(kinds.allSatisfy { $0 >= 54 }, "less than 3 % of one: \(kinds)")
    let scores = try RatioScores(
      crossFitting: digits.view, model: fakes.view, settings: CriticSettings())
    let accuracy = Divergences(of: scores, resamples: 20).accuracy.estimate
    #expect(accuracy < 0.8, "\(accuracy)")
  }
}
