public import ArgumentParser
public import Boltzmann
internal import BoltzmannData

struct General: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Machines with couplings within the layers: train, score, sample.",
    discussion: """
      The general Boltzmann machine: any two units may be coupled. Without hidden units it is an Ising model \
      (spins) or its 0/1 form. Energies are -b'v - c'h - v'Wh - v'Uv/2 - h'Ph/2.

        boltzmann general train --data spins.csv --visible-kind spin \\
            --method pseudo-likelihood --output ising.safetensors
        boltzmann general evaluate ising.safetensors --data spins.csv
        boltzmann general sample ising.safetensors --count 1000 --output s.npy
      """,
    subcommands: [GeneralTrain.self, GeneralEvaluate.self, GeneralSample.self])
}

/// The data of a file as values of a machine's visibles, zeros and ones or spins.
struct TwoStateData {
  let set: DataSet

  var samples: any Samples { self.set.samples }

  init(_ source: String, as kind: TwoStateKind, preprocessing: Preprocessing, seed: UInt64) throws {
    guard let columns = LayerSpecification(kind.rawValue) else {
      preconditionFailure("\(kind) is a kind of units")
    }
    try self.init(source, visibles: VisibleColumns(columns), preprocessing: preprocessing, seed: seed)
  }

  /// Data for the machine of a file.
  init(
    _ source: String, of stored: StoredBoltzmannMachine, _ path: String, options: PreprocessingOptions,
    seed: UInt64
  ) throws {
    let machine = stored.machine
    let block = UnitBlock(kind: machine.visibleKind.rawValue, count: machine.visibleCount)
    try self.init(
      source, visibles: VisibleColumns(of: [block], name: path),
      preprocessing: options.preprocessing(on: stored.preprocessing), seed: seed)
  }

  private init(_ source: String, visibles: VisibleColumns, preprocessing: Preprocessing, seed: UInt64) throws
  {
    self.set = try DataSet(source, preprocessing: preprocessing, visibles: visibles, seed: seed)
    guard self.set.hasLikelihood else {
      throw SettingsError(
        message: "\(source) has grey values, which --binarize none leaves: the machine is a law of two states"
      )
    }
  }
}

extension MemoryLimit {
  /// Couplings, velocity, gradient and scratch; and the states of chains.
  static func requireGeneral(visible: Int, hidden: Int, chains: Int) throws {
    let units = Double(visible) + Double(hidden)
    try require(floats: 6 * units * units, for: "a machine of so many units")
    try require(floats: 3 * units * Double(chains), for: "\(chains) chains")
  }
}

extension TwoStateKind: ExpressibleByArgument {}
extension BoltzmannMachineSettings.Method: ExpressibleByArgument {}
extension BoltzmannMachineSettings.PositivePhase: ExpressibleByArgument {}
