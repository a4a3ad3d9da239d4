public import BoltzmannCompute

extension BlockGibbs {
  /// Chains that start apart: the first half at samples of the data, the others at the base-rate machine.
  ///
  /// Chains that all start in one place may agree with one another and still have seen one mode only.
  public func dispersedState(chains: Int, data: any Samples) -> State {
    var state = initialState(chains: chains)
    let fromData = (chains + 1) / 2, numbers = data.evenlySpread(fromData)
    let starts = data.matrix((0..<fromData).map { numbers[$0 % numbers.count] })
    state.visibles.withMutableView { $0.rows(0..<fromData).copy(starts.view) }
    return state
  }

  /// Takes note of every one of so many steps.
  public func record(
    _ observables: ChainObservables, along state: inout State, steps: Int,
    afterStep: (_ done: Int) -> Void = { _ in }
  ) -> ChainRecord {
    var record = ChainRecord(observables, chains: state.visibles.rows)
    for step in 1...steps {
      run(&state, steps: 1)
      record.append(state.visibles.view, parallel: parallel)
      afterStep(step)
    }
    return record
  }

  /// At least `count` samples, all chains once every `spacing` steps; `[samples, visible]`.
  public func samples(_ count: Int, along state: inout State, spacing: Int) -> Matrix {
    let chains = state.visibles.rows, rounds = max((count + chains - 1) / chains, 1)
    var result = Matrix(rows: rounds * chains, columns: model.visibleCount)
    for round in 0..<rounds {
      run(&state, steps: spacing)
      result.withMutableView { $0.rows(round * chains..<(round + 1) * chains).copy(state.visibles.view) }
    }
    return result
  }
}

extension ParallelTempering {
  /// Takes note of the model's own chains in every one of so many rounds; and the swaps and round trips of these.
  public func record(
    _ observables: ChainObservables, along state: inout State, rounds: Int,
    afterRound: @escaping (_ done: Int) -> Void = { _ in }
  ) -> (record: ChainRecord, info: Info) {
    var record = ChainRecord(observables, chains: state.travels.chains), done = 0
    let before = state.travels.roundTrips
    let info = run(&state, rounds: rounds) { round in
      record.append(round.visibles.rows(round.rows(of: round.rungs - 1)), parallel: parallel)
      done += 1
      afterRound(done)
    }
    return (record, Info(acceptances: info.acceptances, roundTrips: info.roundTrips - before))
  }

  /// At least `count` samples of the model, all its chains once every `spacing` rounds; `[samples, visible]`.
  public func samples(_ count: Int, along state: inout State, spacing: Int) -> Matrix {
    let chains = state.travels.chains, rounds = max((count + chains - 1) / chains, 1)
    var result = Matrix(rows: rounds * chains, columns: model.visibleCount)
    for round in 0..<rounds {
      run(&state, rounds: spacing)
      let own = visibles(of: state)
      result.withMutableView { $0.rows(round * chains..<(round + 1) * chains).copy(own.view) }
    }
    return result
  }
}
