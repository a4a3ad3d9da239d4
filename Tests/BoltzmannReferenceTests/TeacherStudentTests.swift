import BoltzmannReference
import BoltzmannTestSupport
import Foundation
import Testing

/// A student learns the enumerated law of a teacher by the exact gradient, from parameters near the teacher's.
///
/// Where the gradient is zero, the data's moments are the model's. If the student finds the teacher's law, and the law
/// leaves no choice of hidden units (it has more states than the machine parameters, up to gauge), then the hidden
/// moments, too, are the teacher's. Real hidden units do have a choice: they can be measured in another unit.
@Suite("A student of a random teacher", .enabled(if: Build.isOptimized))
struct TeacherStudentTests {
  static let shapes = [
    MachineShape([.bernoulli(4)], [.bernoulli(2)]),
    MachineShape([.spin(4)], [.spin(2)]),
    MachineShape([.categorical([3, 3, 3])], [.bernoulli(2)]),
    MachineShape([.spin(5)], [.categorical([3])]),
    MachineShape([.bernoulli(3), .categorical([3])], [.spin(2)]),
    MachineShape([.bernoulli(4)], [.gaussian(1)]),
    MachineShape([.spin(4)], [.relu(1)]),
    MachineShape([.gaussian(2)], [.bernoulli(2)]),
  ]

  /// The teacher's law; of a grid, what matters of it.
  private func law(of teacher: ReferenceLayeredRBM) -> (states: [[Double]], weights: [Double]) {
    let states = teacher.visible.states()
    let kept = zip(states.states, teacher.probabilities(of: states)).filter { $0.1 > 1e-18 }
    return (kept.map(\.0), kept.map(\.1))
  }

  @Test("has the teacher's moments in the end", arguments: shapes)
  func moments(_ shape: MachineShape) throws {
    let teacher = shape.normal(weightDeviation: 1, seed: 80)
    let data = law(of: teacher)
    var student = teacher
    let random = ReferenceRandom(seed: 81)
    student.parameters = teacher.parameters.enumerated().map { $1 + 0.2 * random.normal(unit: $0, row: 0) }
    student.parameters = maximum(from: student.parameters, tolerance: 1e-12) { parameters in
      var machine = student
      machine.parameters = parameters
      return (
        machine.meanLogLikelihood(of: data.states, rowWeights: data.weights) ?? -.infinity,
        machine.exactGradient(data.states, rowWeights: data.weights)?.flat ?? []
      )
    }
    let model = try #require(student.modelMoments())
    expect(model, student.moments(of: data.states, rowWeights: data.weights), within: 1e-8)
    let expected = try #require(teacher.modelMoments())
    #expect(largestDifference(model.visible, expected.visible) <= 1e-8)
    #expect(largestDifference(model.visibleSquare, expected.visibleSquare) <= 1e-8)
    if !MachineShape.isReal(shape.hidden) { expect(model, expected, within: 1e-8) }
  }

  private func expect(_ moments: ReferenceMoments, _ expected: ReferenceMoments, within tolerance: Double) {
    #expect(largestDifference(moments.visible, expected.visible) <= tolerance)
    #expect(largestDifference(moments.hidden, expected.hidden) <= tolerance)
    #expect(largestDifference(moments.product, expected.product) <= tolerance)
  }
}
