import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Foundation
import Testing

@Suite("BoltzmannMachineEnumeration")
struct BoltzmannMachineEnumerationTests {
  /// Sums are in Double but for layers that are summed out: a few dozen roundings of 6e-8 of numbers near 1.
  static let tolerance = 5e-6

  @Test("log Z is the reference's, whatever is summed out", arguments: BoltzmannMachineCase.all)
  func logPartition(_ size: BoltzmannMachineCase) throws {
    let reference = size.machine(seed: 420), exact = size.machine(seed: 420).logPartition()
    let machine = try BoltzmannMachine(reference)
    #expect(abs(try machine.exactLogPartition() - exact) <= reference.roundoff)
    let whole = try BoltzmannMachineEnumeration(of: machine, keeping: [.visible, .hidden])
    // All in Double: 2ⁿ terms, each a sum of fewer than 100 numbers below the magnitude.
    #expect(abs(whole.logPartition() - exact) <= 100 * 0x1p-53 * (reference.magnitude + 100))
  }

  @Test("moments are the reference's", arguments: BoltzmannMachineCase.all)
  func moments(_ size: BoltzmannMachineCase) throws {
    let reference = size.machine(seed: 421)
    let machine = try BoltzmannMachine(reference), exact = reference.modelMoments()
    let whole = try BoltzmannMachineEnumeration(of: machine, keeping: [.visible, .hidden]).moments()
    #expect(ReferencePairMoments(whole).largestDifference(from: exact) <= Self.tolerance)
    let least = ReferencePairMoments(try BoltzmannMachineEnumeration(of: machine).moments())
    #expect(largestDifference(least.means, exact.means) <= Self.tolerance)
    for a in 0..<machine.unitCount {
      for b in 0..<machine.unitCount where a != b && (reference.coupling(a, b) != 0) {
        #expect(abs(least.pairs[a][b] - exact.pairs[a][b]) <= Self.tolerance)
      }
    }
  }

  @Test("with clamped visibles, too", arguments: BoltzmannMachineCase.all)
  func clampedMoments(_ size: BoltzmannMachineCase) throws {
    let reference = size.machine(seed: 422)
    let samples = size.samples(35, seed: 423)
    let moments = try BoltzmannMachine(reference).clampedMoments(of: Matrix(samples).view)
    let exact = reference.dataMoments(samples)
    #expect(ReferencePairMoments(moments).largestDifference(from: exact) <= Self.tolerance)
    #expect(BoltzmannMachine.asymmetry(of: moments.pairs) == nil)
  }

  /// Twelve units have sixteen states of high units: sixteen chunks of moments.
  @Test("the same bits on any number of threads", arguments: [2, 3])
  func threads(_ threads: Int) throws {
    let one = Parallel(threads: 1), many = Parallel(threads: threads)
    for size in [BoltzmannMachineCase.all[0], BoltzmannMachineCase.all[11]] {
      let machine = try BoltzmannMachine(size.machine(seed: 424))
      let enumeration = try BoltzmannMachineEnumeration(of: machine)
      #expect(enumeration.logPartition(parallel: one) == enumeration.logPartition(parallel: many))
      #expect(enumeration.moments(parallel: one) == enumeration.moments(parallel: many))
      let rows = Matrix(size.samples(40, seed: 425))
      #expect(
        try machine.clampedMoments(of: rows.view, parallel: one)
          == machine.clampedMoments(of: rows.view, parallel: many))
    }
  }

  @Test("without couplings it is a sum over units; large fields do not overflow")
  func independentUnits() throws {
    let machine = try BoltzmannMachine(visibleBias: [0, 1, 1000, -2], visibleKind: .spin)
    // log 2cosh of each; e^{−2000} is below any rounding.
    let exact = log(2) + log(2 * cosh(1.0)) + 1000 + log(2 * cosh(2.0))
    let whole = try BoltzmannMachineEnumeration(of: machine, keeping: .visible)
    #expect(abs(whole.logPartition() - exact) <= 1000 * 0x1p-50)
    // Summed out in Float: softplus(2I) − I, where a softplus up to 2000 is good to 9u of itself.
    #expect(abs(try machine.exactLogPartition() - exact) <= 9 * 2010 * FloatBounds.roundoff)
  }

  @Test("more than 25 coupled units are refused, 25 are not; a layer without couplings does not count")
  func limit() throws {
    func machine(_ visible: Int, _ hidden: Int, _ lateral: LateralCouplings) -> BoltzmannMachine {
      .initialized(
        dataMeans: [Float](repeating: 0.5, count: visible), hidden: hidden, lateral: lateral, seed: 426)
    }
    let error = #expect(throws: SettingsError.self) {
      try BoltzmannMachineEnumeration(of: machine(10, 16, .hidden), keeping: [.visible, .hidden])
    }
    #expect(
      error?.message == "the exact sum needs at most 25 units that are coupled among themselves, not 26")
    #expect(throws: Never.self) { try BoltzmannMachineEnumeration(of: machine(25, 900, [])) }
    #expect(throws: SettingsError.self) {
      try BoltzmannMachineEnumeration(of: machine(25, 900, []), keeping: .hidden)
    }
    #expect(throws: SettingsError.self) { try BoltzmannMachineEnumeration(of: machine(26, 30, [.hidden])) }
    #expect(throws: SettingsError.self) {
      try machine(2, 26, [.hidden]).freeEnergies(of: Matrix(rows: 1, columns: 2).view)
    }
  }

  /// The 2-D Ising model of 3 × 3 spins on a torus at the critical coupling, summed by hand over bonds.
  @Test("the Ising model on a small torus")
  func ising() throws {
    let side = 3, coupling: Float = 0.44068679
    var couplings = Matrix(rows: 9, columns: 9)
    for site in 0..<9 {
      let (x, y) = (site % side, site / side)
      for other in [(x + 1) % side + side * y, x + side * ((y + 1) % side)] {
        couplings[site, other] += coupling
        couplings[other, site] += coupling
      }
    }
    let machine = try BoltzmannMachine(
      visibleBias: [Float](repeating: 0, count: 9), visibleCouplings: couplings, visibleKind: .spin)
    let weights = binaryStates(9).map { bits -> Double in
      let s = bits.map { 2 * $0 - 1 }
      let bonds = (0..<9).reduce(0.0) { sum, site in
        let (x, y) = (site % side, site / side)
        return sum + s[site] * (s[(x + 1) % side + side * y] + s[x + side * ((y + 1) % side)])
      }
      return Double(coupling) * bonds
    }
    // Sums of 18 exact products in Double.
    #expect(abs(try machine.exactLogPartition() - BoltzmannReference.logSumExp(weights)) <= 1e-13)
  }
}
