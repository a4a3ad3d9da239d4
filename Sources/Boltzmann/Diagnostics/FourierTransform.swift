internal import Foundation

/// The discrete Fourier transform of 2ᵏ complex numbers, in place (Cooley & Tukey 1965).
/// ```
/// X_k = Σ_t x_t e^{−2πi·kt/n}
/// ```
struct FourierTransform: Sendable {
  /// n, a power of two.
  let count: Int
  private let cosines: [Double]
  private let sines: [Double]

  /// The smallest that takes so many numbers.
  init(atLeast size: Int) {
    var power = 1
    while power < size { power *= 2 }
    count = power
    let angles = (0..<power / 2).map { 2 * Double.pi * Double($0) / Double(power) }
    cosines = angles.map { cos($0) }
    sines = angles.map { sin($0) }
  }

  func transform(_ real: inout [Double], _ imaginary: inout [Double]) {
    precondition(real.count == count && imaginary.count == count, "a transform of \(count) numbers")
    reorder(&real, &imaginary)
    var half = 1
    while half < count {
      for start in stride(from: 0, to: count, by: 2 * half) {
        join(start, half, &real, &imaginary)
      }
      half *= 2
    }
  }

  /// Two transforms of `half` numbers, side by side, become one.
  private func join(_ start: Int, _ half: Int, _ real: inout [Double], _ imaginary: inout [Double]) {
    let step = count / (2 * half)
    for k in 0..<half {
      let (a, b) = (start + k, start + k + half), (c, s) = (cosines[k * step], sines[k * step])
      let x = c * real[b] + s * imaginary[b], y = c * imaginary[b] - s * real[b]
      (real[b], imaginary[b]) = (real[a] - x, imaginary[a] - y)
      (real[a], imaginary[a]) = (real[a] + x, imaginary[a] + y)
    }
  }

  /// Every number to the place whose bits are those of its own, backwards.
  private func reorder(_ real: inout [Double], _ imaginary: inout [Double]) {
    var place = 0
    for index in 1..<max(count, 1) {
      var bit = count / 2
      while place & bit != 0 {
        place ^= bit
        bit /= 2
      }
      place |= bit
      if index < place {
        real.swapAt(index, place)
        imaginary.swapAt(index, place)
      }
    }
  }
}
