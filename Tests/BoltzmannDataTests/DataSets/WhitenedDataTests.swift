import Boltzmann
import BoltzmannCompute
import BoltzmannData
import Foundation
import Testing

@Suite struct WhitenedDataTests {
  private func read(
    _ text: String, _ settings: WhiteningSettings, kind: String = "gaussian", weights: String? = nil
  ) throws -> DataSet {
    func table(_ text: String, _ name: String) throws -> NumericTable {
      try NumericTable.decode(Array(text.utf8), path: name)
    }
    return try DataSet(
      table(text, "file"), preprocessing: Preprocessing(whitening: .wanted(settings)),
      visibles: VisibleColumns(try #require(LayerSpecification(kind))),
      weights: weights.map { try table($0, "weights") }, seed: 0)
  }

  /// Deviations of 4 and ½: all numbers are powers of two, and the determinant is that of diag(¼, 2).
  @Test func standardized() throws {
    let data = try read("14,-0.5\n6,0.5\n", WhiteningSettings(kind: .standardization))
    #expect(data.samples.matrix(0..<2).values == [1, -1, -1, 1])
    #expect(data.blocks == [UnitBlock(kind: "gaussian", count: 2)])
    // A Cholesky factor's logs, halved and summed: a few roundings of numbers below 3.
    #expect(abs(data.logUnits + log(2)) <= 8 * 0x1p-52)
    let whitening = try #require(data.preprocessing.fittedWhitening)
    #expect(whitening.kind == .standardization && whitening.mean == [10, 0])
    #expect(data.hasLikelihood)
  }

  /// A fitted map is applied as it is, whatever the data.
  @Test func fitted() throws {
    let first = try read("14,-0.5\n6,0.5\n", WhiteningSettings(kind: .standardization))
    let table = try NumericTable.decode(Array("10,0\n18,2\n".utf8), path: "file")
    let visibles = VisibleColumns(try #require(LayerSpecification("gaussian")))
    let again = try DataSet(table, preprocessing: first.preprocessing, visibles: visibles, seed: 0)
    #expect(again.preprocessing == first.preprocessing && again.logUnits == first.logUnits)
    #expect(again.samples.matrix([0]).values == [0, 0])
  }

  @Test func componentsOfPCA() throws {
    let text = "1,2,0\n-1,-2,0\n3,-1,1\n-3,1,-1\n"
    let data = try read(text, WhiteningSettings(kind: .pca, components: 2))
    #expect(data.samples.width == 2 && data.blocks == [UnitBlock(kind: "gaussian", count: 2)])
    // A density of two numbers is none of three: nothing is added.
    #expect(data.logUnits == 0)
  }

  /// A row of weight 3 is three rows, for the whitening too.
  @Test func weighted() throws {
    let settings = WhiteningSettings(kind: .standardization)
    let weighted = try read("2,1\n-2,0\n", settings, weights: "3\n1\n")
    let replicated = try read("2,1\n2,1\n2,1\n-2,0\n", settings)
    #expect(weighted.preprocessing == replicated.preprocessing)
    #expect(weighted.samples.weights == [3, 1])
    #expect(weighted.samples.matrix([0]).values == replicated.samples.matrix([0]).values)
  }

  // MARK: - What cannot be whitened

  @Test func constantColumns() throws {
    for kind in Whitening.Kind.allCases {
      let line = message { _ = try read("1,7\n2,7\n", WhiteningSettings(kind: kind)) }
      #expect(line == "file: column 2 is constant: leave it out or set epsilon")
      let data = try read("1,7\n2,7\n", WhiteningSettings(kind: kind, epsilon: 0.25))
      #expect(data.samples.matrix(0..<2).values.allSatisfy { $0.isFinite })
      #expect(data.preprocessing.fittedWhitening?.mean == [1.5, 7])
    }
  }

  @Test(arguments: ["bernoulli", "spin", "categorical", "relu", "bernoulli*1,gaussian", "gaussian*1,spin"])
  func otherKinds(kind: String) {
    let line = message { _ = try read("1,0\n0,1\n", WhiteningSettings(kind: .zca), kind: kind) }
    #expect(line == "file: only data whose columns are all gaussian can be whitened")
  }

  @Test func badSettings() {
    func line(_ settings: WhiteningSettings) -> String? { message { _ = try read("1,0\n0,1\n", settings) } }
    for epsilon in [-1, .nan, Double.infinity] {
      let line = line(WhiteningSettings(kind: .zca, epsilon: epsilon))
      #expect(line == "file: epsilon is at least 0, not \(epsilon)")
    }
    for count in [0, -1, 3, .max] {
      let expected = "file: there are 1 to 2 components to keep, not \(count)"
      #expect(line(WhiteningSettings(kind: .pca, components: count)) == expected)
    }
    #expect(
      line(WhiteningSettings(kind: .zca, components: 1))
        == "file: only pca keeps a number of components, not zca")
    // Two points lie on a line.
    #expect(
      line(WhiteningSettings(kind: .pca))
        == "file: the data vary in 1 of 2 directions only: keep at most 1 components or set epsilon")
  }
}
