import Boltzmann
import BoltzmannCompute
import BoltzmannTestSupport
import Testing

@Suite("TwoStateSamples")
struct TwoStateSamplesTests {
  @Test("bits become the values of the kind")
  func values() {
    let bits = BitSamples([[0, 1, 1], [1, 0, 0]])
    let spins = TwoStateSamples(bits, as: .spin)
    #expect(spins.count == 2 && spins.width == 3)
    #expect(spins.matrix([1, 0]).values == [1, -1, -1, -1, 1, 1])
    #expect(TwoStateSamples(bits, as: .bernoulli).matrix([0]).values == [0, 1, 1])
    #expect(spins.means() == [0, 0, 0])
  }
}
