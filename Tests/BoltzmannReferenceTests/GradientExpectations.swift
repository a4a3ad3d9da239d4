import BoltzmannReference
import Testing

/// Requires that two gradients agree in every number.
func expect(
  _ gradient: ReferenceGradient, equals expected: ReferenceGradient, within tolerance: Double,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let (numbers, others) = (flattened(gradient), flattened(expected))
  #expect(numbers.count == others.count, sourceLocation: sourceLocation)
  for (number, other) in zip(numbers, others) {
    #expect(abs(number - other) <= tolerance, sourceLocation: sourceLocation)
  }
}

/// Requires that two machines agree in every parameter.
func expect(
  _ machine: ReferenceRBM, equals expected: ReferenceRBM, within tolerance: Double,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  expect(
    parameters(of: machine), equals: parameters(of: expected), within: tolerance,
    sourceLocation: sourceLocation)
}

private func parameters(of machine: ReferenceRBM) -> ReferenceGradient {
  ReferenceGradient(
    weights: machine.weights, visibleBias: machine.visibleBias, hiddenBias: machine.hiddenBias)
}

private func flattened(_ gradient: ReferenceGradient) -> [Double] {
  gradient.weights.flatMap { $0 } + gradient.visibleBias + gradient.hiddenBias
}
