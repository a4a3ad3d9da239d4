import Boltzmann
import BoltzmannCompute
import BoltzmannData
import BoltzmannReference
import Testing

extension ReferenceLayeredRBM {
  /// Exactly the machine that a file holds.
  init(of machine: RBM) {
    self.init(
      visible: ReferenceLayer(of: machine.visible), hidden: ReferenceLayer(of: machine.hidden),
      weights: (0..<machine.visibleCount).map { row in
        (0..<machine.hiddenCount).map { Double(machine.weights[row, $0]) }
      })
  }
}

extension ReferenceLayer {
  fileprivate init(of units: any Units) {
    let bias = units.bias.map(Double.init), precision = units.precision.map(Double.init)
    var begin = 0
    self.init(
      units.blocks.map { block in
        let range = begin..<(begin + block.columns)
        begin = range.upperBound
        guard block.states.isEmpty, let kind = ReferenceUnits.Kind(rawValue: block.kind) else {
          return ReferenceUnits(categorical: block.states, bias: Array(bias[range]))
        }
        return ReferenceUnits(
          kind, bias: Array(bias[range]), precision: precision.isEmpty ? nil : Array(precision[range]))
      })
  }
}

extension Scratch {
  /// Writes a machine made by hand, and returns its reference.
  @discardableResult
  func write(
    _ name: String, visible: any Units, hidden: any Units, weights: [[Float]],
    preprocessing: Preprocessing? = nil
  ) throws -> ReferenceLayeredRBM {
    let machine = RBM(
      visible: visible, hidden: hidden,
      weights: Matrix(rows: weights.count, columns: weights[0].count, values: Array(weights.joined())))
    try StoredModel(machine, preprocessing: preprocessing).write(to: path(name))
    return ReferenceLayeredRBM(of: machine)
  }

  func machine(_ run: String) throws -> RBM {
    try StoredModel.read(path("\(run)/model.safetensors")).machine
  }

  /// What a command that must succeed prints with `--json`, and what it notes.
  func json(
    _ arguments: [String], sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> (result: JSONValue, notes: String) {
    let outcome = try Tool.run(arguments + ["--json"], folder: root)
    #expect(outcome.status == 0, "\(outcome.error)", sourceLocation: sourceLocation)
    return (try JSONValue.parse(Array(outcome.output.utf8), path: "output"), outcome.error)
  }
}
