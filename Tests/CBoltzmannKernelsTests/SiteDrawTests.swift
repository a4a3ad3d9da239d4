import CBoltzmannKernels
import Foundation
import Testing

/// One unit of many chains, with couplings to all units; its own coupling is zero.
private struct Site {
  static let random = boltzmann_random(seed: 43, step: 7 << 32 | 5, stream: 40, first_unit: 128)
  static let number: UInt64 = 1 << 33 | 3

  let states: PaddedRows
  let field: [Float]
  var coupling: [Float]

  init(units: Int, chains: Int) {
    states = PaddedRows(rows: units, columns: chains, padding: 5, seed: 60)
    field = testNumbers(chains, seed: 61)
    coupling = testNumbers(units, seed: 62).map { 2 * $0 }
    coupling[units / 2] = 0
  }

  /// The input of a chain, in Double, and what the kernel's may differ by: units + 2 roundings of the terms.
  func input(_ chain: Int) -> (value: Double, error: Double) {
    let products = coupling.indices.map { Double(coupling[$0]) * Double(states[$0, chain]) }
    let terms = products + [Double(field[chain])]
    let magnitude = terms.reduce(0) { $0 + abs($1) }
    return (terms.reduce(0, +), Double(terms.count + 2) * unitRoundoff * magnitude)
  }

  func draw(_ set: InstructionSet, low: Float, high: Float, into states: inout PaddedRows) -> Int {
    let row = coupling.count / 2
    return states.floats.withUnsafeMutableBufferPointer { floats in
      set.kernels.site_draw(
        coupling, field, floats.baseAddress!, states.stride, coupling.count, low, high,
        floats.baseAddress! + row * states.stride, states.columns, Site.random, Site.number)
    }
  }
}

@Suite struct SiteDrawTests {
  /// A draw follows the rule unless its word lies so near the probability that roundings decide: σ has slope ¼,
  /// the kernel's σ is good to 2u, and the rule itself moves p by 2⁻³².
  @Test(arguments: InstructionSet.available, [1, 2, 3, 7, 16, 63, 64, 65, 130])
  func statesFollowTheRule(_ set: InstructionSet, _ chains: Int) {
    for (units, low, high) in [(1, Float(0), Float(1)), (2, -1, 1), (9, 0, 1), (12, -1, 1)] {
      let site = Site(units: units, chains: chains)
      var states = site.states
      let changes = site.draw(set, low: low, high: high, into: &states)
      var differing = 0
      for chain in 0..<chains {
        let (input, error) = site.input(chain), scale = Double(high - low)
        let word = boltzmann_random_word_reference(Site.random, Site.number, UInt64(128 + chain))
        let mean = 1 / (1 + exp(-scale * input))
        let margin = scale * error / 4 + 3 * unitRoundoff
        let state = states[units / 2, chain]
        #expect(state == low || state == high)
        if abs(mean - Double(word) * 0x1p-32) > margin {
          #expect(state == (Double(word) < mean * 0x1p32 ? high : low))
        }
        if state != site.states[units / 2, chain] { differing += 1 }
      }
      #expect(changes == differing && states.isMarginIntact)
    }
  }

  /// A chain's bits do not depend on how many others are drawn with it.
  @Test(arguments: InstructionSet.available)
  func chainsAreIndependent(_ set: InstructionSet) {
    let wide = Site(units: 11, chains: 130)
    var all = wide.states
    _ = wide.draw(set, low: 0, high: 1, into: &all)
    for chains in 1..<130 {
      var few = wide.states
      _ = few.floats.withUnsafeMutableBufferPointer { floats in
        set.kernels.site_draw(
          wide.coupling, wide.field, floats.baseAddress!, few.stride, 11, 0, 1,
          floats.baseAddress! + 5 * few.stride, chains, Site.random, Site.number)
      }
      #expect((0..<chains).allSatisfy { few[5, $0] == all[5, $0] })
      #expect((chains..<130).allSatisfy { few[5, $0] == wide.states[5, $0] })
    }
  }

  /// Inputs beyond ±88, where e^x leaves Float, and an input that is no number.
  @Test(arguments: InstructionSet.available)
  func certainStates(_ set: InstructionSet) {
    let field: [Float] = [1e30, -1e30, .infinity, -.infinity, .nan]
    var out = [Float](repeating: 7, count: 5)
    let changes = set.kernels.site_draw(
      [0], field, [0, 0, 0, 0, 0], 5, 1, -1, 1, &out, 5, Site.random, Site.number)
    #expect(out == [1, -1, 1, -1, -1] && changes == 5)
  }
}
