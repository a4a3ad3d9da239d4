/// Everything that was measured, and under what conditions.
struct Results {
  let conditions: Conditions
  let tasks: [TaskResult]
  let sweeps: [SweepResult]
}
