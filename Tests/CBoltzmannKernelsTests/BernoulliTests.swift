import CBoltzmannKernels
import Testing

/// One block of draws: three rows of units with numbers of their own.
private struct Block {
  static let random = boltzmann_random(seed: 42, step: 9 << 32 | 1, stream: 1, first_unit: 0)
  static let rowIDs: [UInt64] = [5, 1 << 33 | 2, 0]

  let inputs: PaddedRows
  let bias: [Float]
  let beta: Float = 0.8

  init(columns: Int, scale: Float = 6) {
    inputs = PaddedRows(rows: 3, columns: columns, padding: 3, seed: 9, scale: scale)
    bias = testNumbers(columns, seed: 10)
  }

  /// The states that the rule gives for some means.
  static func states(of means: PaddedRows) -> [Float] {
    (0..<means.rows).flatMap { row in
      (0..<means.columns).map { unit in
        let word = boltzmann_random_word_reference(random, rowIDs[row], UInt64(unit))
        return boltzmann_bernoulli_reference(means[row, unit], word)
      }
    }
  }

  func empty(padding: Int) -> PaddedRows {
    PaddedRows(rows: 3, columns: inputs.columns, padding: padding, seed: 0, scale: 0)
  }

  /// The means that the logistic kernel gives.
  func means(_ set: InstructionSet) -> PaddedRows {
    var out = empty(padding: 0)
    set.kernels.logistic(
      inputs.floats, inputs.stride, bias, beta, &out.floats, out.stride, 3, inputs.columns)
    return out
  }
}

@Suite struct BernoulliSampleTests {
  @Test(arguments: InstructionSet.available, 1...70)
  func statesFollowTheRuleOnTheKernelsOwnMeans(_ set: InstructionSet, _ columns: Int) {
    let block = Block(columns: columns)
    var (means, states) = (block.empty(padding: 4), block.empty(padding: 5))
    let on = set.kernels.bernoulli_sample(
      block.inputs.floats, block.inputs.stride, block.bias, block.beta, &means.floats, means.stride,
      &states.floats, states.stride, 3, columns, Block.random, Block.rowIDs)
    #expect(means.values == block.means(set).values)
    #expect(states.values == Block.states(of: means))
    #expect(on == states.values.count { $0 == 1 })
    #expect(means.isMarginIntact && states.isMarginIntact)
  }

  @Test(arguments: InstructionSet.available, 1...70)
  func meansMayBeLeftOut(_ set: InstructionSet, _ columns: Int) {
    let block = Block(columns: columns)
    var states = block.empty(padding: 1)
    let on = set.kernels.bernoulli_sample(
      block.inputs.floats, block.inputs.stride, block.bias, block.beta, nil, 0, &states.floats,
      states.stride, 3, columns, Block.random, Block.rowIDs)
    #expect(states.values == Block.states(of: block.means(set)))
    #expect(on == states.values.count { $0 == 1 })
    #expect(states.isMarginIntact)
  }

  @Test(arguments: InstructionSet.available, 1...70)
  func meansMayReplaceTheInputs(_ set: InstructionSet, _ columns: Int) {
    let block = Block(columns: columns)
    var (inOut, states) = (block.inputs, block.empty(padding: 2))
    let on = inOut.floats.withUnsafeMutableBufferPointer { floats in
      set.kernels.bernoulli_sample(
        floats.baseAddress!, inOut.stride, block.bias, block.beta, floats.baseAddress!, inOut.stride,
        &states.floats, states.stride, 3, columns, Block.random, Block.rowIDs)
    }
    #expect(inOut.values == block.means(set).values)
    #expect(states.values == Block.states(of: inOut))
    #expect(on == states.values.count { $0 == 1 })
    #expect(inOut.isMarginIntact && states.isMarginIntact)
  }

  @Test(arguments: InstructionSet.available, 1...70)
  func statesMayReplaceTheInputs(_ set: InstructionSet, _ columns: Int) {
    let block = Block(columns: columns)
    var (inOut, means) = (block.inputs, block.empty(padding: 2))
    let on = inOut.floats.withUnsafeMutableBufferPointer { floats in
      set.kernels.bernoulli_sample(
        floats.baseAddress!, inOut.stride, block.bias, block.beta, &means.floats, means.stride,
        floats.baseAddress!, inOut.stride, 3, columns, Block.random, Block.rowIDs)
    }
    #expect(means.values == block.means(set).values)
    #expect(inOut.values == Block.states(of: means))
    #expect(on == inOut.values.count { $0 == 1 })
    #expect(inOut.isMarginIntact && means.isMarginIntact)
  }

