internal import ArgumentParser
internal import Boltzmann

/// How log Z is found, and what may be spent on it.
struct PartitionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How log Z is found: \(PartitionChoice.names). (default: exact where at most 20 units have to be summed over)",
      valueName: "method"), transform: PartitionChoice.init)
  var partition: PartitionChoice?

  @Option(parsing: .unconditional, help: ArgumentHelp("Annealing runs, each way.", valueName: "n"))
  var chains = 100

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Annealing steps, equal ones; sm2008 (or 14500) is Salakhutdinov & Murray's schedule. (default: sm2008)",
      valueName: "n"),
    transform: schedule)
  var temperatures: AnnealingSchedule?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The most rounds of tempering that are recorded.", valueName: "n"))
  var rounds = 16_384

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The standard error of log Z that is wanted, in nats: as many temperatures, or rounds of tempering, as it takes.",
      valueName: "x"))
  var error: Double?

  func validate() throws {
    if chains < 1 { throw ValidationError("--chains must be at least 1, not \(chains)") }
    // Works of all rounds are kept: a million of 10 chains at 15 temperatures take 2 GB.
    if !(4...1_000_000).contains(rounds) {
      throw ValidationError("--rounds must be 4 to 1000000, not \(rounds)")
    }
    guard let error else { return }
    if !(error > 0 && error.isFinite) { throw ValidationError("--error must be positive, not \(error)") }
    if temperatures != nil {
      throw ValidationError("--error chooses the temperatures: leave out --temperatures")
    }
    if chains < 50 { throw ValidationError("--error needs at least 50 --chains, or little is known of it") }
  }

  func configure(_ problem: PartitionProblem) {
    problem.chains = chains
    problem.schedule = temperatures ?? .salakhutdinovMurray
    problem.mostRounds = rounds
    problem.error = error
  }
}

/// At most a million equal steps, so that a slip of the finger does not run for years or out of memory.
private func schedule(_ text: String) throws -> AnnealingSchedule {
  guard (Int(text) ?? 0) <= 1_000_000, let schedule = AnnealingSchedule(text) else {
    throw ValidationError("expected sm2008 or a number of steps from 1 to 1000000")
  }
  return schedule
}
