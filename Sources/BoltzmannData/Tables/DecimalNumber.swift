/// A number in text, rounded correctly to `Float`.
enum DecimalNumber: Equatable {
  case finite(Float)
  /// NaN, infinity, or too large for `Float`.
  case notFinite
  case notANumber

  /// Reads `[+-] digits [. digits] [e [+-] digits]`, a leading or trailing point allowed; NaN and infinity by name.
  init(parsing text: ArraySlice<UInt8>) {
    var scanner = DecimalScanner(text)
    if scanner.scan() {
      self.init(scanner.fastValue ?? Float(String(decoding: text, as: UTF8.self)))
    } else {
      self = Self.isNonFiniteName(text) ? .notFinite : .notANumber
    }
  }

  private init(_ value: Float?) {
    guard let value else {
      self = .notANumber
      return
    }
    self = value.isFinite ? .finite(value) : .notFinite
  }

  private static func isNonFiniteName(_ text: ArraySlice<UInt8>) -> Bool {
    let unsigned = text.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
    guard unsigned.count <= 8 else { return false }
    return ["nan", "inf", "infinity"].contains(String(decoding: unsigned, as: UTF8.self).lowercased())
  }
}

/// Takes a decimal number apart: `± mantissa · 10^exponent`.
private struct DecimalScanner {
  private var rest: ArraySlice<UInt8>
  private var isNegative = false
  private var mantissa: UInt64 = 0
  private var exponent = 0

  init(_ text: ArraySlice<UInt8>) { rest = text }

  /// False if the text is no decimal number.
  mutating func scan() -> Bool {
    isNegative = scanSign()
    let whole = scanDigits(dropped: 1, kept: 0)
    var fraction = 0
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      fraction = scanDigits(dropped: 0, kept: -1)
    }
    return whole + fraction > 0 && scanExponent() && rest.isEmpty
  }

  /// The value where arithmetic in `Double` certainly rounds to the right `Float`; else nil.
  ///
  /// The mantissa, the power of ten and their product or quotient are each rounded, and digits beyond the first 19
  /// are left out: together less than 4 ulp of `Double`. So the result is right unless it lies within 4 ulp of a point
  /// halfway between two floats, where the lower 29 bits are 2²⁸. Floats below 10⁻³⁷ may be subnormal, with other
  /// halfway points.
  var fastValue: Float? {
    guard abs(exponent) < powersOfTen.count else { return nil }
    let power = powersOfTen[abs(exponent)]
    let double = exponent < 0 ? Double(mantissa) / power : Double(mantissa) * power
    let fromHalfway = Int(double.bitPattern & 0x1fff_ffff) - 0x1000_0000
    return abs(fromHalfway) > 4 ? Float(isNegative ? -double : double) : nil
  }

  private mutating func scanSign() -> Bool {
    let isMinus = rest.first == UInt8(ascii: "-")
    if isMinus || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
    return isMinus
  }

  /// Counts digits; each changes the exponent by `kept` if the mantissa has room for it, else by `dropped`.
  private mutating func scanDigits(dropped: Int, kept: Int) -> Int {
    let start = rest.startIndex
    while let digit = rest.first.map({ $0 &- 0x30 }), digit <= 9 {
      rest.removeFirst()
      let hasRoom = mantissa < 1_000_000_000_000_000_000
      exponent += hasRoom ? kept : dropped
      mantissa = hasRoom ? mantissa * 10 + UInt64(digit) : mantissa
    }
    return rest.startIndex - start
  }

  private mutating func scanExponent() -> Bool {
    guard let mark = rest.first, mark | 0x20 == UInt8(ascii: "e") else { return true }
    rest.removeFirst()
    let isMinus = scanSign()
    let digits = rest.prefix { $0 &- 0x30 <= 9 }
    rest = rest.dropFirst(digits.count)
    // Beyond four digits the value is 0 or infinite, whatever the mantissa.
    let size = digits.reduce(0) { min(9999, $0 * 10 + Int($1 &- 0x30)) }
    exponent += isMinus ? -size : size
    return !digits.isEmpty
  }
}

private let powersOfTen: [Double] = [
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
  1e19, 1e20, 1e21, 1e22, 1e23, 1e24, 1e25, 1e26, 1e27, 1e28, 1e29, 1e30, 1e31, 1e32, 1e33, 1e34, 1e35, 1e36,
  1e37,
]
