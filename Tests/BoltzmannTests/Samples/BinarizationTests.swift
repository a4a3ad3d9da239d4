import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Foundation
import Testing

@Suite("Binarisation")
struct BinarizationTests {
  static let values = randomValues(40, width: 9, seed: 160).map { $0.map { Double(Float($0)) } }
  static let grey = FloatSamples(values)

  @Test("threshold: on from the threshold upwards", arguments: [0.5, 0.25, 0.7] as [Float])
  func threshold(_ threshold: Float) {
    let grey = FloatSamples(Matrix([[Double(threshold.nextDown), Double(threshold), 0, 1]]))
    let samples = Binarization.threshold(threshold)(grey, seed: 1)
    #expect(samples.matrix([0]).values == [0, 1, 0, 1])
    #expect(
      Binarization.threshold(threshold)(Self.grey, seed: 1).matrix(0..<40).doubles
        == Self.values.map { $0.map { $0 >= Double(threshold) ? 1 : 0 } })
  }

  @Test("bytes, too")
  func bytes() {
    let grey = GreySamples(width: 4, bytes: [0, 127, 128, 255], scale: 1 / 255)
    #expect(Binarization.threshold(0.5)(grey, seed: 0).matrix([0]).values == [0, 0, 1, 1])
  }

  /// The draws of an epoch by the reference's rule. A value is its own probability, so that no rounding is
  /// between the two.
  private func draws(seed: UInt64, epoch: Int) -> [[Double]] {
    let random = ReferenceRandom(seed: seed)
    let stream = Int(RandomPurpose.binarization.rawValue)
    return Self.values.enumerated().map { row, means in
      random.bernoulli(means, row: row, step: epoch, stream: stream)
    }
  }

  @Test("resample: fresh draws each epoch, each for a sample, an epoch and a seed")
  func resample() {
    let samples = Binarization.resample(Self.grey, seed: 161)
    for epoch in [0, 1, 7] {
      #expect(samples.matrix(0..<40, epoch: epoch).doubles == draws(seed: 161, epoch: epoch))
    }
    #expect(samples.matrix([5, 3], epoch: 7).doubles == [5, 3].map { draws(seed: 161, epoch: 7)[$0] })
    #expect(draws(seed: 161, epoch: 0) != draws(seed: 161, epoch: 1))
    #expect(draws(seed: 161, epoch: 0) != draws(seed: 162, epoch: 0))
  }

  @Test("sample: drawn once, the same in all epochs")
  func sample() {
    let samples = Binarization.sample(Self.grey, seed: 161)
    for epoch in [0, 1, 7] {
      #expect(samples.matrix(0..<40, epoch: epoch).doubles == draws(seed: 161, epoch: 0))
    }
  }

  @Test("values 0 and 1 are certain")
  func certain() {
    let states = randomStates(40, width: 9, seed: 163)
    for binarization in [Binarization.threshold(0.5), .sample, .resample, .none] {
      #expect(binarization(BitSamples(states), seed: 3).matrix(0..<40, epoch: 2).doubles == states)
    }
  }

  @Test("none leaves the values")
  func none() {
    #expect(Binarization.none(Self.grey, seed: 1).matrix(0..<40).doubles == Self.values)
  }

  @Test(
    "is written as it is read",
    arguments: ["threshold:0.3", "threshold:0.5", "sample", "resample", "none"])
  func roundTrip(_ text: String) throws {
    let binarization = try #require(Binarization(text))
    #expect(binarization.description == text)
    let decoded = try JSONDecoder().decode(Binarization.self, from: JSONEncoder().encode(binarization))
    #expect(decoded == binarization)
  }

  @Test("any threshold survives being written")
  func thresholds() {
    for value in randomValues(1, width: 1_000, seed: 164)[0] {
      let binarization = Binarization.threshold(Float(value))
      #expect(Binarization(binarization.description) == binarization)
    }
  }

  @Test("the threshold is ½ where none is given")
  func defaultThreshold() { #expect(Binarization("threshold") == .threshold(0.5)) }

  @Test(
    "what spells nothing is refused",
    arguments: ["", "threshold:", "threshold:x", "threshold:nan", "sample:1", "Sample", "none:0"])
  func refused(_ text: String) { #expect(Binarization(text) == nil) }
}
