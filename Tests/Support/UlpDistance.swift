/// How many steps from one representable Float to the next lie between two values.
///
/// +0 and −0 are the same point; a value that is not a number is `Int.max` away from everything else.
public func ulpDistance(_ a: Float, _ b: Float) -> Int {
  guard !a.isNaN, !b.isNaN else { return a.isNaN && b.isNaN ? 0 : .max }
  return abs(ordinal(a) - ordinal(b))
}

/// The error of a Float against a reference in Double, in units of the last place of the reference.
///
/// A correctly rounded result has an error of at most 0.5. Beyond the range of Float only the same infinity is
/// right.
public func ulpError(_ value: Float, reference: Double) -> Double {
  let rounded = Float(reference)
  guard value.isFinite, rounded.isFinite else {
    return value == rounded || value.isNaN && rounded.isNaN ? 0 : .infinity
  }
  return abs(Double(value) - reference) / Double(rounded.ulp)
}

/// The place of a value in the order of all Floats; zero has place 0.
private func ordinal(_ x: Float) -> Int {
  let magnitude = Int(x.magnitude.bitPattern)
  return x.sign == .minus ? -magnitude : magnitude
}
