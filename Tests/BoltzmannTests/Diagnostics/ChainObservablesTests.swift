import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Testing

@Suite("Observables of chains")
struct ChainObservablesTests {
  @Test("they are those of the reference, for every kind of unit", arguments: LayeredCase.pairings)
  func values(_ test: LayeredCase) throws {
    let machine = test.pair.reference, observables = try ChainObservables(of: test.pair.engine)
    let found = observables.values(of: Matrix(test.states).view)
    #expect(found.count == observables.names.count && Set(observables.names).count == found.count)
    for (chain, state) in test.states.enumerated() {
      let difference = abs(found[0][chain] - machine.freeEnergy(visible: state))
      #expect(difference <= machine.freeEnergyBound(of: state))
    }
    let spectrum = try SingularSpectrum(of: test.pair.engine.zeroSumWeights, vectors: 3)
    let first = observables.names.firstIndex(of: "mode 1 of W") ?? 0
    for (mode, u) in spectrum.leftVectors.enumerated() {
      for (chain, state) in test.states.enumerated() {
        let terms = zip(u, state).map { $0 * $1 }
        let magnitude = terms.reduce(0) { $0 + abs($1) }
        // A direction is rounded, multiplied and summed: twice a unit and once more.
        let bound = Double(2 * u.count + 1) * FloatBounds.roundoff * magnitude
        #expect(abs(found[first + mode][chain] - terms.reduce(0, +)) <= bound)
      }
    }
  }

  @Test("the mean activity leaves categorical sites out, whose sum never changes")
  func meanActivity() throws {
    let table = LayeredPair(
      MachineShape([.bernoulli(1), .categorical([3]), .spin(1)], [.bernoulli(2)]), seed: 22)
    let observables = try ChainObservables(of: table.engine)
    let place = try #require(observables.names.firstIndex(of: "mean activity"))
    #expect(observables.values(of: Matrix([[1, 0, 1, 0, -1], [1, 1, 0, 0, 1]]).view)[place] == [0, 1])
    let sites = LayeredPair(MachineShape([.categorical([3, 2])], [.bernoulli(2)]), seed: 23)
    #expect(try !ChainObservables(of: sites.engine).names.contains("mean activity"))
  }

  @Test("chains start half at data and half at the base-rate machine", arguments: [1, 2, 5, 12])
  func dispersed(_ chains: Int) {
    let machine = MachinePair.normal(visible: 6, hidden: 3, seed: 24).engine
    let data = BitSamples(count: 3, width: 6) { $0 == $1 }
    let sampler = BlockGibbs(model: machine, seed: 5)
    let state = sampler.dispersedState(chains: chains, data: data)
    let base = sampler.initialState(chains: chains).visibles.doubles, found = state.visibles.doubles
    let half = (chains + 1) / 2
    #expect(found.suffix(chains - half) == base.suffix(chains - half))
    for chain in 0..<half { #expect(found[chain].reduce(0, +) == 1 && found[chain][0..<3].contains(1)) }
  }

  @Test("a record is what a run passes, whatever the number of threads")
  func record() throws {
    let machine = MachinePair.normal(visible: 9, hidden: 4, seed: 25).engine
    let observables = try ChainObservables(of: machine)
    let records = [1, 3].map { threads in
      let sampler = BlockGibbs(model: machine, seed: 6, parallel: Parallel(threads: threads))
      var state = sampler.initialState(chains: 60)
      return sampler.record(observables, along: &state, steps: 5)
    }
    #expect(records[0].traces == records[1].traces)
    let sampler = BlockGibbs(model: machine, seed: 6)
    var state = sampler.initialState(chains: 60)
    for step in 0..<5 {
      sampler.run(&state, steps: 1)
      let values = observables.values(of: state.visibles.view)
      for observable in values.indices {
        #expect(records[0].traces[observable].map { $0[step] } == values[observable])
      }
    }
  }

  @Test("samples are all chains, so many steps apart")
  func samples() {
    let machine = MachinePair.normal(visible: 5, hidden: 4, seed: 26).engine
    let sampler = BlockGibbs(model: machine, seed: 7)
    var state = sampler.initialState(chains: 3), other = state
    let found = sampler.samples(7, along: &state, spacing: 4)
    #expect(found.rows == 9)
    for round in 0..<3 {
      sampler.run(&other, steps: 4)
      #expect(found.view.rows(round * 3..<round * 3 + 3).values == other.visibles.values)
    }
  }
}
