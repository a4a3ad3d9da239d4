import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Foundation
import Testing

@Suite("Exact log Z and moments of every pairing")
struct LayeredPartitionTests {
  /// Of a sum over the states of one layer: no more than the worst of its terms.
  private func bound(_ test: LayeredCase) -> Double {
    let machines = [test.pair.reference, test.pair.reference.mirrored]
    let worst = machines.filter { !$0.visible.isReal.contains(true) }.map { machine in
      machine.visible.states().states.map { machine.freeEnergyBound(of: $0) }.max()!
    }
    return worst.reduce(0, +)
  }

  @Test("log Z is the reference's", arguments: LayeredCase.summable)
  func logPartition(_ test: LayeredCase) throws {
    let exact = try #require(test.pair.reference.logPartition())
    // A Gaussian pair is computed in Double from the same parameters.
    let bound = test.pair.engine.exactBits == 0 ? 1e-12 : bound(test)
    #expect(abs(try test.pair.engine.exactLogPartition() - exact) <= bound)
  }

  @Test("from either layer where both are discrete", arguments: LayeredCase.discreteVisibles)
  func eitherLayer(_ test: LayeredCase) throws {
    guard test.pair.engine.hidden.sites != nil else { return }
    let exact = try #require(test.pair.reference.logPartition())
    let moments = try #require(test.pair.reference.modelMoments())
    for layer in [Enumeration.Layer.visible, .hidden] {
      let enumeration = try Enumeration(of: test.pair.engine, over: layer)
      #expect(abs(enumeration.logPartition() - exact) <= bound(test))
      let found = EngineMoments(enumeration.moments(), of: test.pair.engine)
      #expect(found.largestDifference(from: moments) <= Self.tolerance)
    }
  }

  /// As for binary machines, of moments up to 1; errors of others grow with the largest.
  static let tolerance = 5e-6

  @Test("E[vhᵀ], E[v], E[h] and E[v²] are the reference's", arguments: LayeredCase.summable)
  func moments(_ test: LayeredCase) throws {
    let exact = try #require(test.pair.reference.modelMoments())
    let moments = EngineMoments(try test.pair.engine.exactMoments(), of: test.pair.engine)
    #expect(moments.largestDifference(from: exact) <= Self.tolerance * max(1, exact.largest))
  }

  @Test(
    "there are none where both sides have real units that are not all Gaussian",
    arguments: MachineShape.pairings.filter {
      MachineShape.isReal($0.visible) && MachineShape.isReal($0.hidden)
    })
  func realPairs(_ shape: MachineShape) {
    let engine = LayeredCase(shape).pair.engine
    guard (shape.visible + shape.hidden).contains(where: { $0.kind != .gaussian }) else { return }
    #expect(engine.exactBits == .infinity)
    let error = #expect(throws: EnumerationError.self) { try engine.exactLogPartition() }
    #expect(
      error?.description == "the exact sum needs a side of discrete units; both sides have real ones")
    #expect(throws: EnumerationError.self) { try engine.requireExactMoments() }
  }

  @Test("a log Z is shown, or not, as Λ is positive definite", arguments: MachineShape.pairings)
  func existence(_ shape: MachineShape) {
    for deviation in [0.2, 5] {
      let pair = LayeredPair(shape, weightDeviation: deviation, seed: 440)
      let existence = pair.engine.partitionExistence
      #expect((existence == .shown) == pair.reference.isNormalizable)
      let hasRectified = (shape.visible + shape.hidden).contains { $0.kind == .relu }
      if existence != .shown { #expect(existence == (hasRectified ? .notShown : .impossible)) }
    }
  }

  @Test("an indefinite Gaussian pair is reported")
  func indefinite() {
    let pair = LayeredPair(MachineShape([.gaussian(2)], [.gaussian(2)]), weightDeviation: 5, seed: 441)
    let error = #expect(throws: NoPartitionError.self) { try pair.engine.exactLogPartition() }
    #expect(
      error?.description
        == "the machine has no log Z: [[Γ_v, −W], [−Wᵀ, Γ_h]] of the real units is not positive definite")
    #expect(throws: NoPartitionError.self) { try pair.engine.exactMoments() }
  }

  /// More states than the low table's 32, with sites of several sizes.
  @Test(
    "many sites of several sizes",
    arguments: [
      MachineShape([.categorical([3, 2, 5, 4, 3])], [.spin(4)]),
      MachineShape([.gaussian(3)], [.categorical([7, 6, 5])]),
      MachineShape([.relu(3)], [.bernoulli(2), .categorical([3, 4]), .spin(3)]),
      MachineShape([.categorical([40])], [.categorical([33, 2])]),
    ])
  func manySites(_ shape: MachineShape) throws {
    let pair = LayeredPair(shape, weightDeviation: 0.3, seed: 442)
    let moments = try #require(pair.reference.modelMoments())
    let found = EngineMoments(try Enumeration(of: pair.engine, over: .hidden).moments(), of: pair.engine)
    #expect(found.largestDifference(from: moments) <= Self.tolerance * max(1, moments.largest))
    let exact = try #require(pair.reference.logPartition())
    #expect(abs(try Enumeration(of: pair.engine, over: .hidden).logPartition() - exact) <= Self.tolerance)
  }
}

