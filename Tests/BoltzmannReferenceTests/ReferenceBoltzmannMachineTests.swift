import BoltzmannReference
import BoltzmannTestSupport
import Foundation
import Testing

@Suite("The reference's general Boltzmann machine")
struct ReferenceBoltzmannMachineTests {
  @Test("is the restricted machine where U = P = 0")
  func restricted() {
    let rbm = ReferenceRBM.normal(visible: 4, hidden: 3, seed: 300)
    let machine = ReferenceBoltzmannMachine(
      visibleBias: rbm.visibleBias, hiddenBias: rbm.hiddenBias, weights: rbm.weights,
      visibleCouplings: Array(repeating: [0, 0, 0, 0], count: 4),
      hiddenCouplings: Array(repeating: [0, 0, 0], count: 3))
    // Sums of a dozen numbers below 10 in another order: a few roundings of 2⁻⁵³ each.
    let tolerance = 1e-13
    for v in binaryStates(4) {
      #expect(abs(machine.freeEnergy(visible: v) - rbm.freeEnergy(visible: v)) < tolerance)
      for h in binaryStates(3) {
        let difference = machine.energy(visible: v, hidden: h) - rbm.energy(visible: v, hidden: h)
        #expect(abs(difference) < tolerance)
      }
    }
    #expect(abs(machine.logPartition() - rbm.logPartition()) < tolerance)
    let samples = randomStates(5, width: 4, seed: 301)
    let gradient = machine.exactGradient(samples)
    let expected = rbm.exactGradient(ReferenceMinibatch(samples))
    #expect(largestDifference(gradient.means, expected.visibleBias + expected.hiddenBias) < tolerance)
    let weights = gradient.pairs[..<4].map { Array($0[4...]) }
    #expect(largestDifference(weights, expected.weights) < tolerance)
  }

  @Test("conditionals are ratios of joint probabilities", arguments: BoltzmannMachineCase.small)
  func conditionals(_ size: BoltzmannMachineCase) {
    let machine = size.machine(seed: 302)
    for state in machine.jointStates {
      for unit in 0..<machine.unitCount {
        var (low, high) = (state, state)
        low[unit] = machine.kind(unit).low
        high[unit] = machine.kind(unit).high
        // P(high)/(P(high) + P(low)): two energies below 100, a rounding of 2⁻⁵³ of that each.
        let expected = logistic(machine.energy(of: low) - machine.energy(of: high))
        #expect(abs(machine.probabilityOfHigh(unit, in: state) - expected) < 1e-13)
      }
    }
  }

  @Test("the gradient is that of finite differences", arguments: BoltzmannMachineCase.small)
  func gradient(_ size: BoltzmannMachineCase) {
    let machine = size.machine(seed: 303)
    let samples = size.samples(3, seed: 304)
    expectDerivatives(of: machine, machine.exactGradient(samples)) { $0.meanLogLikelihood(of: samples) }
  }

  @Test("so is the pseudo-likelihood's", arguments: BoltzmannMachineCase.all.filter { $0.hidden == 0 })
  func pseudoLikelihoodGradient(_ size: BoltzmannMachineCase) {
    let machine = size.machine(seed: 305)
    let samples = size.samples(4, seed: 306)
    expectDerivatives(of: machine, machine.pseudoLikelihoodGradient(samples)) { machine in
      samples.reduce(0) { $0 + machine.pseudoLogLikelihood(of: $1) } / 4
    }
  }

  /// Central differences with ε = 10⁻⁵: the curve adds ε²·f‴/6 < 10⁻⁹ (third moments of products of units are below
  /// 8, of samples' means below 60 here), rounding 10⁻¹⁶·|f|/ε < 10⁻⁹.
  private func expectDerivatives(
    of machine: ReferenceBoltzmannMachine, _ gradient: ReferencePairMoments,
    _ function: (ReferenceBoltzmannMachine) -> Double
  ) {
    for a in 0..<machine.unitCount {
      let bias = centralDifference(at: 0) { function(machine.moved(by: $0, bias: a)) }
      #expect(abs(bias - gradient.means[a]) < 1e-8)
      for b in 0..<a {
        let pair = centralDifference(at: 0) { function(machine.moved(by: $0, pair: (a, b))) }
        #expect(abs(pair - gradient.pairs[a][b]) < 1e-8)
        #expect(gradient.pairs[a][b] == gradient.pairs[b][a])
      }
    }
  }

