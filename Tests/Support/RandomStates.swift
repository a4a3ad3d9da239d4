internal import BoltzmannReference

/// Random binary states, `[count][width]`, each unit on with probability `mean`.
public func randomStates(_ count: Int, width: Int, mean: Double = 0.5, seed: UInt64) -> [[Double]] {
  let random = ReferenceRandom(seed: seed)
  let means = [Double](repeating: mean, count: width)
  return (0..<count).map { random.bernoulli(means, row: $0, step: 0, stream: 255) }
}

/// Random values in (0, 1), `[count][width]`.
public func randomValues(_ count: Int, width: Int, seed: UInt64) -> [[Double]] {
  let random = ReferenceRandom(seed: seed)
  return (0..<count).map { row in (0..<width).map { random.uniform(unit: $0, row: row) } }
}
