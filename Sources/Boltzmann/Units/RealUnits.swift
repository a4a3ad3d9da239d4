public import BoltzmannCompute

/// Units of real values, with the energy ½γx² − θx: θ the bias, γ > 0 the precision.
public protocol RealUnits: Units {}

extension RealUnits {
  public var realColumns: [Range<Int>] { [0..<count] }

  public func addEnergies(of states: MatrixView, to energies: inout [Double]) {
    states.addQuadraticEnergies(bias: bias, precision: precision, to: &energies)
  }
}

extension UnitParameters {
  /// The same with a precision of 1 where none is given.
  var withPrecision: UnitParameters {
    precondition(precision.isEmpty || precision.count == bias.count, "a precision for every unit")
    precondition(precision.allSatisfy { $0 > 0 }, "precisions are positive")
    guard precision.isEmpty else { return self }
    return UnitParameters(bias: bias, precision: [Float](repeating: 1, count: bias.count))
  }
}
