import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Testing

@Suite("Pseudo-likelihood")
struct PseudoLikelihoodTests {
  /// log P(v_i | v_−i) = −softplus(F(v) − F(v flipped)) moves by no more than both free energies do.
  private func bound(_ pair: MachinePair) -> Double {
    2 * Double(pair.reference.visibleCount) * FloatBounds(pair.reference).freeEnergy
  }

  private func exactMean(_ pair: MachinePair, _ states: [[Double]]) -> Double {
    states.reduce(0) { $0 + pair.reference.pseudoLogLikelihood(of: $1) } / Double(states.count)
  }

  @Test("the exact mean is the reference's", arguments: machineSizes)
  func exact(_ size: (Int, Int)) throws {
    let pair = machine(size, seed: 240)
    // Three blocks of eight and a short one.
    let states = randomStates(27, width: size.0, seed: 241)
    let mean = try PseudoLikelihood(of: pair.engine).mean(of: BitSamples(states))
    #expect(abs(mean - exactMean(pair, states)) <= bound(pair))
  }

  @Test("one flip a row is the reference's estimate", arguments: machineSizes)
  func oneFlip(_ size: (Int, Int)) throws {
    let pair = machine(size, seed: 242)
    // A block of 50 and a short one.
    let states = randomStates(57, width: size.0, seed: 243)
    let flips = states.indices.map { 7 * $0 % size.0 }
    let mean = try PseudoLikelihood(of: pair.engine).mean(ofRows: Matrix(states), flipping: flips)
    let estimates = zip(states, flips).map {
      pair.reference.pseudoLogLikelihoodEstimate(of: $0, flipping: $1)
    }
    #expect(abs(mean - estimates.reduce(0, +) / 57) <= bound(pair))
  }

  @Test("the mean of one-flip estimates over all flips is the exact one")
  func unbiasedness() throws {
    let pair = machine((17, 33), seed: 244)
    let states = Matrix(randomStates(9, width: 17, seed: 245))
    let likelihood = try PseudoLikelihood(of: pair.engine)
    let estimates = (0..<17).map { flip in
      likelihood.mean(ofRows: states, flipping: [Int](repeating: flip, count: 9))
    }
    let exact = likelihood.mean(of: FloatSamples(states))
    #expect(abs(estimates.reduce(0, +) / 17 - exact) <= 2 * bound(pair))
  }

  @Test("the same bits on any number of threads", arguments: [2, 3])
  func threads(_ threads: Int) throws {
    let likelihood = try PseudoLikelihood(of: machine((17, 33), seed: 246).engine)
    let samples = BitSamples(randomStates(120, width: 17, seed: 247))
    let one = Parallel(threads: 1), many = Parallel(threads: threads)
    #expect(likelihood.mean(of: samples, parallel: one) == likelihood.mean(of: samples, parallel: many))
    let rows = samples.matrix(0..<120)
    let flips = (0..<120).map { $0 % 17 }
    #expect(
      likelihood.mean(ofRows: rows, flipping: flips, parallel: one)
        == likelihood.mean(ofRows: rows, flipping: flips, parallel: many))
  }

  @Test("without couplings it is the log-likelihood")
  func independentUnits() throws {
    let bias: [Float] = [0.5, -2, 0]
    let machine = RBM(visibleBias: bias, hiddenBias: [1], weights: Matrix(rows: 3, columns: 1))
    let states = randomStates(20, width: 3, seed: 248)
    let logLikelihood = -machine.freeEnergies(of: Matrix(states).view).reduce(0, +) / 20
    let pair = MachinePair(machine)
    let mean = try PseudoLikelihood(of: machine).mean(of: BitSamples(states))
    #expect(abs(mean - (logLikelihood - pair.reference.logPartition())) <= bound(pair))
  }

  @Test("real visibles are refused")
  func realVisibles() {
    let machine = RBM(
      visible: GaussianUnits(bias: [0]), hidden: BernoulliUnits(bias: [0]),
      weights: Matrix(rows: 1, columns: 1))
    let error = #expect(throws: SettingsError.self) { try PseudoLikelihood(of: machine) }
    #expect(error?.description == "the pseudo-likelihood needs visibles of a few states each")
  }
}
