internal import Foundation

/// A number with so many digits after the point.
func fixed(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }

/// Three digits or more.
func significant(_ value: Double) -> String {
  value >= 100 ? fixed(value, 0) : String(format: "%#.3g", value)
}
