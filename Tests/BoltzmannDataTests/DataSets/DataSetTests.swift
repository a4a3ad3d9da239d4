import Boltzmann
import BoltzmannCompute
import BoltzmannData
import Testing

@Suite struct DataSetTests {
  private func bytes(_ values: [UInt8], columns: Int = 2) -> NumericTable {
    NumericTable(columns: columns, values: .bytes(values), source: "file", format: "test")
  }

  private func floats(_ values: [Float], columns: Int = 2) -> NumericTable {
    NumericTable(columns: columns, values: .floats(values), source: "file", format: "test")
  }

  private func dataSet(
    _ table: NumericTable, _ binarization: Binarization = .none, scale: Double? = nil, seed: UInt64 = 0
  ) throws -> DataSet {
    try DataSet(
      table, preprocessing: Preprocessing(scale: scale, binarization: binarization), seed: seed)
  }

  private func values(_ data: DataSet, epoch: Int = 0) -> [Float] {
    data.samples.matrix(0..<data.samples.count, epoch: epoch).values
  }

  private func line(_ body: () throws -> Void) -> String { message(body) ?? "nothing thrown" }

  // MARK: - Scale

  @Test func bytesAboveOneAreDividedBy255() throws {
    let data = try dataSet(bytes([0, 51, 2, 255]))
    // The reciprocal is rounded, and the product: an ulp in all.
    for (value, expected) in zip(values(data), [0, 51 / 255, 2 / 255, 1] as [Float]) {
      #expect(abs(value - expected) <= expected.ulp)
    }
    #expect(data.preprocessing.scale == 255)
    #expect(!data.hasLikelihood)
  }

  @Test func bytesOfZeroAndOneAreStates() throws {
    for scale in [nil, 255.0] {
      let data = try dataSet(bytes([0, 1, 1, 0]), scale: scale)
      #expect(values(data) == [0, 1, 1, 0])
      #expect(data.hasLikelihood && data.preprocessing.scale == scale)
    }
  }

