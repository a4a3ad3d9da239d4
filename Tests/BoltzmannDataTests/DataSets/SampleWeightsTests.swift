import Boltzmann
import BoltzmannData
import Testing

@Suite struct SampleWeightsTests {
  private func read(_ weights: String, kind: String = "bernoulli") throws -> DataSet {
    try DataSet(
      NumericTable.decode(Array("0,1\n1,1\n1,0\n".utf8), path: "file"), preprocessing: Preprocessing(),
      visibles: VisibleColumns(try #require(LayerSpecification(kind))),
      weights: NumericTable.decode(Array(weights.utf8), path: "weights"), seed: 0)
  }

  @Test(arguments: ["bernoulli", "spin", "categorical", "gaussian", "relu", "bernoulli*1,gaussian"])
  func everyKind(kind: String) throws {
    let data = try read("1\n2.5\n0.25\n", kind: kind)
    #expect(data.samples.weights == [1, 2.5, 0.25])
    let plain = try read("1\n1\n1\n", kind: kind)
    #expect(data.samples.matrix(0..<3) == plain.samples.matrix(0..<3))
  }

  @Test(arguments: [
    ("1\n2\n", "weights: 2 sample weights for 3 samples"),
    ("1\n2\n3\n4\n", "weights: 4 sample weights for 3 samples"),
    ("1\n0\n3\n", "weights: the weight of sample 2 is 0.0, not positive and finite"),
    ("1\n2\n-3\n", "weights: the weight of sample 3 is -3.0, not positive and finite"),
    ("1,1\n2,2\n3,3\n", "weights: has 2 columns, expected one of weights"),
    // One row of three numbers is not three rows.
    ("1,2,3\n", "weights: has 3 columns, expected one of weights"),
  ])
  func refusals(text: String, expected: String) { #expect(message { _ = try read(text) } == expected) }

  @Test func nonFinite() {
    for word in ["nan", "inf"] {
      #expect(message { _ = try read("1\n\(word)\n1\n") }?.hasPrefix("weights: line 2") == true)
    }
  }

  /// The weights are part of what a run began with.
  @Test func fingerprints() throws {
    let all = try ["1\n1\n1\n", "1\n1\n2\n", "0.5\n1\n1\n"].map { try read($0).fingerprint }
    #expect(Set(all).count == 3)
    #expect(all.allSatisfy { $0.hasPrefix("3x2:crc32:") && $0.contains(":weights:") })
  }
}
