import BoltzmannCompute
import Testing

// The expected numbers come from an implementation of the published algorithm outside of this package: where
// they change, no earlier run can be repeated.
@Suite struct RandomStreamTests {
  private static let stream = RandomStream(seed: 2_026, purpose: .test, step: 3 << 32 | 17)

  /// Seed, step and row 0: the published known answer of Philox 4x32-10 for counter and key 0.
  @Test func firstWordsArePublished() {
    let words = RandomStream(seed: 0, purpose: .hidden).words(row: 0, count: 4)
    #expect(words == [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8])
  }

  /// High bits of row and step included.
  @Test func wordsStayTheSame() {
    let expected: [UInt32] = [
      0x9cf6_8e62, 0x20b6_62a2, 0xcb96_631c, 0x04b1_3615, 0x196a_cb84, 0xf73b_2b43, 0xec90_2c26, 0x53ae_7a2c,
    ]
    #expect(Self.stream.words(row: 5 << 32 | 1_234, count: 8) == expected)
  }

  @Test func uniformsStayTheSame() {
    let uniforms = Self.stream.at(step: 17).uniforms(row: 1_234, count: 4)
    #expect(
      uniforms == [
        0x1.5c96e36fc158cp-3, 0x1.ad8c690db04b9p-1, 0x1.e4caee84338cdp-1, 0x1.146a58a74cf20p-6,
      ])
  }

  /// log, cos and sin of other libraries may differ by an ulp each: 4 ulps of the product.
  @Test func normalsStayTheSame() {
    let normals = RandomStream(seed: 2_026, purpose: .weights, step: 17).normals(row: 1_234, count: 5)
    let expected = [
      0.7206059648803693, 1.1799756786702371, 0.06097673278724219, 0.8135898316103027, -2.0163558923342473,
    ]
    #expect(zip(normals, expected).allSatisfy { abs($0 - $1) <= 4 * $1.ulp })
  }

  @Test func permutationsStayTheSame() {
    let order = RandomStream(seed: 2_026, purpose: .shuffle, step: 1).permutation(row: 0, count: 12)
    #expect(order == [5, 6, 8, 11, 3, 2, 1, 10, 9, 7, 0, 4])
  }

  /// A number depends on whom it is for, not on how many others are asked for.
  @Test func shorterRequestsAreTheStartOfLongerOnes() {
    let (words, uniforms) = (Self.stream.words(row: 9, count: 100), Self.stream.uniforms(row: 9, count: 100))
    let normals = Self.stream.normals(row: 9, count: 100)
    for count in [0, 1, 2, 3, 31, 32, 33, 99] {
      #expect(Self.stream.words(row: 9, count: count) == Array(words[..<count]))
      #expect(Self.stream.uniforms(row: 9, count: count) == Array(uniforms[..<count]))
      #expect(Self.stream.normals(row: 9, count: count) == Array(normals[..<count]))
    }
  }

  /// 53 bits of two words, the first one high.
  @Test func uniformsAreMadeOfTwoWords() {
    let words = Self.stream.words(row: 8, count: 200)
    let uniforms = Self.stream.uniforms(row: 8, count: 100)
    let expected = (0..<100).map { index -> Double in
      let bits = UInt64(words[2 * index]) << 21 | UInt64(words[2 * index + 1]) >> 11
      return Double(bits) / 0x1p53
    }
    #expect(uniforms == expected)
    #expect(uniforms.allSatisfy { 0..<1 ~= $0 })
  }

  @Test func everyPartOfTheAddressCounts() {
    func words(seed: UInt64 = 1, _ purpose: RandomPurpose = .hidden, step: UInt64 = 2, row: UInt64 = 3)
      -> [UInt32]
    {
      RandomStream(seed: seed, purpose: purpose, step: step).words(row: row, count: 4)
    }
    let all = [
      words(), words(seed: 2), words(seed: 1 << 32 | 1), words(.visible), words(.test), words(step: 3),
      words(step: 1 << 32 | 2), words(row: 2), words(row: 1 << 32 | 3),
    ]
    #expect(Set(all).count == all.count)
  }

  @Test func stepsCanBeTakenEitherWay() {
    var moved = RandomStream(seed: 4, purpose: .flips)
    moved.step = 12
    #expect(moved == RandomStream(seed: 4, purpose: .flips).at(step: 12))
    #expect(moved == RandomStream(seed: 4, purpose: .flips, step: 12))
  }

  @Test(arguments: [0, 1, 2, 3, 10, 1_000])
  func permutationsAreOrdersOfAllIndices(_ count: Int) {
    let order = RandomStream(seed: 5, purpose: .shuffle).permutation(row: 1, count: count)
    #expect(order.sorted() == Array(0..<count))
  }

  /// Numbers of purposes are written into the addresses of every run: they must not move.
  @Test func purposesKeepTheirNumbers() {
    let purposes: [RandomPurpose: UInt32] = [
      .hidden: 0, .visible: 1, .initialState: 2, .shuffle: 3, .weights: 4, .binarization: 5, .flips: 6,
      .annealingHidden: 7, .annealingVisible: 8, .annealingStart: 9, .selection: 10,
      .temperedSite: 56, .test: 255,
    ]
    #expect(purposes.allSatisfy { $0.key.rawValue == $0.value })
  }
}
