import CBoltzmannKernels
import Testing

/// Known answers of the authors' Random123 library (file `kat_vectors`, philox4x32, 10 rounds).
struct KnownAnswer: Sendable {
  let counter: [UInt32]
  let key: [UInt32]
  let words: [UInt32]

  static let published = [
    KnownAnswer(
      counter: [0, 0, 0, 0], key: [0, 0],
      words: [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
    KnownAnswer(
      counter: [.max, .max, .max, .max], key: [.max, .max],
      words: [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]),
    KnownAnswer(
      counter: [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], key: [0xa409_3822, 0x299f_31d0],
      words: [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]),
  ]
}

/// Whom random words are for: ordinary addresses, and those that need the high bits of row and step.
struct Address: Sendable {
  let random: boltzmann_random
  let row: UInt64

  init(seed: UInt64, step: UInt64, stream: UInt32, row: UInt64) {
    random = boltzmann_random(seed: seed, step: step, stream: stream, first_unit: 0)
    self.row = row
  }

  static let all = [
    Address(seed: 0, step: 0, stream: 0, row: 0),
    Address(seed: 20_120_423, step: 7, stream: 3, row: 59_999),
    Address(seed: 0xdead_beef_0123_4567, step: 5 << 32 | 9, stream: 10, row: 3 << 32 | 1),
    Address(seed: .max, step: 1 << 48 - 1, stream: 255, row: 1 << 40 - 1),
  ]
}

@Suite struct PhiloxTests {
  @Test(arguments: KnownAnswer.published)
  func referenceGivesThePublishedWords(_ answer: KnownAnswer) {
    var words = [UInt32](repeating: 0, count: 4)
    boltzmann_philox_reference(answer.counter, answer.key, &words)
    #expect(words == answer.words)
  }

  /// The layout: key = seed, counter = (unit/4, row, step, stream ‖ high bits of row ‖ high bits of step).
  @Test(arguments: KnownAnswer.published)
  func referenceWordsAreAddressedByUnitRowStepAndStream(_ answer: KnownAnswer) {
    let (counter, last) = (answer.counter.map(UInt64.init), answer.counter[3])
    let address = Address(
      seed: UInt64(answer.key[1]) << 32 | UInt64(answer.key[0]),
      step: UInt64(last & 0xFFFF) << 32 | counter[2], stream: last >> 24,
      row: UInt64(last >> 16 & 0xFF) << 32 | counter[1])
    let words = (0..<4).map {
      boltzmann_random_word_reference(address.random, address.row, 4 * counter[0] + $0)
    }
    #expect(words == answer.words)
  }

  @Test(arguments: InstructionSet.available, Address.all)
  func wordsEqualTheReference(_ set: InstructionSet, _ address: Address) {
    for count in [0, 1, 2, 3, 4, 5, 31, 32, 33, 63, 64, 65, 100] {
      let guardWord: UInt32 = 0xABAD_1DEA
      var words = [UInt32](repeating: guardWord, count: count + 8)
      set.kernels.random_words(address.random, address.row, &words, count)
      let expected = (0..<count).map {
        boltzmann_random_word_reference(address.random, address.row, UInt64($0))
      }
      #expect(Array(words[..<count]) == expected)
      #expect(words[count...].allSatisfy { $0 == guardWord })
    }
  }

  @Test(arguments: InstructionSet.available)
  func everyStreamEqualsTheReference(_ set: InstructionSet) {
    var seen = Set<[UInt32]>()
    for stream in 0..<256 as Range<UInt32> {
      let address = Address(seed: 11, step: 2, stream: stream, row: 3)
      var words = [UInt32](repeating: 0, count: 5)
      set.kernels.random_words(address.random, address.row, &words, 5)
      let expected = (0..<5).map { boltzmann_random_word_reference(address.random, 3, $0) }
      #expect(words == expected)
      seen.insert(words)
    }
    #expect(seen.count == 256)
  }
}