@Suite("Pseudo-likelihood of every kind")
struct LayeredPseudoLikelihoodTests {
  /// log P(v_s | v_−s) from the free energies of all states of a site.
  private func logConditional(_ pair: LayeredPair, site: Site, in state: [Double]) -> Double {
    let energies = site.states.map { values in
      var moved = state
      for (column, value) in zip(site.columns, values) { moved[column] = Double(value) }
      return -pair.reference.freeEnergy(visible: moved)
    }
    return -pair.reference.freeEnergy(visible: state) - BoltzmannReference.logSumExp(energies)
  }

  private func expected(_ test: LayeredCase) -> [[Double]] {
    let sites = test.pair.engine.visible.sites!
    return test.states.map { state in sites.map { logConditional(test.pair, site: $0, in: state) } }
  }

  /// Two free energies a site; a move passes the inputs once or twice more.
  private func bound(_ test: LayeredCase) -> Double {
    let sites = Double(test.pair.engine.visible.sites!.count)
    return 4 * sites * test.pair.reference.visible.states().states.map {
      test.pair.reference.freeEnergyBound(of: $0)
    }.max()!
  }

  @Test("the exact mean is that of the conditionals", arguments: LayeredCase.discreteVisibles)
  func exact(_ test: LayeredCase) throws {
    let likelihood = try PseudoLikelihood(of: test.pair.engine)
    let expected = expected(test).map { $0.reduce(0, +) }.reduce(0, +) / Double(test.states.count)
    #expect(likelihood.siteCount == test.pair.engine.visible.sites!.count)
    #expect(abs(likelihood.mean(of: test.samples) - expected) <= bound(test))
  }

  @Test("one site a row, and its mean over all sites", arguments: LayeredCase.discreteVisibles)
  func oneSite(_ test: LayeredCase) throws {
    let likelihood = try PseudoLikelihood(of: test.pair.engine)
    let conditionals = expected(test), sites = likelihood.siteCount
    let estimates = (0..<sites).map { site in
      likelihood.mean(ofRows: Matrix(test.states), flipping: test.states.map { _ in site })
    }
    for site in 0..<sites {
      let mean = conditionals.reduce(0) { $0 + $1[site] } / Double(test.states.count)
      #expect(abs(estimates[site] - Double(sites) * mean) <= bound(test))
    }
    let exact = likelihood.mean(of: test.samples)
    #expect(abs(estimates.reduce(0, +) / Double(sites) - exact) <= 2 * bound(test))
  }
}
