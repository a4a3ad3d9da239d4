internal import BoltzmannCompute
internal import Foundation

/// An offer to chains of a machine θ to change places with states of a rung c:
/// ```
/// x ∈ chains and y ∈ reservoir with probability min(1, e^D)      D = [F_θ(x) − F_c(x)] − [F_θ(y) − F_c(y)]
/// ```
/// It is a swap of two rungs, so that each side keeps its law.
struct TrajectoryExchange: Sendable {
  /// F_θ(x) and F_c(x) of the chains, F_θ(y) of their partners, in nats.
  let here: [Float]
  let there: [Float]
  private let partners: TrajectoryPartners
  private let partnersHere: [Float]

  init(
    chains: Matrix, of machine: RBM, with reservoir: TrajectoryReservoir, of rung: TrajectoryRung,
    random: RandomStream, parallel: Parallel
  ) {
    partners = reservoir.partners(count: chains.rows, random: random)
    here = machine.energies(of: chains, parallel)
    there = rung.machine.energies(of: chains, parallel)
    partnersHere = machine.energies(of: partners.states, parallel)
  }

  /// D of every chain.
  var logRatios: [Double] {
    here.indices.map { chain in
      (Double(here[chain]) - Double(there[chain]))
        - (Double(partnersHere[chain]) - Double(partners.energies[chain]))
    }
  }

  /// The mean acceptance, of chains that count by their weights.
  func acceptance(weights: [Double]) -> Double {
    zip(logRatios, weights).reduce(0) { $0 + $1.1 * min(1, exp($1.0)) }
  }

  /// Makes the offer: accepted chains and their partners change places. Returns F_θ of all chains where they stand
  /// then, and which were accepted.
  func apply(
    to chains: inout Matrix, _ reservoir: inout TrajectoryReservoir, random: RandomStream
  ) -> (energies: [Float], accepted: [Bool]) {
    let uniforms = random.uniforms(row: 1, count: chains.rows)
    let accepted = zip(logRatios, uniforms).map { log($1) < $0 }
    let moved = accepted.indices.filter { accepted[$0] }
    reservoir.take(chains.view, there, for: moved.map { ($0, partners.numbers[$0]) })
    chains.withMutableView { view in
      for chain in moved {
        view.rows(chain..<(chain + 1)).copy(partners.states.view.rows(chain..<(chain + 1)))
      }
    }
    return (accepted.indices.map { accepted[$0] ? partnersHere[$0] : here[$0] }, accepted)
  }
}
