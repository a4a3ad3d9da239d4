import BoltzmannReference
import BoltzmannTestSupport
import Foundation
import Testing

@Suite("The machine with units of every kind")
struct ReferenceLayeredRBMTests {
  // Sums and grids are good to 1e-12 or better (`ReferenceUnitsTests`), of values below 50.
  static let tolerance = 1e-11

  private static func machine(_ shape: MachineShape) -> ReferenceLayeredRBM { shape.normal(seed: 50) }

  /// Some states of a layer: draws at inputs zero.
  private func states(_ layer: ReferenceLayer) -> [[Double]] {
    (0..<2).map {
      layer.sample(
        layer.bias.map { _ in 0 }, row: $0, step: 0, stream: 255, random: ReferenceRandom(seed: 51))
    }
  }

  @Test("the energy is the formula", arguments: MachineShape.all)
  func energy(_ shape: MachineShape) {
    let machine = Self.machine(shape)
    func layerEnergy(_ layer: ReferenceLayer, _ state: [Double]) -> Double {
      state.indices.reduce(0) { sum, k in
        sum - layer.bias[k] * state[k] + (layer.isReal[k] ? layer.precision[k] * state[k] * state[k] / 2 : 0)
      }
    }
    for (v, h) in zip(states(machine.visible), states(machine.hidden)) {
      var expected = layerEnergy(machine.visible, v) + layerEnergy(machine.hidden, h)
      for i in v.indices { for j in h.indices { expected -= v[i] * machine.weights[i][j] * h[j] } }
      #expect(abs(machine.energy(visible: v, hidden: h) - expected) <= Self.tolerance)
    }
  }

  @Test("−F is the log-sum, or integral, of e^{−E} over the other layer", arguments: MachineShape.all)
  func freeEnergy(_ shape: MachineShape) {
    let machine = Self.machine(shape), mirror = machine.mirrored
    let hiddens = machine.hidden.states(radius: 10)
    for v in states(machine.visible) {
      let terms = zip(hiddens.states, hiddens.logWeights).map { $1 - machine.energy(visible: v, hidden: $0) }
      #expect(abs(-machine.freeEnergy(visible: v) - logSumExp(terms)) <= Self.tolerance)
      // The mirror sums in another order.
      let mirrored = mirror.freeEnergy(hidden: v)
      #expect(abs(mirrored - machine.freeEnergy(visible: v)) <= Self.tolerance)
    }
  }

  @Test("conditional means are ratios of sums of e^{−E}", arguments: MachineShape.all)
  func conditionals(_ shape: MachineShape) {
    let machine = Self.machine(shape), mirror = machine.mirrored
    let hiddens = machine.hidden.states(radius: 10)
    for v in states(machine.visible) {
      let terms = zip(hiddens.states, hiddens.logWeights).map { $1 - machine.energy(visible: v, hidden: $0) }
      let total = logSumExp(terms)
      let means = machine.hidden.bias.indices.map { j in
        zip(hiddens.states, terms).reduce(0) { $0 + $1.0[j] * exp($1.1 - total) }
      }
      #expect(largestDifference(machine.hiddenMeans(given: v), means) <= Self.tolerance)
      #expect(largestDifference(mirror.visibleMeans(given: v), means) <= Self.tolerance)
    }
  }

  @Test("the binary machine is one of them")
  func binary() {
    let binary = ReferenceRBM.normal(visible: 4, hidden: 3, seed: 52)
    let machine = ReferenceLayeredRBM(binary)
    let random = ReferenceRandom(seed: 53)
    for v in binaryStates(4) {
      #expect(abs(machine.freeEnergy(visible: v) - binary.freeEnergy(visible: v)) <= Self.tolerance)
      let (step, expected) = (
        machine.gibbsStep(from: v, row: 5, step: 2, random: random),
        binary.gibbsStep(from: v, row: 5, step: 2, random: random)
      )
      #expect(step == expected)
    }
    #expect(abs(machine.logPartition()! - binary.logPartition()) <= Self.tolerance)
  }

  /// With s = 2x − 1 and t = 2y − 1 for the spins of the two layers,
  /// ```
  /// −bᵀs − cᵀt − sᵀWt = −Σ_i (2b_i − 2Σ_j W_ij) x_i − Σ_j (2c_j − 2Σ_i W_ij) y_j − 4xᵀWy + K
  /// K = Σ_i b_i + Σ_j c_j − Σ_ij W_ij
  /// ```
  /// by multiplying out. So E, F, and −log Z differ by K for all states alike, and the probabilities agree.
  @Test("spins are Bernoulli units under s = 2x − 1")
  func spinsAsBernoulli() {
    let spin = MachineShape([.spin(4)], [.spin(3)]).normal(weightDeviation: 1, seed: 54)
    let (w, b, c) = (spin.weights, spin.visible.bias, spin.hidden.bias)
    let bernoulli = ReferenceRBM(
      weights: w.map { $0.map { 4 * $0 } },
      visibleBias: b.indices.map { i in 2 * b[i] - 2 * w[i].reduce(0, +) },
      hiddenBias: c.indices.map { j in 2 * c[j] - 2 * w.reduce(0) { $0 + $1[j] } })
    let k = b.reduce(0, +) + c.reduce(0, +) - w.joined().reduce(0, +)
    for x in binaryStates(4) {
      let s = x.map { 2 * $0 - 1 }
      #expect(abs(spin.freeEnergy(visible: s) - bernoulli.freeEnergy(visible: x) - k) <= Self.tolerance)
      let means = bernoulli.hiddenMeans(given: x).map { 2 * $0 - 1 }
      #expect(largestDifference(spin.hiddenMeans(given: s), means) <= Self.tolerance)
    }
    #expect(abs(spin.logPartition()! - bernoulli.logPartition() + k) <= Self.tolerance)
  }

