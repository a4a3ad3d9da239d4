import BoltzmannData
import BoltzmannTestSupport
import Foundation
import Testing

/// A table of yes and no, categories and hours, in the manner of the census data known as UCI Adult: a machine
/// trained on it knows what depends on what, and how.
@Suite struct MixedTableTests {
  private struct Person {
    let isMale: Bool
    let earnsMore: Bool
    /// 0 … 3
    let education: Int
    let hours: Double
  }

  /// Education depends on a class that no column shows, hours on education, income on both; sex on nothing.
  private static let people: [Person] = {
    var random = SplitMix(12)
    return (0..<3000).map { _ in
      let cumulative = Bool.random(using: &random) ? [0.4, 0.75, 0.95] : [0.05, 0.25, 0.6]
      let draw = Double.random(in: 0..<1, using: &random)
      let education = cumulative.count { $0 <= draw }
      let hours = 30 + 5 * Double(education) + 4 * TinyData.normal(&random)
      let logit = -2.5 + 0.9 * Double(education) + 0.1 * (hours - 38)
      let earnsMore = Double.random(in: 0..<1, using: &random) < 1 / (1 + exp(-logit))
      return Person(
        isMale: .random(using: &random), earnsMore: earnsMore, education: education, hours: hours)
    }
  }()

  private static let text =
    "sex,income,education,hours\n"
    + people.map { person in
      let (sex, income) = (person.isMale ? 1 : 0, person.earnsMore ? 1 : 0)
      return "\(sex),\(income),\(person.education),\(String(format: "%.3f", person.hours))\n"
    }.joined()

  /// What a table says of those with some education.
  private struct Group {
    let count: Double
    let income: Double
    let hours: Double
    let variance: Double

    init(_ people: [Person], education: Int) {
      let group = people.filter { $0.education == education }
      let count = Double(group.count), hours = group.reduce(0) { $0 + $1.hours } / count
      self.count = count
      self.hours = hours
      income = Double(group.count { $0.earnsMore }) / count
      variance = group.reduce(0) { $0 + ($1.hours - hours) * ($1.hours - hours) } / count
    }
  }

  /// How far the samples' groups are from the data's, in parts of what is allowed: at most 1 where all is well.
  ///
  /// Allowed are 4.9 standard errors of the difference of two independent samples (once in 10⁶), by the data's
  /// variances, and what a machine of 12 hidden units may be off itself: `incomeTolerance`, `hoursTolerance`.
  private static func deviations(_ samples: [Person]) -> [(income: Double, hours: Double)] {
    (0..<4).map { education in
      let data = Group(people, education: education), found = Group(samples, education: education)
      let share = 1 / data.count + 1 / found.count
      let income = 4.9 * (data.income * (1 - data.income) * share).squareRoot() + incomeTolerance
      let hours = 4.9 * (data.variance * share).squareRoot() + hoursTolerance
      return (abs(found.income - data.income) / income, abs(found.hours - data.hours) / hours)
    }
  }

  /// Shares run from about 0.04 to 0.7, mean hours from 30 to 45: a thirtieth of these ranges.
  private static let incomeTolerance = 0.02
  private static let hoursTolerance = 0.5

  private func samples(_ options: [String]) throws -> [Person] {
    let scratch = try Scratch()
    try scratch.write("adult.csv", Self.text)
    try scratch.train(
      [
        "--data", "adult.csv", "--visible-kind", "bernoulli*2,categorical*1,gaussian", "--hidden", "12",
        "--output", "run",
      ] + options)
    let outcome = try Tool.run(
      [
        "sample", "run/model.safetensors", "--count", "10000", "--steps", "200", "--quiet", "--output",
        "s.csv",
      ], folder: scratch.root)
    #expect(outcome.status == 0, "\(outcome.error)")
    let table = try NumericTable.read(scratch.path("s.csv"))
    #expect(table.names == ["sex", "income", "education", "hours"])
    return (0..<table.rows).map { row in
      Person(
        isMale: table[row, 0] == 1, earnsMore: table[row, 1] == 1, education: Int(table[row, 2]),
        hours: Double(table[row, 3]))
    }
  }

  @Test(.enabled(if: Build.isOptimized)) func recoversDependencies() throws {
    let samples = try samples([
      "--method", "pcd", "--steps", "5", "--epochs", "600", "--learning-rate", "0.01", "--schedule", "linear",
    ])
    for (education, part) in Self.deviations(samples).enumerated() {
      #expect(part.income <= 1 && part.hours <= 1, "education \(education): \(part)")
    }
    // Every education is as frequent as in the data, by the same measure.
    for education in 0..<4 {
      let share = Double(Self.people.count { $0.education == education }) / 3000
      let found = Double(samples.count { $0.education == education }) / 10_000
      let error = (share * (1 - share) * (1 / 3000 + 1 / 10_000)).squareRoot()
      #expect(abs(found - share) <= 4.9 * error + Self.incomeTolerance)
    }
  }

  /// Columns that do not know of each other fail the same bounds, by far: at the ends in either respect.
  @Test(.enabled(if: Build.isOptimized)) func independentColumnsDoNot() throws {
    let samples = try samples(["--epochs", "1", "--learning-rate", "1e-30"])
    let parts = Self.deviations(samples)
    for education in [0, 3] { #expect(parts[education].income > 1 && parts[education].hours > 1) }
  }
}
