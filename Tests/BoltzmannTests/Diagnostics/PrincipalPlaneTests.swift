import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Testing

@Suite("The principal plane")
struct PrincipalPlaneTests {
  /// v = μ + 3a·e₁ + b·e₂, with a and b the corners of a square: the variances along e₁ and e₂ are 9 and 1.
  private let corners: [[Double]] = [[1, 1], [1, -1], [-1, 1], [-1, -1]]

  @Test("axes in order of their variance, places around the middle")
  func square() throws {
    let data = FloatSamples(corners.map { [5 + 3 * $0[0], 7, -2 + $0[1]] })
    let plane = try PrincipalPlane(of: data)
    #expect(largestDifference(plane.shares, [0.9, 0.1]) <= 1e-6)
    let places = plane.places(of: data)
    for (place, corner) in zip(places, corners) {
      #expect(abs(place.x - 3 * corner[0]) <= 1e-5 && abs(place.y - corner[1]) <= 1e-5)
    }
    let other = plane.places(of: FloatSamples([[5, 99, -2]]))
    #expect(abs(other[0].x) <= 1e-5 && abs(other[0].y) <= 1e-5)
  }

  @Test("data on a line, and data in one place")
  func degenerate() throws {
    let line = try PrincipalPlane(of: FloatSamples([[0, 0], [1, 2], [2, 4]]))
    #expect(abs(line.shares[0] - 1) <= 1e-12 && line.shares[1] == 0)
    let point = FloatSamples([[0.5, 3], [0.5, 3]])
    #expect(try PrincipalPlane(of: point).shares == [0, 0])
    #expect(try PrincipalPlane(of: point).places(of: point) == [.zero, .zero])
  }
}
