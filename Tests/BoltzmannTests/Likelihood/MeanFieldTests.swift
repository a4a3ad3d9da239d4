import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Testing

@Suite("Mean-field")
struct MeanFieldTests {
  @Test("its bound is the reference's and not above log Z", arguments: BoltzmannMachineCase.all)
  func lowerBound(_ size: BoltzmannMachineCase) throws {
    let reference = size.machine(seed: 430)
    let machine = try BoltzmannMachine(reference)
    let estimate = machine.meanField()
    #expect(estimate.info.hasConverged)
    // Both in Double, of the same means: roundings of sums below 100.
    #expect(abs(estimate.lowerBound - reference.lowerBound(means: estimate.means.doubles)) <= 1e-12)
    #expect(estimate.lowerBound <= reference.logPartition() + 1e-12)
  }

  /// At a distance of at most √units·tolerance from E[x | a + Jμ] in every unit, and a rounding.
  @Test("converged means are a fixed point", arguments: BoltzmannMachineCase.all)
  func fixedPoint(_ size: BoltzmannMachineCase) throws {
    let reference = size.machine(seed: 431)
    let settings = MeanField(tolerance: 1e-6, limit: 2000)
    let estimate = try BoltzmannMachine(reference).meanField(settings)
    #expect(estimate.info.hasConverged && estimate.info.change <= 1e-6)
    let means = estimate.means.doubles
    let tolerance = Double(means.count).squareRoot() * 1e-6 + reference.roundoff
    for unit in means.indices {
      #expect(abs(reference.meanFieldMean(of: unit, given: means) - means[unit]) <= tolerance)
    }
  }

  @Test("undamped, strong couplings overshoot for ever; the bound holds all the same")
  func overshooting() throws {
    let machine = try BoltzmannMachine(
      visibleBias: [0.1, 0.1], visibleCouplings: Matrix([[0, -4], [-4, 0]]), visibleKind: .spin)
    let wild = machine.meanField(MeanField(damping: 0, limit: 100))
    #expect(!wild.info.hasConverged && wild.info.iterations == 100 && wild.info.change > 0.1)
    #expect(wild.lowerBound <= (try machine.exactLogPartition()))
    #expect(machine.meanField(MeanField(damping: 0.7, limit: 500), from: [0.5, -0.5]).info.hasConverged)
  }

  @Test("symmetric spins start at zero, a fixed point; another start finds a better bound")
  func starts() throws {
    let machine = try BoltzmannMachine(
      visibleBias: [0, 0], visibleCouplings: Matrix([[0, 2], [2, 0]]), visibleKind: .spin)
    let symmetric = machine.meanField(), broken = machine.meanField(from: [0.5, 0.5])
    #expect(symmetric.means == [0, 0] && broken.means[0] > 0.9)
    #expect(broken.lowerBound > symmetric.lowerBound)
    #expect(broken.lowerBound <= (try machine.exactLogPartition()))
  }
}
