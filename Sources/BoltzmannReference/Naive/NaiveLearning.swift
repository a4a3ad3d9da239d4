internal import Foundation

extension NaiveRBM {
  /// One plain CD-1 step on a minibatch.
  /// - Parameter samples: the minibatch, `[sample · visible]`.
  public mutating func contrastiveDivergence(
    _ samples: [Float], order: NaiveLoopOrder, learningRate: Float, step: Int, random: ReferenceRandom
  ) {
    let dataHiddens = hiddenMeans(given: samples, order: order)
    let hiddens = drawHiddens(dataHiddens, step: step, random: random)
    let chains = drawVisibles(visibleMeans(given: hiddens, order: order), step: step, random: random)
    let phases = NaivePhases(
      data: samples, dataHiddens: dataHiddens, chains: chains,
      chainHiddens: hiddenMeans(given: chains, order: order))
    update(along: phases, order: order, rate: learningRate / Float(samples.count / visibleCount))
  }

  /// One plain PCD-1 step on a minibatch, with as many chains as samples.
  /// - Parameter chains: the visible states of the chains, `[chain · visible]`.
  public mutating func persistentContrastiveDivergence(
    _ samples: [Float], chains: inout [Float], order: NaiveLoopOrder, learningRate: Float, step: Int,
    random: ReferenceRandom
  ) {
    precondition(chains.count == samples.count, "the naive machine needs as many chains as samples")
    gibbsSteps(&chains, count: 1, order: order, firstStep: step, random: random)
    let phases = NaivePhases(
      data: samples, dataHiddens: hiddenMeans(given: samples, order: order), chains: chains,
      chainHiddens: hiddenMeans(given: chains, order: order))
    update(along: phases, order: order, rate: learningRate / Float(samples.count / visibleCount))
  }

  /// Moves chains by a number of Gibbs steps.
  /// - Parameter chains: the visible states of the chains, `[chain · visible]`.
  public func gibbsSteps(
    _ chains: inout [Float], count: Int, order: NaiveLoopOrder, firstStep: Int, random: ReferenceRandom
  ) {
    for step in firstStep..<firstStep + count {
      let hiddens = drawHiddens(hiddenMeans(given: chains, order: order), step: step, random: random)
      chains = drawVisibles(visibleMeans(given: hiddens, order: order), step: step, random: random)
    }
  }
}

// MARK: Update

extension NaiveRBM {
  private mutating func update(along phases: NaivePhases, order: NaiveLoopOrder, rate: Float) {
    order.loops.updateWeights(of: &self, along: phases, rate: rate)
    ascend(&visibleBias, plus: phases.data, minus: phases.chains, rate: rate)
    ascend(&hiddenBias, plus: phases.dataHiddens, minus: phases.chainHiddens, rate: rate)
  }

  private func ascend(_ bias: inout [Float], plus: [Float], minus: [Float], rate: Float) {
    var gradient = [Float](repeating: 0, count: bias.count)
    for s in 0..<plus.count / bias.count {
      for k in bias.indices {
        gradient[k] += plus[s * bias.count + k] - minus[s * bias.count + k]
      }
    }
    for k in bias.indices {
      bias[k] += rate * gradient[k]
    }
  }
}

// MARK: Means and draws

extension NaiveRBM {
  private func hiddenMeans(given visibles: [Float], order: NaiveLoopOrder) -> [Float] {
    order.loops.hiddenInputs(of: self, given: visibles).map(logistic)
  }

  private func visibleMeans(given hiddens: [Float], order: NaiveLoopOrder) -> [Float] {
    order.loops.visibleInputs(of: self, given: hiddens).map(logistic)
  }

  private func drawHiddens(_ means: [Float], step: Int, random: ReferenceRandom) -> [Float] {
    draw(means, unitCount: hiddenCount, step: step, stream: ReferenceRandom.Stream.hidden, random: random)
  }

  private func drawVisibles(_ means: [Float], step: Int, random: ReferenceRandom) -> [Float] {
    draw(means, unitCount: visibleCount, step: step, stream: ReferenceRandom.Stream.visible, random: random)
  }

  private func draw(
    _ means: [Float], unitCount: Int, step: Int, stream: Int, random: ReferenceRandom
  ) -> [Float] {
    var states = means
    for row in 0..<means.count / unitCount {
      for first in stride(from: 0, to: unitCount, by: 4) {
        let words = random.block(first / 4, row: row, step: step, stream: stream)
        for unit in first..<min(first + 4, unitCount) {
          let k = row * unitCount + unit
          states[k] = ReferenceRandom.isOn(words[unit - first], probability: Double(means[k])) ? 1 : 0
        }
      }
    }
    return states
  }
}

/// The logistic function in single precision.
private func logistic(_ x: Float) -> Float {
  1 / (1 + exp(-x))
}
