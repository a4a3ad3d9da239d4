public import BoltzmannCompute

extension RBM {
  /// log Z in nats: in closed form where both sides are Gaussian, else by enumeration of the discrete layer with
  /// fewer states.
  ///
  /// Throws `EnumerationError` where no layer can be enumerated, `NoPartitionError` where there is no log Z.
  public func exactLogPartition(parallel: Parallel = .all) throws -> Double {
    try GaussianPair(self)?.logPartition ?? Enumeration(of: self).logPartition(parallel: parallel)
  }

  /// E[v hᵀ], E[v], E[h] and, of real visibles, E[v²] of the machine's own law, found the same way.
  public func exactMoments(parallel: Parallel = .all) throws -> Moments {
    try GaussianPair(self)?.moments ?? Enumeration(of: self).moments(parallel: parallel)
  }

  /// log₂ of the states that an exact sum runs over; 0 where there is a closed form, infinite where there is neither.
  public var exactBits: Double {
    visible is GaussianUnits && hidden is GaussianUnits ? 0 : Enumeration.bits(of: self)
  }

  /// Throws where `exactMoments` would, at no cost.
  public func requireExactMoments() throws {
    if try GaussianPair(self) == nil { _ = try Enumeration(of: self) }
  }
}
