internal import BoltzmannCompute
internal import Foundation

/// States of a rung that chains of another machine change places with: the rung's samples at first, and what came back
/// for them.
struct TrajectoryReservoir: Sendable {
  /// `[states, visible]`
  private(set) var states: Matrix
  /// F of the states under the rung's machine, in nats.
  private(set) var energies: [Float]

  /// All samples of a rung.
  init(of rung: TrajectoryRung) {
    states = rung.samples
    energies = rung.energies
  }

  /// Distinct states, as many as there are chains, each chain's own partner.
  func partners(count: Int, random: RandomStream) -> TrajectoryPartners {
    let numbers = Array(random.permutation(row: 0, count: states.rows).prefix(count))
    return TrajectoryPartners(
      numbers: numbers, states: states.selecting(numbers), energies: numbers.map { energies[$0] })
  }

  /// What goes into the reservoir for each partner that has left.
  mutating func take(_ chains: MatrixView, _ energies: [Float], for partners: [(chain: Int, number: Int)]) {
    for (chain, number) in partners { self.energies[number] = energies[chain] }
    states.withMutableView { states in
      for (chain, number) in partners {
        states.rows(number..<(number + 1)).copy(chains.rows(chain..<(chain + 1)))
      }
    }
  }
}

/// States of a reservoir that some chains may change places with, one a chain.
struct TrajectoryPartners: Sendable {
  let numbers: [Int]
  /// `[chains, visible]`
  let states: Matrix
  /// F under the rung's machine, in nats.
  let energies: [Float]
}

extension Matrix {
  /// Some rows as a matrix of their own.
  func selecting(_ numbers: [Int]) -> Matrix {
    var result = Matrix(rows: numbers.count, columns: columns)
    result.withMutableView { target in
      for (row, number) in numbers.enumerated() {
        target.rows(row..<(row + 1)).copy(view.rows(number..<(number + 1)))
      }
    }
    return result
  }
}

extension TrajectoryReservoir {
  func save(to snapshot: inout Snapshot) {
    snapshot.matrices["reservoir.states"] = states
    snapshot.vectors["reservoir.energies"] = energies
  }

  mutating func restore(from snapshot: Snapshot) throws {
    states = try snapshot.matrix("reservoir.states", like: states)
    energies = try snapshot.vector("reservoir.energies", count: states.rows)
  }
}