  /// Certain units are always on or off, and an input that is not a number leaves its unit off.
  @Test(arguments: InstructionSet.available, [1, 31, 32, 33, 65])
  func extremeInputs(_ set: InstructionSet, _ columns: Int) {
    let cases = [(.infinity, 1), (200, 1), (-200, 0), (-.infinity, 0), (.nan, 0)] as [(Float, Float)]
    for (input, state) in cases {
      var block = Block(columns: columns).inputs
      for unit in 0..<columns { block[1, unit] = input }
      var states = block
      let bias = [Float](repeating: 0, count: columns)
      _ = set.kernels.bernoulli_sample(
        block.floats, block.stride, bias, 1, nil, 0, &states.floats, states.stride, 3, columns,
        Block.random, Block.rowIDs)
      #expect((0..<columns).allSatisfy { states[1, $0] == state }, "input \(input)")
    }
  }

  @Test(arguments: InstructionSet.available)
  func noRowsNoStates(_ set: InstructionSet) {
    var state: Float = -1
    let on = set.kernels.bernoulli_sample([0], 16, [0], 1, nil, 0, &state, 16, 0, 1, Block.random, [])
    #expect(on == 0 && state == -1)
  }
}

@Suite struct BernoulliDrawTests {
  /// No chance, certainty, and beyond; 2⁻³² is the smallest mean that can switch a unit on.
  static let means: [Float] = [
    0, -0.0, 1, Float(1).nextDown, Float(1).nextUp, 2, 1e30, .infinity, 0.5, 0.25, 0x1p-32,
    Float(0x1p-32).nextDown, 0x1p-31, 1e-20, .leastNormalMagnitude, .leastNonzeroMagnitude, .nan, -0.25,
    -1, -1e10, -.infinity,
  ]

  @Test(arguments: InstructionSet.available, 1...70)
  func statesFollowTheRule(_ set: InstructionSet, _ columns: Int) {
    var means = PaddedRows(rows: 3, columns: columns, padding: 3, seed: 12)
    for (row, unit) in (0..<3).flatMap({ row in (0..<columns).map { (row, $0) } }) {
      means[row, unit] = Self.means[(7 * row + unit) % Self.means.count]
    }
    check(set, means)
  }

  /// Means next to the words that they are compared with: on and off change at the right place.
  @Test(arguments: InstructionSet.available, [1, 31, 32, 33, 70])
  func thresholdsAreExact(_ set: InstructionSet, _ columns: Int) {
    for offset in -2...2 {
      var means = PaddedRows(rows: 3, columns: columns, padding: 3, seed: 13)
      for (row, unit) in (0..<3).flatMap({ row in (0..<columns).map { (row, $0) } }) {
        let word = boltzmann_random_word_reference(Block.random, Block.rowIDs[row], UInt64(unit))
        means[row, unit] = value(at: place(of: Float(word) * 0x1p-32) + offset)
      }
      check(set, means)
    }
  }

  /// Into rows of their own, and over the means.
  private func check(_ set: InstructionSet, _ means: PaddedRows) {
    let expected = Block.states(of: means)
    var states = PaddedRows(rows: 3, columns: means.columns, padding: 2, seed: 14)
    set.kernels.bernoulli_draw(
      means.floats, means.stride, &states.floats, states.stride, 3, means.columns, Block.random,
      Block.rowIDs)
    #expect(states.values == expected)
    #expect(states.isMarginIntact)

    var inPlace = means
    inPlace.floats.withUnsafeMutableBufferPointer {
      set.kernels.bernoulli_draw(
        $0.baseAddress!, means.stride, $0.baseAddress!, means.stride, 3, means.columns, Block.random,
        Block.rowIDs)
    }
    #expect(inPlace.values == expected)
    #expect(inPlace.isMarginIntact)
  }

  @Test func theRuleItself() {
    #expect(boltzmann_bernoulli_reference(0.5, 0x7FFF_FFFF) == 1)
    #expect(boltzmann_bernoulli_reference(0.5, 0x8000_0000) == 0)
    #expect(boltzmann_bernoulli_reference(1, .max) == 1)
    #expect(boltzmann_bernoulli_reference(Float(1).nextDown, .max) == 0)
    #expect(boltzmann_bernoulli_reference(0x1p-32, 0) == 1)
    #expect(boltzmann_bernoulli_reference(0x1p-33, 0) == 0)
    for off in [0, -0.0, -1, -.infinity, .nan] as [Float] {
      #expect(boltzmann_bernoulli_reference(off, 0) == 0)
    }
  }
}
