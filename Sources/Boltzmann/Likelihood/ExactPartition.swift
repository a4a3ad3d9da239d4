public import BoltzmannCompute

extension RBM {
  /// log Z in nats: by enumeration of the discrete layer with fewer states.
  ///
  /// Throws where no layer can be enumerated.
  public func exactLogPartition(parallel: Parallel = .all) throws -> Double {
    try Enumeration(of: self).logPartition(parallel: parallel)
  }

  /// Throws where `exactMoments` would, at no cost.
  public func requireExactMoments() throws { _ = try Enumeration(of: self) }

  /// E[v hᵀ], E[v], E[h] and, of real visibles, E[v²] of the machine's own law, found the same way.
  public func exactMoments(parallel: Parallel = .all) throws -> Moments {
    try Enumeration(of: self).moments(parallel: parallel)
  }
}
