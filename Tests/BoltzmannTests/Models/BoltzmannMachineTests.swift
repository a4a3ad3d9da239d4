import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Testing

@Suite("BoltzmannMachine: parameters and energies")
struct BoltzmannMachineTests {
  @Test("energies are the reference's", arguments: BoltzmannMachineCase.all)
  func energies(_ size: BoltzmannMachineCase) throws {
    let reference = size.machine(seed: 400)
    let machine = try BoltzmannMachine(reference)
    #expect(ReferenceBoltzmannMachine(machine) == reference, "parameters are rounded to Float already")
    let states = reference.jointStates
    let energies = machine.energies(of: Matrix(states).view)
    #expect(largestDifference(energies, states.map { reference.energy(of: $0) }) <= reference.roundoff)
    let visibles = Matrix(states.map { Array($0[..<size.visible]) })
    let hiddens = Matrix(states.map { Array($0[size.visible...]) }, columns: size.hidden)
    #expect(machine.energies(visibles: visibles, hiddens: hiddens) == energies)
  }

  @Test("free energies are the reference's", arguments: BoltzmannMachineCase.all)
  func freeEnergies(_ size: BoltzmannMachineCase) throws {
    let reference = size.machine(seed: 401)
    let samples = size.samples(40, seed: 402)
    let free = try BoltzmannMachine(reference).freeEnergies(of: Matrix(samples).view)
    #expect(
      largestDifference(free, samples.map { reference.freeEnergy(visible: $0) }) <= reference.roundoff)
  }

  @Test("a diagonal is folded into the bias of bits, and is a constant for spins")
  func diagonal() throws {
    let couplings = Matrix([[3, 0.5], [0.5, -1]])
    let bits = try BoltzmannMachine(visibleBias: [1, 2], visibleCouplings: couplings)
    #expect(bits.visibleBias == [2.5, 1.5])
    #expect(bits.visibleCouplings == Matrix([[0, 0.5], [0.5, 0]]))
    let spins = try BoltzmannMachine(visibleBias: [1, 2], visibleCouplings: couplings, visibleKind: .spin)
    #expect(spins.visibleBias == [1, 2] && spins.visibleCouplings == bits.visibleCouplings)
    let hiddens = try BoltzmannMachine(visibleBias: [0], hiddenBias: [1, 2], hiddenCouplings: couplings)
    #expect(hiddens.hiddenBias == [2.5, 1.5] && hiddens.lateral == .hidden)
  }

  /// Numbers of few bits: every sum is exact.
  @Test(
    "E = −xᵀQx over all pairs, Q any matrix, up to the constant of spins", arguments: TwoStateKind.allCases)
  func quadraticForm(_ kind: TwoStateKind) throws {
    let q: [[Double]] = [[0.5, 1, -2], [3, -1.5, 0.25], [0, 0.75, 2]]
    let machine = try BoltzmannMachine(quadraticForm: Matrix(q), kind: kind)
    let constant = kind == .spin ? -(0.5 - 1.5 + 2) : 0
    for bits in binaryStates(3) {
      let x = bits.map { $0 == 1 ? 1 : Double(kind.low) }
      let form = x.indices.reduce(0.0) { sum, i in x.indices.reduce(sum) { $0 - x[i] * q[i][$1] * x[$1] } }
      #expect(machine.energies(visibles: Matrix([x])) == [form - constant])
    }
  }

  @Test("what is not symmetric or not finite is refused")
  func validation() {
    func message(_ make: () throws -> BoltzmannMachine) -> String? {
      #expect(throws: SettingsError.self) { try make() }?.message
    }
    #expect(
      message { try BoltzmannMachine(visibleBias: [0, 0], visibleCouplings: Matrix([[0, 1], [2, 0]])) }
        == "visible couplings are not symmetric: (1, 0) differs from its mirror")
    #expect(
      message { try BoltzmannMachine(visibleBias: [0], hiddenBias: [.nan]) }
        == "a parameter is no finite number")
    #expect(
      message {
        try BoltzmannMachine(visibleBias: [0, 0], visibleCouplings: Matrix([[.infinity, 0], [0, 0]]))
      }
        == "a parameter is no finite number")
  }
}

/// U = P = 0: the same energies, free energies, log Z and gradient as the restricted machine has.
@Suite("BoltzmannMachine: without lateral couplings it is an RBM")
struct RestrictedBoltzmannMachineTests {
  let pair = MachinePair.normal(visible: 9, hidden: 6, seed: 410)
  let samples = randomStates(30, width: 9, seed: 411)

  @Test("energies")
  func energies() throws {
    let machine = try #require(BoltzmannMachine(pair.engine)), bounds = FloatBounds(pair.reference)
    let hiddens = Matrix(randomStates(30, width: 6, seed: 412)), visibles = Matrix(samples)
    let difference = largestDifference(
      machine.energies(visibles: visibles, hiddens: hiddens),
      pair.engine.energies(visibles: visibles, hiddens: hiddens))
    // Both are within their bound of the same number; J holds every weight twice.
    #expect(difference <= 3 * bounds.energy)
    let free = try machine.freeEnergies(of: visibles.view)
    #expect(largestDifference(free, pair.engine.freeEnergies(of: visibles.view)) <= 2 * bounds.freeEnergy)
  }

  @Test("log Z and the gradient")
  func gradient() throws {
    let machine = try #require(BoltzmannMachine(pair.engine))
    let logZ = try machine.exactLogPartition()
    #expect(abs(logZ - pair.reference.logPartition()) <= FloatBounds(pair.reference).mirrored.freeEnergy)
    let gradient = ReferencePairMoments(
      try machine.clampedMoments(of: Matrix(samples).view)
        - BoltzmannMachineEnumeration(of: machine).moments())
    let expected = pair.reference.exactGradient(ReferenceMinibatch(samples))
    // As promised of the RBM's exact moments.
    let tolerance = 5e-6
    #expect(
      largestDifference(gradient.means, expected.visibleBias + expected.hiddenBias) <= tolerance)
    #expect(largestDifference(gradient.pairs[..<9].map { Array($0[9...]) }, expected.weights) <= tolerance)
  }

  @Test("other kinds of units have no such machine")
  func otherUnits() {
    let machine = RBM(
      visible: GaussianUnits(bias: [0]), hidden: BernoulliUnits(bias: [0]),
      weights: Matrix(rows: 1, columns: 1))
    #expect(BoltzmannMachine(machine) == nil)
  }
}
