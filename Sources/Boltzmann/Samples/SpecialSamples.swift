public import BoltzmannCompute

/// Samples of categorical sites, held as state numbers of one byte (two where a site has more than 256 states).
///
/// A row becomes q columns a site, of which that of the state is 1, only where it is used.
public struct CategoricalSamples: Samples {
  public let count: Int
  public let states: [Int]
  private let offsets: [Int]
  private let numbers: StateNumbers

  private enum StateNumbers: Sendable {
    case bytes([UInt8])
    case words([UInt16])

    subscript(index: Int) -> Int {
      switch self {
      case .bytes(let bytes): Int(bytes[index])
      case .words(let words): Int(words[index])
      }
    }
  }

  /// The most states a site may have.
  public static let mostStates = 65_536

  /// `numbers`: the state of every site of every sample, below the site's number of states, row by row.
  public init(states: [Int], numbers: some Collection<Int>) {
    precondition(!states.isEmpty && numbers.count % states.count == 0, "every sample has all sites")
    precondition(states.allSatisfy { $0 >= 1 && $0 <= CategoricalSamples.mostStates }, "too many states")
    precondition(
      numbers.enumerated().allSatisfy { $1 >= 0 && $1 < states[$0 % states.count] }, "a state is out of range"
    )
    self.states = states
    count = numbers.count / states.count
    offsets = states.reduce(into: [0]) { $0.append($0.last! + $1) }
    let fitsByte = states.allSatisfy { $0 <= 256 }
    self.numbers = fitsByte ? .bytes(numbers.map { UInt8($0) }) : .words(numbers.map { UInt16($0) })
  }

  public var width: Int { offsets.last! }

  public func load(_ indices: ArraySlice<Int>, epoch: Int, into target: MutableMatrixView) {
    target.fill(0)
    for (row, index) in indices.enumerated() {
      for site in states.indices { target[row, offsets[site] + numbers[index * states.count + site]] = 1 }
    }
  }
}

/// scale·x + shift of other samples: spins −1, +1 from bits by 2x − 1.
public struct AffineSamples: Samples {
  private let base: any Samples
  private let scale: Float
  private let shift: Float

  public init(_ base: any Samples, scale: Float, shift: Float) {
    self.base = base
    self.scale = scale
    self.shift = shift
  }

  public var count: Int { base.count }
  public var width: Int { base.width }
  public var weights: [Float]? { base.weights }

  public func load(_ indices: ArraySlice<Int>, epoch: Int, into target: MutableMatrixView) {
    base.load(indices, epoch: epoch, into: target)
    target.affine(scale: scale, shift: shift)
  }
}

/// The columns of several data sets of the same samples side by side, for mixed visibles.
public struct JoinedSamples: Samples {
  private let parts: [any Samples]

  public init(_ parts: [any Samples]) {
    precondition(Set(parts.map(\.count)).count == 1, "all parts have the same samples")
    self.parts = parts
  }

  public var count: Int { parts[0].count }
  public var width: Int { parts.reduce(0) { $0 + $1.width } }
  public var weights: [Float]? { parts.lazy.compactMap(\.weights).first }

  public func load(_ indices: ArraySlice<Int>, epoch: Int, into target: MutableMatrixView) {
    var begin = 0
    for part in parts {
      part.load(indices, epoch: epoch, into: target.columns(begin..<(begin + part.width)))
      begin += part.width
    }
  }
}

/// Samples that count more or less than others: one of weight 2 as two of weight 1.
public struct WeightedSamples: Samples {
  private let base: any Samples
  public let weights: [Float]?

  /// Throws where there is not one positive, finite weight a sample.
  public init(_ base: any Samples, weights: [Float]) throws {
    guard weights.count == base.count else {
      throw SettingsError(message: "\(weights.count) sample weights for \(base.count) samples")
    }
    if let index = weights.firstIndex(where: { !($0 > 0 && $0.isFinite) }) {
      throw SettingsError(
        message: "the weight of sample \(index + 1) is \(weights[index]), not positive and finite")
    }
    self.base = base
    self.weights = weights
  }

  public var count: Int { base.count }
  public var width: Int { base.width }

  public func load(_ indices: ArraySlice<Int>, epoch: Int, into target: MutableMatrixView) {
    base.load(indices, epoch: epoch, into: target)
  }
}
