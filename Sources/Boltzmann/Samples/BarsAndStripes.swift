extension BitSamples {
  /// Bars and stripes: all sets of whole rows of a square image, then all sets of whole columns, 2·2^side images of
  /// side² pixels (MacKay, *Information Theory, Inference, and Learning Algorithms*, 2003, section 43.3).
  ///
  /// The empty and the full image are there twice. No machine has a greater mean log-likelihood than
  /// ```
  /// (4·log 2)/(2·2^side) − log(2·2^side)        −1.7329 nats of 2 × 2, −3.3791 of 4 × 4
  /// ```
  public static func barsAndStripes(side: Int) -> BitSamples {
    precondition((1...16).contains(side), "a side of 1 to 16 pixels")
    let sets = 1 << side
    return BitSamples(count: 2 * sets, width: side * side) { pattern, pixel in
      let line = pattern < sets ? pixel / side : pixel % side
      return (pattern % sets) >> line & 1 == 1
    }
  }
}