  @Test("the pseudo-likelihood is made of ratios of probabilities")
  func pseudoLikelihood() {
    let machine = ReferenceBoltzmannMachine.normal(visible: 5, hidden: 0, visibleKind: .spin, seed: 307)
    for state in machine.visibleStates {
      let expected = state.indices.reduce(0.0) { sum, i in
        var flipped = state
        flipped[i] = -state[i]
        return sum - softplus(machine.energy(of: state) - machine.energy(of: flipped))
      }
      #expect(abs(machine.pseudoLogLikelihood(of: state) - expected) < 1e-12)
    }
  }

  @Test("mean-field raises its bound, which stays below log Z", arguments: BoltzmannMachineCase.all)
  func meanField(_ size: BoltzmannMachineCase) {
    let machine = size.machine(seed: 308)
    let logZ = machine.logPartition()
    var means = (0..<machine.unitCount).map { (machine.kind($0).low + 1) / 2 }
    var bound = machine.lowerBound(means: means)
    for _ in 0..<50 {
      means = machine.meanField(from: means, sweeps: 1)
      let next = machine.lowerBound(means: means)
      // Roundings of a bound below 100.
      #expect(next >= bound - 1e-13)
      bound = next
    }
    #expect(bound <= logZ + 1e-13)
    if machine.magnitude == machine.visibleBias.reduce(0, { $0 + abs($1) }) {
      #expect(abs(bound - logZ) < 1e-13, "independent units leave no gap")
    }
  }
}

/// The fixed order of the sweep, started from exact states, must leave the law as it is.
@Suite("The reference's sweep leaves the law alone", .enabled(if: Build.isOptimized))
struct ReferenceSweepTests {
  @Test("of bits and spins")
  func stationary() {
    let machine = ReferenceBoltzmannMachine.normal(
      visible: 3, hidden: 2, deviation: 0.4, visibleKind: .spin, hiddenKind: .bernoulli, seed: 309)
    let (states, probabilities) = (machine.jointStates, machine.jointProbabilities())
    // At least ten expected counts for the rarest state.
    let chains = 100_000
    #expect(probabilities.allSatisfy { $0 > 1e-4 })
    var counts = [Int](repeating: 0, count: 32)
    let random = ReferenceRandom(seed: 310)
    for chain in 0..<chains {
      var state = states[random.category(probabilities, row: chain)]
      for sweep in 0..<3 { state = machine.sweep(state, chain: chain, sweep: sweep, random: random) }
      counts[binaryStateIndex(state.map { max($0, 0) })] += 1
    }
    #expect(Statistics.fits(counts: counts, probabilities: probabilities))
  }
}

extension ReferenceBoltzmannMachine {
  /// The machine with one bias moved.
  fileprivate func moved(by step: Double, bias unit: Int) -> Self {
    var result = self
    if unit < visibleCount {
      result.visibleBias[unit] += step
    } else {
      result.hiddenBias[unit - visibleCount] += step
    }
    return result
  }

  /// The machine with one coupling a > b moved, both entries where it has two.
  fileprivate func moved(by step: Double, pair: (Int, Int)) -> Self {
    var result = self
    let (a, b) = pair, m = visibleCount
    if a < m {
      result.visibleCouplings[a][b] += step
      result.visibleCouplings[b][a] += step
    } else if b < m {
      result.weights[b][a - m] += step
    } else {
      result.hiddenCouplings[a - m][b - m] += step
      result.hiddenCouplings[b - m][a - m] += step
    }
    return result
  }
}
