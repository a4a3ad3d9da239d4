import Boltzmann
import BoltzmannCompute
import Foundation

@main struct Smoke {
  static func main() throws {
    var patterns: [[Float]] = []
    for rows in [true, false] {
      for bits in 0..<16 {
        patterns.append((0..<16).map { Float((bits >> (rows ? $0 / 4 : $0 % 4)) & 1) })
      }
    }
    let data = FloatSamples(Matrix(rows: 32, columns: 16) { patterns[$0][$1] })
    for (method, hidden) in [("cd", 32), ("exact", 8)] {
      var total = 0.0
      let seeds = method == "cd" ? 10 : 1
      for seed in 0..<seeds {
        var settings = TrainingSettings()
        settings.method = method
        settings.epochs = method == "cd" ? 1000 : 3000
        settings.batchSize = 32
        settings.learningRate = method == "cd" ? 0.1 : 0.3
        settings.momentum = StepSchedule(0.0)
        settings.l2 = 0
        settings.isCentered = method != "cd"
        settings.seed = UInt64(seed)
        let start = RBM(visibleBias: [Float](repeating: 0, count: 16), hiddenBias: [Float](repeating: 0, count: hidden),
          weights: WeightInitialization.uniform(bound: 0.1)(visible: 16, hidden: hidden, seed: UInt64(seed)))
        var trainer = try Trainer(model: start, samples: data, settings: settings)
        while !trainer.isFinished { try trainer.step(samples: data) }
        let f = trainer.model.freeEnergies(of: data)
        let visibleSide = try Enumeration(of: trainer.model, over: .visible).logPartition()
        let nll = f.reduce(0, +) + 32 * visibleSide
        total += nll
        if hidden == 8 { print(try trainer.model.exactLogPartition(), visibleSide)
          let ais = AnnealedImportanceSampling(model: trainer.model, reference: [Float](repeating: 0, count: 16), schedule: .linear(1000), seed: 1)
          print(ais.estimate(chains: 100)) }
      }
      print(method, total / Double(seeds))
    }
    // speed
    let model = RBM.initialized(dataMeans: [Float](repeating: 0.13, count: 784), hidden: 500, seed: 1)
    let stream = RandomStream(seed: 1, purpose: .test)
    let samples = BitSamples(count: 10000, width: 784) { s, v in stream.words(row: UInt64(s), count: 1)[0] % 8 == UInt32(v % 8) }
    var settings = TrainingSettings(); settings.epochs = 5
    for threads in [1, 2] {
    var trainer = try Trainer(model: model, samples: samples, settings: settings)
    let begin = Date()
    let p = Parallel(threads: threads)
    let before = MatrixAllocations.count
    while !trainer.isFinished { try trainer.step(samples: samples, parallel: p) }
    print("CD-1 s/epoch of 60000:", Date().timeIntervalSince(begin) / 5 * 6, MatrixAllocations.count - before)
    }
    let v = MutableMatrixView(rows: 50, columns: 784), w = model.weights.view, h = MutableMatrixView(rows: 50, columns: 500)
    let begin = Date()
    for _ in 0..<2000 { h.multiply(v.view, w); v.multiply(h.view, w.transposed); h.multiply(v.view, w)
       }
    print("3 sgemm of 50 rows, GFLOP/s:", 2000 * 3 * 2 * 50 * 784 * 500 / Date().timeIntervalSince(begin) / 1e9)
  }
}