  /// A site of two states is (1 − x, x) for a bit x. With w_ab the weights between two such sites,
  /// ```
  /// Σ_ab w_ab = w_00 + (w_10 − w_00)x + (w_01 − w_00)y + (w_11 − w_10 − w_01 + w_00)xy
  /// ```
  /// which gives the Bernoulli machine's biases and weights, and K = −Σ b_i0 − Σ c_j0 − Σ w_00.
  @Test("categorical sites of two states are Bernoulli units")
  func pairsAsBernoulli() {
    let pairs = MachineShape([.categorical([2, 2, 2])], [.categorical([2, 2])]).normal(
      weightDeviation: 1, seed: 55)
    let (b, c) = (pairs.visible.bias, pairs.hidden.bias)
    func w(_ i: Int, _ a: Int, _ j: Int, _ k: Int) -> Double { pairs.weights[2 * i + a][2 * j + k] }
    var bernoulli = ReferenceRBM(visibleCount: 3, hiddenCount: 2)
    var k = -(b[0] + b[2] + b[4]) - (c[0] + c[2])
    for i in 0..<3 { bernoulli.visibleBias[i] = b[2 * i + 1] - b[2 * i] }
    for j in 0..<2 { bernoulli.hiddenBias[j] = c[2 * j + 1] - c[2 * j] }
    for i in 0..<3 {
      for j in 0..<2 {
        bernoulli.weights[i][j] = w(i, 1, j, 1) - w(i, 1, j, 0) - w(i, 0, j, 1) + w(i, 0, j, 0)
        bernoulli.visibleBias[i] += w(i, 1, j, 0) - w(i, 0, j, 0)
        bernoulli.hiddenBias[j] += w(i, 0, j, 1) - w(i, 0, j, 0)
        k -= w(i, 0, j, 0)
      }
    }
    for x in binaryStates(3) {
      let v = x.flatMap { [1 - $0, $0] }
      #expect(abs(pairs.freeEnergy(visible: v) - bernoulli.freeEnergy(visible: x) - k) <= Self.tolerance)
      let means = bernoulli.hiddenMeans(given: x).flatMap { [1 - $0, $0] }
      #expect(largestDifference(pairs.hiddenMeans(given: v), means) <= Self.tolerance)
    }
    #expect(abs(pairs.logPartition()! - bernoulli.logPartition() + k) <= Self.tolerance)
  }
}

@Suite("Gauge moves")
struct ReferenceGaugeTests {
  static let tolerance = 1e-11

  @Test(
    "the zero-sum gauge shifts every free energy by the same, and log Z against it",
    arguments: [
      MachineShape([.categorical([3, 2])], [.bernoulli(3)]),
      MachineShape([.categorical([3, 2])], [.categorical([2, 4])]),
      MachineShape([.spin(3)], [.categorical([2, 3])]),
      MachineShape([.bernoulli(2), .categorical([4]), .gaussian(1)], [.relu(1), .categorical([3])]),
    ])
  func zeroSum(_ shape: MachineShape) {
    let machine = shape.normal(weightDeviation: 0.4, seed: 60)
    let (gauged, shift) = machine.inZeroSumGauge()
    let states = machine.visible.states(radius: 4, spacing: 1).states
    for v in states {
      let change = gauged.freeEnergy(visible: v) - machine.freeEnergy(visible: v)
      #expect(abs(change - shift) <= Self.tolerance)
      #expect(
        largestDifference(gauged.hiddenMeans(given: v), machine.hiddenMeans(given: v)) <= Self.tolerance)
    }
    #expect(abs(gauged.logPartition()! - machine.logPartition()! + shift) <= Self.tolerance)
  }

  @Test("in the zero-sum gauge the weights and biases of a site add up to zero")
  func sums() {
    let gauged = MachineShape([.categorical([3, 2])], [.categorical([2])]).normal(seed: 61).inZeroSumGauge()
      .machine
    for site in [0..<3, 3..<5] {
      #expect(abs(gauged.visible.bias[site].reduce(0, +)) <= 1e-15)
      for j in 0..<2 { #expect(abs(gauged.weights[site].reduce(0) { $0 + $1[j] }) <= 1e-15) }
    }
    #expect(gauged.weights.allSatisfy { abs($0.reduce(0, +)) <= 1e-15 })
    #expect(abs(gauged.hidden.bias.reduce(0, +)) <= 1e-15)
  }

  @Test(
    "hidden units measured in another unit, h → h/κ, shift F by Σ log κ",
    arguments: [
      MachineShape([.bernoulli(3)], [.gaussian(2)]), MachineShape([.spin(3)], [.relu(2)]),
    ])
  func rescaling(_ shape: MachineShape) {
    let machine = shape.normal(seed: 62)
    let kappa = [0.5, 3]
    var scaled = machine
    scaled.hidden.bias = zip(machine.hidden.bias, kappa).map { $0 * $1 }
    scaled.hidden.precision = zip(machine.hidden.precision, kappa).map { $0 * $1 * $1 }
    scaled.weights = machine.weights.map { zip($0, kappa).map { $0 * $1 } }
    let shift = log(kappa[0]) + log(kappa[1])
    for v in machine.visible.states().states {
      let change = scaled.freeEnergy(visible: v) - machine.freeEnergy(visible: v)
      #expect(abs(change - shift) <= Self.tolerance)
    }
    #expect(abs(scaled.logPartition()! - machine.logPartition()! + shift) <= Self.tolerance)
  }
}
