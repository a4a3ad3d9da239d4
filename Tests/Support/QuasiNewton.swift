/// A maximum of a smooth function, uphill from a start, by the method of Broyden, Fletcher, Goldfarb & Shanno.
///
/// - Parameters:
///   - tolerance: stops where no component of the gradient exceeds it, or after `limit` steps.
///   - function: its value and its gradient.
public func maximum(
  from start: [Double], tolerance: Double, limit: Int = 2_000,
  of function: (_ x: [Double]) -> (value: Double, gradient: [Double])
) -> [Double] {
  var x = start
  var here = function(x)
  var inverseCurvature = identity(x.count)
  for _ in 0..<limit {
    guard here.gradient.contains(where: { abs($0) > tolerance }) else { break }
    var direction = inverseCurvature.map { dot($0, here.gradient) }
    if dot(direction, here.gradient) <= 0 {
      inverseCurvature = identity(x.count)
      direction = here.gradient
    }
    guard let (step, next) = climb(from: x, here.value, along: direction, function) else { break }
    x = zip(x, step).map { $0 + $1 }
    update(&inverseCurvature, step, zip(here.gradient, next.gradient).map { $0 - $1 })
    here = next
  }
  return x
}

/// A step that gains, as long as possible; near the maximum gains drown in the rounding of the value.
private func climb(
  from x: [Double], _ value: Double, along direction: [Double],
  _ function: ([Double]) -> (value: Double, gradient: [Double])
) -> (step: [Double], next: (value: Double, gradient: [Double]))? {
  var length = 1.0
  for _ in 0..<60 {
    let step = direction.map { $0 * length }
    let next = function(zip(x, step).map { $0 + $1 })
    if next.value >= value - 1e-13 { return (step, next) }
    length /= 2
  }
  return nil
}

/// H ← (1 − ρsyᵀ)H(1 − ρysᵀ) + ρssᵀ,   ρ = 1/yᵀs
private func update(_ h: inout [[Double]], _ s: [Double], _ y: [Double]) {
  let curvature = dot(y, s)
  guard curvature > 0 else { return }
  let hy = h.map { dot($0, y) }
  let factor = (1 + dot(y, hy) / curvature) / curvature
  for i in s.indices {
    for j in s.indices { h[i][j] += factor * s[i] * s[j] - (hy[i] * s[j] + s[i] * hy[j]) / curvature }
  }
}

private func identity(_ order: Int) -> [[Double]] {
  (0..<order).map { row in (0..<order).map { row == $0 ? 1 : 0 } }
}

private func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
