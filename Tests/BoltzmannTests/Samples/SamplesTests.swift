import Boltzmann
import BoltzmannCompute
import BoltzmannTestSupport
import Testing

/// Eleven binary samples of nine visibles: neither fills its last byte.
private let states = randomStates(11, width: 9, seed: 150)

@Suite("Samples")
struct SamplesTests {
  static let forms: [any Samples] = [
    BitSamples(states), FloatSamples(states),
    GreySamples(width: 9, bytes: states.joined().map { UInt8($0) }, scale: 1),
  ]

  @Test("all forms hold the same samples", arguments: forms)
  func equalForms(_ samples: any Samples) {
    #expect(samples.count == 11 && samples.width == 9)
    #expect(samples.matrix(0..<11).doubles == states)
  }

  @Test("samples are loaded by their numbers, in any order, repeated or not at all", arguments: forms)
  func numbers(_ samples: any Samples) {
    let numbers = [7, 0, 10, 7]
    #expect(samples.matrix(numbers).doubles == numbers.map { states[$0] })
    #expect(samples.matrix([Int]()).rows == 0)
  }

  @Test("a load into some rows leaves the others alone", arguments: forms)
  func window(_ samples: any Samples) {
    var target = Matrix(rows: 4, columns: 9) { _, _ in 5 }
    target.withMutableView { samples.load([3, 4], epoch: 0, into: $0.rows(1..<3)) }
    let fives = [Double](repeating: 5, count: 9)
    #expect(target.doubles == [fives, states[3], states[4], fives])
  }

  @Test("means are over all samples, also over several blocks", arguments: [1, 2, 3])
  func means(_ threads: Int) {
    let many = randomStates(2_345, width: 9, seed: 151)
    let means = BitSamples(many).means(parallel: Parallel(threads: threads))
    // Sums of ones below 2²⁴ are exact; the quotient is rounded once.
    for visible in 0..<9 {
      let sum = many.reduce(0) { $0 + $1[visible] }
      #expect(means[visible] == Float(sum / 2_345))
    }
  }

  @Test("no samples have the mean 0")
  func noSamples() {
    #expect(BitSamples(count: 0, width: 3).means() == [0, 0, 0])
  }

  @Test("a few samples are spread evenly over the data")
  func evenlySpread() {
    let samples = BitSamples(count: 10, width: 1)
    #expect(samples.evenlySpread(4) == [0, 2, 5, 7])
    #expect(samples.evenlySpread(10) == Array(0..<10))
    #expect(samples.evenlySpread(99) == Array(0..<10))
    #expect(samples.evenlySpread(0) == [])
    let many = BitSamples(count: 1_003, width: 1).evenlySpread(100)
    let gaps = Set(zip(many, many.dropFirst()).map { $1 - $0 })
    #expect(many.count == 100 && gaps == [10, 11])
  }
}

@Suite("Bit samples")
struct BitSamplesTests {
  @Test("start at zero, and are set one by one", arguments: [1, 7, 8, 9, 16, 17, 65])
  func setting(_ width: Int) {
    var samples = BitSamples(count: 3, width: width)
    #expect(samples.matrix(0..<3).values.allSatisfy { $0 == 0 })
    samples.setOn(1, width - 1)
    for sample in 0..<3 {
      for visible in 0..<width {
        #expect(samples.isOn(sample, visible) == (sample == 1 && visible == width - 1))
      }
    }
    #expect(samples.matrix([1])[0, width - 1] == 1)
    #expect(samples.matrix(0..<3).values.reduce(0, +) == 1)
  }

  @Test("take a matrix's values as on from ½ upwards")
  func fromMatrix() {
    let samples = BitSamples(Matrix([[0, 0.49, 0.5, 1]]))
    #expect((0..<4).map { samples.isOn(0, $0) } == [false, false, true, true])
  }

  @Test("come from a rule")
  func fromRule() {
    let samples = BitSamples(count: 3, width: 5) { $0 == $1 }
    #expect(samples.matrix(0..<3) == Matrix(rows: 3, columns: 5) { $0 == $1 ? 1 : 0 })
  }
}

@Suite("Grey samples")
struct GreySamplesTests {
  @Test("are bytes times a scale")
  func bytes() {
    let samples = GreySamples(width: 2, bytes: [0, 51, 128, 255], scale: 1 / 255)
    #expect(samples.count == 2)
    // One product in Float.
    let expected: [Float] = [0, 51, 128, 255].map { $0 * (1 / 255) }
    #expect(samples.matrix(0..<2).values == expected)
  }

  @Test("all 256 bytes, in rows of every width around a vector", arguments: [1, 15, 16, 17, 33])
  func allBytes(_ width: Int) {
    let bytes = (0..<(256 * width)).map { UInt8(truncatingIfNeeded: $0) }
    let samples = GreySamples(width: width, bytes: bytes, scale: 1 / 256)
    #expect(samples.matrix(0..<256).values == bytes.map { Float($0) / 256 })
  }

  @Test("floats are kept as they are")
  func floats() {
    let samples = FloatSamples(Matrix([[0.1, 0.2], [0.3, 1]]))
    #expect(samples.matrix([1, 0]).values == [0.3, 1, 0.1, 0.2])
  }
}