  @Test func aGivenScaleHolds() throws {
    let data = try dataSet(bytes([0, 4, 16, 8]), scale: 16)
    #expect(values(data) == [0, 0.25, 1, 0.5])
    #expect(data.preprocessing.scale == 16)
    #expect(
      line { _ = try dataSet(bytes([0, 4, 17, 8]), scale: 16) }
        == "file: row 2, column 1: 17.0 lies outside [0, 16.0], which binary visibles take (see --scale)")
  }

  /// Numbers that are no unsigned bytes are divided only where that was asked for and one is above 1.
  @Test func scaleOfFloats() throws {
    #expect(try values(dataSet(floats([0, 0.5, 1, 0.25]))) == [0, 0.5, 1, 0.25])
    #expect(try values(dataSet(floats([0, 0.5, 1, 0.25]), scale: 255)) == [0, 0.5, 1, 0.25])
    #expect(try values(dataSet(floats([0, 2.5, 10, 5]), scale: 10)) == [0, 0.25, 1, 0.5])
    #expect(
      line { _ = try dataSet(floats([0, 2.5, 10, 5])) }
        == "file: row 1, column 2: 2.5 lies outside [0, 1], which binary visibles take (see --scale)")
    #expect(
      line { _ = try dataSet(floats([0, 2.5, 11, 5]), scale: 10) }.contains("11.0 lies outside [0, 10.0]"))
  }

  @Test(arguments: [-0.5, 1.5, Float.nan, .infinity, -.infinity])
  func valuesOutsideTheUnitInterval(value: Float) {
    let message = line { _ = try dataSet(floats([0, 1, 0, value])) }
    #expect(message.hasPrefix("file: row 2, column 2: ") && message.contains("outside [0, 1]"))
  }

  // MARK: - Binarisation

  @Test func thresholds() throws {
    let grey = floats([0, 0.49, 0.5, 1])
    #expect(try values(dataSet(grey, .threshold(0.5))) == [0, 0, 1, 1])
    #expect(try values(dataSet(grey, .threshold(0.25))) == [0, 1, 1, 1])
    let data = try dataSet(grey, .threshold(0.25))
    #expect(data.hasLikelihood && data.preprocessing == Preprocessing(binarization: .threshold(0.25)))
    // 127/255 < 0.5 ≤ 128/255.
    #expect(try values(dataSet(bytes([0, 127, 128, 255]), .threshold(0.5))) == [0, 0, 1, 1])
  }

  @Test func greyValuesStayWhereAsked() throws {
    let data = try dataSet(floats([0, 0.25, 0.5, 1]), .none)
    #expect(values(data) == [0, 0.25, 0.5, 1])
    #expect(!data.hasLikelihood)
  }

  /// Binary data are themselves whatever the binarisation.
  @Test(arguments: [Binarization.none, .sample, .resample, .threshold(0.9)])
  func binaryDataStay(binarization: Binarization) throws {
    for table in [bytes([1, 0, 0, 1]), floats([1, 0, 0, 1])] {
      let data = try dataSet(table, binarization)
      #expect(values(data) == [1, 0, 0, 1])
      #expect(data.hasLikelihood && data.preprocessing.binarization == binarization)
    }
  }

  @Test func sampledOnceOrEachEpoch() throws {
    let grey = floats([Float](repeating: 0.5, count: 400), columns: 20)
    let once = try dataSet(grey, .sample, seed: 3), fresh = try dataSet(grey, .resample, seed: 3)
    #expect(once.hasLikelihood && fresh.hasLikelihood)
    #expect(Set(values(once)) == [0, 1])
    #expect(values(once, epoch: 0) == values(once, epoch: 1))
    #expect(values(fresh, epoch: 0) != values(fresh, epoch: 1))
    #expect(values(fresh, epoch: 1) == values(fresh, epoch: 1))
    #expect(try values(dataSet(grey, .sample, seed: 3)) == values(once))
    #expect(try values(dataSet(grey, .sample, seed: 4)) != values(once))
    // The count is binomial, 400 · ½: standard deviation 10, five of them.
    #expect(abs(values(once).reduce(0, +) - 200) < 50)
    let certain = try dataSet(floats([0, 1, 0.5, 1]), .sample)
    #expect(values(certain)[0] == 0 && values(certain)[1] == 1 && values(certain)[3] == 1)
  }

  // MARK: - What it says of itself

  @Test func fingerprints() throws {
    let data = try dataSet(bytes([0, 1, 1, 0]))
    // CRC-32 of the bytes 00 01 01 00, by the definition.
    #expect(data.fingerprint == "2x2:crc32:\(String(crc32([0, 1, 1, 0]), radix: 16))")
    let others = [
      bytes([0, 1, 1, 1]), bytes([1, 0, 0, 1]), bytes([0, 1, 1, 0], columns: 4),
      bytes([0, 1, 1, 0], columns: 1), bytes([0, 1, 1, 0, 0, 0]), floats([0, 0.5, 1, 0]),
    ]
    let all = try others.map { try dataSet($0).fingerprint } + [data.fingerprint]
    #expect(Set(all).count == all.count)
    // It is of the values as read, not of what binarisation makes of them.
    let grey = floats([0, 0.5, 0.7, 1])
    #expect(try dataSet(grey, .sample).fingerprint == dataSet(grey, .threshold(0.6)).fingerprint)
  }

  @Test func width() throws {
    func read(_ units: Int) throws -> DataSet {
      let visibles = VisibleColumns(of: [UnitBlock(kind: "bernoulli", count: units)], name: "model")
      return try DataSet(bytes([0, 1, 1, 0]), preprocessing: Preprocessing(), visibles: visibles, seed: 0)
    }
    #expect(try read(2).samples.count == 2)
    #expect(line { _ = try read(3) } == "file: has 2 columns, but model has 3 visible units")
  }

  @Test func digits() throws {
    let data = try DataSet("digits")
    #expect(data.samples.count == 1797 && data.samples.width == 64)
    #expect(data.itemShape == [8, 8] && data.hasLikelihood && data.source == "digits")
    // A pixel is on from 8 of 16: the first digit of the file is a zero, whose first row is 0 0 5 13 9 1 0 0.
    #expect(Array(values(data).prefix(8)) == [0, 0, 0, 1, 1, 0, 0, 0])
  }

  @Test func files() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("images.npy", NPY.encode([UInt8](0..<12), shape: [2, 2, 3]))
    let data = try DataSet(path, preprocessing: Preprocessing(binarization: .threshold(0.025)))
    #expect(data.itemShape == [2, 3] && data.source == path)
    // On from 0.025 · 255 = 6.375.
    #expect(values(data) == [0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1])
    #expect(throws: DataError.self) { try DataSet(folder.file("none")) }
  }
}
