internal import Boltzmann

/// Independent pieces into which the engine cuts a task's work: no more threads than these can share it.
struct Tiles {
  /// What is cut, and into how many pieces: half-steps of the chains, updates of the weights, …
  let parts: [(name: String, count: Int)]

  /// `2 + 2 + 13`
  var counts: String { parts.map { "\($0.count)" }.joined(separator: " + ") }

  /// `draws of visibles + draws of hiddens + updates`
  var names: String { parts.map(\.name).joined(separator: " + ") }
}

/// How the engine cuts; the one place that knows.
extension Tiles {
  /// Rows of one block of chains that run by themselves.
  private static let blockRows = 50
  /// Rows of the weights that are updated together.
  private static let weightRows = 64
  /// States of the high units of an enumeration that are taken together; each goes with 2⁵ of the low ones.
  private static let enumeratedStates = 64 << 5

  /// The half-steps of chains that meet after each.
  static func halfSteps(of chains: Int, _ workload: Workload, threads: Int) -> Tiles {
    let tiles = workload.model.tiles(rows: chains, threads: threads)
    return Tiles(parts: [("draws of visibles", tiles.visible), ("draws of hiddens", tiles.hidden)])
  }

  /// The half-steps of a minibatch's chains, then an update of the weights.
  static func learning(_ workload: Workload, threads: Int) -> Tiles {
    let halfSteps = halfSteps(of: workload.batchSize, workload, threads: threads)
    return Tiles(parts: halfSteps.parts + [("updates", pieces(workload.visible, weightRows))])
  }

  /// Chains that run from beginning to end.
  static func annealing(_ chains: Int) -> Tiles { Tiles(parts: [("chains", pieces(chains, blockRows))]) }

  static func transform(_ samples: Int) -> Tiles {
    Tiles(parts: [("samples", pieces(samples, 2 * blockRows))])
  }

  static func enumeration(_ states: Int) -> Tiles {
    Tiles(parts: [("states", pieces(states, enumeratedStates))])
  }

  private static func pieces(_ count: Int, _ size: Int) -> Int { (count + size - 1) / size }
}
