internal import CBoltzmannKernels
internal import Foundation

/// Which kind of decision a random number is for; part of its address.
public enum RandomPurpose: UInt32, Sendable {
  case hidden = 0
  case visible = 1
  case initialState = 2
  case shuffle = 3
  case weights = 4
  case binarization = 5
  case flips = 6
  case annealingHidden = 7
  case annealingVisible = 8
  case annealingStart = 9
  case selection = 10
  case classes = 20
  case site = 30
  case clampedSite = 31
  case transitionProposal = 40
  case transitionAcceptance = 41
  case temperedHidden = 50
  case temperedVisible = 51
  case temperingStart = 52
  case temperingSwap = 53
  case exactState = 54
  case exactVisible = 55
  case temperedSite = 56
  case noise = 60
  case folds = 61
  case bootstrap = 62
  case permutation = 63
  case ratingSplit = 80
  case trajectoryHidden = 90
  case trajectoryVisible = 91
  case trajectoryStart = 92
  case trajectorySwap = 93
  case test = 255
}

/// Counter-based random numbers: each is a function of who it is for, never of who draws it or when.
///
/// Philox 4x32-10 (Salmon, Moraes, Dror & Shaw 2011) with
/// ```
/// key     = seed
/// counter = (unit / 4, row, step, purpose ‖ high bits of row ‖ high bits of step)
/// word    = unit mod 4
/// ```
/// `row` is the sample's or chain's own number (40 bits), `step` 48 bits.
public struct RandomStream: Sendable, Hashable {
  public let seed: UInt64
  public let purpose: RandomPurpose
  public var step: UInt64

  public init(seed: UInt64, purpose: RandomPurpose, step: UInt64 = 0) {
    self.seed = seed
    self.purpose = purpose
    self.step = step
  }

  func kernel(firstUnit: Int = 0) -> boltzmann_random {
    boltzmann_random(seed: seed, step: step, stream: purpose.rawValue, first_unit: UInt64(firstUnit))
  }

  /// The stream of another step.
  public func at(step: UInt64) -> RandomStream { RandomStream(seed: seed, purpose: purpose, step: step) }

  /// The words of units `0..<count` of one row.
  public func words(row: UInt64, count: Int) -> [UInt32] {
    [UInt32](unsafeUninitializedCapacity: count) { buffer, filled in
      if count > 0 { Kernels.best.random_words(kernel(), row, buffer.baseAddress, count) }
      filled = count
    }
  }

  /// Uniform doubles in [0, 1) with 53 random bits, for units `0..<count` of one row.
  public func uniforms(row: UInt64, count: Int) -> [Double] {
    let words = words(row: row, count: 2 * count)
    return (0..<count).map {
      let bits = UInt64(words[2 * $0]) << 32 | UInt64(words[2 * $0 + 1])
      return Double(bits >> 11) * 0x1p-53
    }
  }

  /// Standard normal draws for units `0..<count` of one row, by Box & Muller (1958).
  public func normals(row: UInt64, count: Int) -> [Double] {
    let pairs = (count + 1) / 2
    let uniform = uniforms(row: row, count: 2 * pairs)
    return (0..<count).map { index in
      let pair = index / 2
      let radius = (-2 * log(1 - uniform[2 * pair])).squareRoot()
      let angle = 2 * Double.pi * uniform[2 * pair + 1]
      return radius * (index % 2 == 0 ? cos(angle) : sin(angle))
    }
  }

  /// A uniformly random order of `0..<count` (Fisher–Yates; the modulo bias is below count/2⁵³).
  public func permutation(row: UInt64, count: Int) -> [Int] {
    var order = Array(0..<count)
    let uniform = uniforms(row: row, count: count)
    for last in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(last, min(last, Int(uniform[last] * Double(last + 1))))
    }
    return order
  }
}

/// A stream and the own numbers of the rows of a block: whom the draws of the block are for.
public struct RandomRows: Sendable {
  public let stream: RandomStream
  public let rows: ArraySlice<UInt64>
  /// The number of the unit in the block's first column, a multiple of 4.
  public let firstUnit: Int

  public init(_ stream: RandomStream, rows: ArraySlice<UInt64>, firstUnit: Int = 0) {
    precondition(firstUnit % 4 == 0, "four units share a counter")
    self.stream = stream
    self.rows = rows
    self.firstUnit = firstUnit
  }

  /// The same with another unit in the first column.
  public func beginning(at unit: Int) -> RandomRows { RandomRows(stream, rows: rows, firstUnit: unit) }

  var kernel: boltzmann_random { stream.kernel(firstUnit: firstUnit) }
}
