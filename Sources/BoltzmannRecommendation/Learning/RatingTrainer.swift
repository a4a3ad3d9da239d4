internal import Boltzmann
public import BoltzmannCompute

/// A training of a rating machine: the machine, its optimiser, and how far it has come.
///
/// A value: a copy goes on by itself. One `step` is one minibatch of cases. With the same ratings, settings and first
/// machine the bits of every machine on the way are the same, whatever the number of threads.
public struct RatingTrainer: Sendable {
  public internal(set) var model: RatingRBM
  public let settings: RatingSettings
  /// The ratings that are learned from.
  public let lists: RatingLists
  /// What cases are known to have rated, with a rating or without; nil where the machine has no D to make use of it.
  private let met: RatingLists?
  var order: MinibatchOrder
  private var chains: RatingChains
  var descent: RatingDescent
  /// Where persistent chains stand, a row for each rating; nil for contrastive divergence.
  var states: [UInt32]?
  /// Gibbs steps that had random numbers so far.
  var gibbsSteps: UInt64 = 0

  /// `seen`: sites that cases are known to have rated without the rating being known, lists of one level. Sites
  /// that are also in `lists` count once. Only a conditional machine makes use of them.
  ///
  /// Throws `SettingsError` where settings, ratings and machine do not go together.
  public init(
    model: RatingRBM, lists: RatingLists, seen: RatingLists? = nil, settings: RatingSettings
  ) throws {
    guard lists.siteCount == model.siteCount && lists.levelCount == model.levelCount else {
      throw SettingsError(
        message: "the ratings have \(lists.siteCount) sites of \(lists.levelCount) levels, the machine "
          + "\(model.siteCount) of \(model.levelCount)")
    }
    if let seen {
      guard seen.levelCount == 1, seen.siteCount == lists.siteCount, seen.caseCount == lists.caseCount else {
        throw SettingsError(message: "what is seen must be lists of one level, of the cases and sites rated")
      }
    }
    // Cases without ratings say nothing.
    let used = (0..<lists.caseCount).filter { lists.count(of: $0) > 0 }
    try settings.validate(cases: used.count)
    self.model = model
    self.settings = settings
    self.lists = lists
    order = MinibatchOrder(
      of: used, batchSize: min(settings.batchSize, used.count), shuffles: settings.shuffles,
      seed: settings.seed)
    chains = RatingChains(model, batchSize: min(settings.batchSize, used.count))
    met = model.conditional == nil ? nil : lists.met(also: seen)
    descent = RatingDescent(model, lists: lists, met: met, cases: used, settings: settings)
    states = settings.method == .persistent ? lists.rows : nil
  }

  /// Epochs done.
  public var epoch: Int { order.epoch }
  /// Minibatches done in this epoch.
  public var minibatch: Int { order.minibatch }
  public var minibatchesPerEpoch: Int { order.minibatchesPerEpoch }
  public var isFinished: Bool { epoch >= settings.epochs }

  /// The learning rate of the next minibatch.
  public var learningRate: Double {
    settings.learningRate * settings.schedule.factor(progress: order.progress, epochs: settings.epochs)
  }

  /// What a person wants to see of an update.
  public struct Info: Sendable {
    /// Ratings of the minibatch.
    public let ratings: Int
    /// How many of them the last Gibbs step drew otherwise than they were.
    public let changes: Int
    public let learningRate: Double
    /// Whether it was the last minibatch of the epoch.
    public let endsEpoch: Bool
  }

  /// Learns from the next minibatch.
  ///
  /// Throws `TrainingDiverged` where a parameter is no finite number any more; the trainer is then of no use.
  @discardableResult
  public mutating func step(parallel: Parallel = .all) throws -> Info {
    let rate = learningRate, epoch = order.epoch, indices = order.indices
    let steps = settings.steps.value(epoch: epoch)
    let changes = chains.run(
      model, lists: lists, met: met, indices: indices, start: states, steps: steps, seed: settings.seed,
      firstStep: gibbsSteps, parallel: parallel)
    gibbsSteps += UInt64(steps)
    keepStates(indices)
    let squaredStep = descent.update(
      &model, chains: chains, rate: Float(rate), momentum: Float(settings.momentum.value(epoch: epoch)),
      l2: Float(settings.l2), parallel: parallel)
    guard squaredStep.isFinite else {
      throw TrainingDiverged(epoch: epoch + 1, minibatch: order.minibatch + 1, learningRate: rate)
    }
    let info = Info(
      ratings: chains.count, changes: changes, learningRate: rate, endsEpoch: order.endsEpoch)
    order.advance()
    return info
  }

  private mutating func keepStates(_ indices: ArraySlice<Int>) {
    guard states != nil else { return }
    for (r, number) in indices.enumerated() {
      let ended = chains.model.numbers(in: chains.data.range(r))
      states?.replaceSubrange(lists.places(of: number), with: ended)
    }
  }
}
