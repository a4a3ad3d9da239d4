public import Boltzmann
internal import BoltzmannCompute
public import BoltzmannReference

extension Snapshot {
  /// A training's snapshot.
  public init(_ trainer: Trainer) {
    self.init()
    trainer.save(to: &self)
  }

  /// The bit patterns of everything in it, by name: equal only where −0 and 0, too, agree.
  public var bits: [String: [UInt64]] {
    var bits = numbers.mapValues { [$0.bitPattern] }
    for (name, vector) in vectors { bits[name] = vector.map { UInt64($0.bitPattern) } }
    for (name, matrix) in matrices {
      bits[name] = [UInt64(matrix.rows)] + matrix.values.map { UInt64($0.bitPattern) }
    }
    return bits
  }

  /// Whether all numbers in it are finite.
  public var isFinite: Bool {
    numbers.values.allSatisfy(\.isFinite) && vectors.values.joined().allSatisfy(\.isFinite)
      && matrices.values.allSatisfy { $0.view.isFinite }
  }
}

extension ReferenceLearner {
  /// The reference's learner in the state of a training of the engine.
  ///
  /// Without momentum at any time the engine keeps no velocity of the weights; here it is 0 then.
  public init(_ snapshot: Snapshot) {
    func matrix(_ name: String) -> [[Double]] { snapshot.matrices[name]!.doubles }
    func vector(_ name: String) -> [Double] { snapshot.vectors[name]!.doubles }
    self.init(
      ReferenceRBM(
        weights: matrix("weights"), visibleBias: vector("visible_bias"), hiddenBias: vector("hidden_bias")),
      offsets: ReferenceOffsets(visible: vector("offset.visible"), hidden: vector("offset.hidden")),
      chains: snapshot.matrices["estimator.chains"]?.doubles ?? [])
    velocity = ReferenceGradient(
      weights: snapshot.matrices["velocity.weights"]?.doubles
        ?? ReferenceGradient.zero(like: model).weights, visibleBias: vector("velocity.visible_bias"),
      hiddenBias: vector("velocity.hidden_bias"))
    hiddenActivity = snapshot.vectors["sparsity.activity"]?.doubles
  }
}
