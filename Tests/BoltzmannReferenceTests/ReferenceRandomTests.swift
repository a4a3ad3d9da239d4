import BoltzmannReference
import BoltzmannTestSupport
import Testing

@Suite("Random numbers by address")
struct ReferenceRandomTests {
  @Test("the address fills the counter as documented")
  func addressLayout() {
    let random = ReferenceRandom(seed: 0x299f_31d0_a409_3822)
    let row = 0xAB_1234_5678
    let step = 0xCDEF_9ABC_DEF0
    let block = Philox.block(
      counter: SIMD4(3, 0x1234_5678, 0x9ABC_DEF0, 0x07AB_CDEF), key: SIMD2(0xa409_3822, 0x299f_31d0))
    for unit in 12..<16 {
      #expect(random.word(unit: unit, row: row, step: step, stream: 7) == block[unit - 12])
    }
  }

  @Test("a layer is drawn from the words of its units")
  func layerOfDraws() {
    let random = ReferenceRandom(seed: 5)
    let probabilities = (0..<11).map { Double($0) / 10 }
    let draws = random.bernoulli(probabilities, row: 3, step: 4, stream: 1)
    for unit in probabilities.indices {
      let word = random.word(unit: unit, row: 3, step: 4, stream: 1)
      #expect(draws[unit] == (ReferenceRandom.isOn(word, probability: probabilities[unit]) ? 1 : 0))
    }
  }

  @Test("the Bernoulli rule is exact at its edges")
  func edgesOfTheRule() {
    #expect(ReferenceRandom.isOn(.max, probability: 1))
    #expect(ReferenceRandom.isOn(.max, probability: .infinity))
    #expect(!ReferenceRandom.isOn(0, probability: 0))
    #expect(!ReferenceRandom.isOn(0, probability: -1))
    #expect(!ReferenceRandom.isOn(0, probability: .nan))
    // ⌊p · 2³²⌋ is 2³¹ for a half, and 0 for anything below 2⁻³².
    #expect(ReferenceRandom.isOn(0x7fff_ffff, probability: 0.5))
    #expect(!ReferenceRandom.isOn(0x8000_0000, probability: 0.5))
    #expect(!ReferenceRandom.isOn(0, probability: 0x1p-32 * 0.999))
    #expect(ReferenceRandom.isOn(0, probability: 0x1p-32))
  }

  @Test("as many draws are on as the probability says", arguments: [0.01, 0.3, 0.5, 0.99])
  func frequency(_ probability: Double) {
    let random = ReferenceRandom(seed: 17)
    let draws = random.bernoulli(Array(repeating: probability, count: 10_000), row: 1, step: 2, stream: 0)
    let standardError = (probability * (1 - probability) / 10_000).squareRoot()
    // Five standard errors of 10,000 draws: a correct rule fails for one seed in a million.
    #expect(abs(draws.reduce(0, +) / 10_000 - probability) < 5 * standardError)
  }
}
