import Boltzmann
import BoltzmannCompute
import BoltzmannTestSupport
import Testing

@Suite("Hidden units that tell nothing")
struct HiddenActivityTests {
  private let data = BitSamples(count: 120, width: 4) { ($0 + $1) % 3 == 0 }

  private func activity(_ hidden: any Units, weight: (_ unit: Int) -> Float = { _ in 1 }) -> HiddenActivity {
    HiddenActivity(
      of: RBM(
        visible: BernoulliUnits(bias: [0, 0, 0, 0]), hidden: hidden,
        weights: Matrix(rows: 4, columns: hidden.count) { $0 == 0 ? weight($1) : 0 }),
      given: data)
  }

  @Test("binary units and spins by their mean")
  func discrete() {
    let found = activity(BernoulliUnits(bias: [0, -20, 20, -6, 6, -8]))
    // σ(−6) = 0.0025 and σ(−5) = 0.0067 are alive, σ(−7) = 0.0009 and σ(−8) are not.
    #expect(found.dead == [1, 5] && found.saturated == [2])
    let spins = activity(SpinUnits(bias: [0, -10, 10, -2]))
    #expect(spins.dead == [1] && spins.saturated == [2])
  }

  @Test("states of sites that are never or always on")
  func categorical() {
    let units = CategoricalUnits(UnitParameters(bias: [0, 0, -20, 20, 0], states: [3, 2]))
    let found = activity(units)
    #expect(found.dead == [2, 4] && found.saturated == [3])
  }

  @Test("real units by how much their mean moves")
  func real() {
    let units = GaussianUnits(UnitParameters(bias: [50, 0, 0], precision: [1, 4, 4]))
    // The mean moves by w/γ with v_0, in units of 1/√γ by w/√γ: 0, 0.5 and 0.0005.
    #expect(activity(units) { [0, 1, 0.001][$0] }.dead == [0, 2])
    let rectified = RectifiedUnits(UnitParameters(bias: [-3, 3], precision: [1, 1]))
    #expect(activity(rectified) { [0, 1][$0] }.dead == [0])
    #expect(activity(rectified).saturated.isEmpty)
  }
}
