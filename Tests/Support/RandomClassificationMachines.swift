public import Boltzmann
internal import BoltzmannCompute
public import BoltzmannReference

extension ReferenceClassificationRBM {
  /// A machine with normally distributed parameters, mean 0, for tests.
  public static func normal(
    visible: Int, hidden: Int, classes: Int, deviation: Double = 1, seed: UInt64
  ) -> ReferenceClassificationRBM {
    let zeros = [Double](repeating: 0, count: hidden)
    var machine = ReferenceClassificationRBM(
      weights: (0..<visible).map { _ in zeros }, classWeights: (0..<classes).map { _ in zeros },
      visibleBias: [Double](repeating: 0, count: visible), hiddenBias: zeros,
      classBias: [Double](repeating: 0, count: classes))
    let random = ReferenceRandom(seed: seed)
    machine.parameters = machine.parameters.indices.map { deviation * random.normal(unit: $0, row: 0) }
    return machine
  }

  /// Exactly the same machine in Double.
  public init(_ model: ClassificationRBM) {
    self.init(
      weights: model.weights.doubles, classWeights: model.classWeights.doubles,
      visibleBias: model.visibleBias.doubles, hiddenBias: model.hiddenBias.doubles,
      classBias: model.classBias.doubles)
  }
}

extension ClassificationRBM {
  /// The machine with its parameters rounded to Float.
  public init(_ reference: ReferenceClassificationRBM) {
    self.init(
      visibleBias: reference.visibleBias.map(Float.init), hiddenBias: reference.hiddenBias.map(Float.init),
      classBias: reference.classBias.map(Float.init),
      weights: Matrix(reference.weights, columns: reference.hiddenCount),
      classWeights: Matrix(reference.classWeights, columns: reference.hiddenCount))
  }

  /// Normally distributed parameters, rounded to Float.
  public static func normal(
    visible: Int, hidden: Int, classes: Int, deviation: Double = 1, seed: UInt64
  ) -> ClassificationRBM {
    ClassificationRBM(
      ReferenceClassificationRBM.normal(
        visible: visible, hidden: hidden, classes: classes, deviation: deviation, seed: seed))
  }
}
