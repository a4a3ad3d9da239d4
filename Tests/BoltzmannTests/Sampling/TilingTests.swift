import Boltzmann
import BoltzmannCompute
import BoltzmannTestSupport
import Testing

/// Few rows of many units are cut into windows of units, as many as the workers need: the bits must not know.
@Suite("Tiles")
struct TilingTests {
  static let model = MachinePair.normal(
    visible: 300, hidden: 270, weightDeviation: 0.2, biasDeviation: 1, seed: 400
  ).engine
  static let samples = BitSamples(randomStates(60, width: 300, mean: 0.2, seed: 401))

  @Test("as many as the workers need, of 128 units at least")
  func counts() {
    let mnist = RBM.initialized(dataMeans: [Float](repeating: 0.5, count: 784), hidden: 500, seed: 0)
    func tiles(_ rows: Int, _ threads: Int) -> [Int] {
      let tiles = mnist.tiles(rows: rows, threads: threads)
      return [tiles.visible, tiles.hidden]
    }
    #expect(tiles(100, 1) == [2, 2])
    #expect(tiles(100, 2) == [2, 2])
    #expect(tiles(100, 4) == [4, 4])
    #expect(tiles(100, 16) == [14, 8])
    #expect(tiles(10, 2) == [2, 2])
    #expect(tiles(350, 64) == [49, 28])
    // From eight blocks on, rows are enough.
    #expect(tiles(400, 64) == [8, 8])
    #expect(tiles(60_000, 64) == [1_200, 1_200])
  }

  @Test(
    "a training's bits do not depend on the tiles", arguments: ["cd", "pcd"],
    [ProductChoice.adaptive, .dense])
  func training(_ method: String, _ products: ProductChoice) throws {
    var settings = TrainingSettings()
    (settings.method, settings.batchSize, settings.epochs, settings.seed) = (method, 60, 1, 402)
    for steps in [1, 3] {
      settings.steps = StepSchedule(steps)
      let snapshots = try [1, 2, 3, 8].map { threads in
        var model = Self.model
        model.products = products
        var trainer = try Trainer(model: model, samples: Self.samples, settings: settings)
        for _ in 0..<3 where !trainer.isFinished {
          try trainer.step(samples: Self.samples, parallel: Parallel(threads: threads))
        }
        return Snapshot(trainer).bits
      }
      #expect(snapshots.allSatisfy { $0 == snapshots[0] })
    }
  }

  @Test("nor do those of chains", arguments: [ProductChoice.adaptive, .dense])
  func chains(_ products: ProductChoice) {
    var model = Self.model
    model.products = products
    let ends = [1, 3, 8].map { threads in
      let sampler = BlockGibbs(model: model, seed: 403, parallel: Parallel(threads: threads))
      var state = sampler.initialState(chains: 60)
      let info = sampler.run(&state, steps: 20)
      return state.visibles.values + info.visibleMeans.values
    }
    #expect(ends.allSatisfy { $0 == ends[0] })
  }
}

/// Shapes at the edge of what there is.
@Suite("Odd shapes")
struct OddShapeTests {
  static func train(_ states: [[Double]], hidden: Int, method: String) throws -> Trainer {
    var settings = TrainingSettings()
    (settings.method, settings.batchSize, settings.epochs, settings.seed) = (
      method, min(3, states.count), 2, 404
    )
    let samples = BitSamples(states)
    let model = RBM.initialized(dataMeans: samples.means(), hidden: hidden, seed: 404)
    var trainer = try Trainer(model: model, samples: samples, settings: settings)
    while !trainer.isFinished { try trainer.step(samples: samples, parallel: Parallel(threads: 3)) }
    return trainer
  }

  @Test("rows of zeros, rows of ones, one row, one column, one hidden unit", arguments: ["cd", "pcd"])
  func fewOrUniform(_ method: String) throws {
    func rows(_ count: Int, _ width: Int, _ value: Double) -> [[Double]] {
      [[Double]](repeating: [Double](repeating: value, count: width), count: count)
    }
    for states in [rows(7, 130, 0), rows(7, 130, 1), rows(1, 40, 1), rows(7, 1, 1), rows(1, 1, 0)] {
      for hidden in [1, 17, 130] {
        #expect(Snapshot(try Self.train(states, hidden: hidden, method: method)).isFinite)
      }
    }
  }

  /// Sixteen bits would not count these columns. The last unit is always on and must be seen: its weights move.
  @Test("more than 65,535 columns", arguments: ["cd", "pcd"])
  func wide(_ method: String) throws {
    let width = 70_001
    let sparse = (0..<5).map { sample in
      (0..<width).map { $0 == width - 1 || $0 % 97 == sample ? 1.0 : 0.0 }
    }
    let trainer = try Self.train(sparse, hidden: 5, method: method)
    #expect(Snapshot(trainer).isFinite)
    let first = RBM.initialized(dataMeans: BitSamples(sparse).means(), hidden: 5, seed: 404)
    for unit in [0, 65_536, width - 1] {
      let row = trainer.model.weights.view.rows(unit..<(unit + 1)).values
      #expect(row != first.weights.view.rows(unit..<(unit + 1)).values)
    }
  }
}
