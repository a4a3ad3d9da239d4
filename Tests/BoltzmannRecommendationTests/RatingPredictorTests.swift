import BoltzmannCompute
import BoltzmannRecommendation
import Foundation
import Testing

@Suite("Predictions from known ratings")
struct RatingPredictorTests {
  /// Every user has one of two tastes; an item is good for one of them: like = 5 − or 4, dislike = 1 or 2.
  static func table(users: Int = 60, items: Int = 30, density: Double = 0.5) throws -> RatingTable {
    let random = RandomStream(seed: 50, purpose: .test)
    var lines: [String] = []
    for user in 0..<users {
      let u = random.uniforms(row: UInt64(user), count: 2 * items)
      for item in 0..<items where u[2 * item] < density {
        let isLiked = user % 2 == item % 2
        lines.append("u\(user),i\(item),\(isLiked ? 4 : 1)")
        if u[2 * item + 1] < 0.5 { lines[lines.count - 1] = "u\(user),i\(item),\(isLiked ? 5 : 2)" }
      }
    }
    return try RatingTable.decode(Array(lines.joined(separator: "\n").utf8), path: "r")
  }

  static let scale = RatingScale("1...5")!

  /// Both machines, trained on a table.
  static func trained(_ table: RatingTable) throws -> Recommender {
    var recommender = try Recommender(table, scale: scale), shape = RatingRBM.Shape()
    shape.hidden = 8
    var settings = RatingSettings()
    (settings.epochs, settings.batchSize, settings.learningRate) = (40, 10, 0.02)
    let lists = try table.lists(on: scale)
    func train(_ lists: RatingLists) throws -> RatingRBM {
      var trainer = try RatingTrainer(
        model: RatingRBM.initialized(lists, shape: shape, seed: 51), lists: lists, settings: settings)
      while !trainer.isFinished { try trainer.step(parallel: Parallel(threads: 1)) }
      return trainer.model
    }
    recommender.userModel = try train(lists)
    recommender.itemModel = try train(lists.transposed())
    return recommender
  }

  /// Trained on four of five ratings, asked for the rest.
  struct Example {
    let train, test: RatingTable
    let recommender: Recommender
    let predictor: RatingPredictor

    init() throws {
      let table = try RatingPredictorTests.table()
      let parts = try RatingSplit.holdOut(0.2).parts(of: table, seed: 52)
      train = table.selecting(parts.indices.filter { parts[$0] == 0 })
      test = table.selecting(parts.indices.filter { parts[$0] == 1 })
      recommender = try RatingPredictorTests.trained(train)
      predictor = RatingPredictor(recommender, known: try KnownRatings(train, for: recommender))
    }
  }

  static let example = Result { try Example() }

  @Test("learn what there is to learn: tastes, not the coin between 4 and 5")
  func learns() throws {
    let example = try Self.example.get(), score = try example.predictor.score(example.test)
    // The best that can be known leaves a coin of ½ on either side: 0.5; the items' means leave 1.6.
    #expect(score.ratings == example.test.count && score.rmse < 0.75 && score.mae < score.rmse)
    #expect(score.logLikelihood > -1.1 && score.logLikelihood < -log(2.0))
    #expect(score.alsoKnown == 0 && score.unknownItems == 0 && score.unknownUsers == 0)
  }

  @Test("a rating is never an input of its own prediction: the planted leak changes nothing")
  func leak() throws {
    let example = try Self.example.get(), all = try Self.table()
    // Everything that is to be predicted is handed over as known.
    let leaking = RatingPredictor(example.recommender, known: try KnownRatings(all, for: example.recommender))
    let score = try leaking.score(example.test)
    #expect(score.alsoKnown == example.test.count)
    for place in 0..<40 {
      let user = example.test.users[Int(example.test.userOf[place])]
      let item = example.test.items[Int(example.test.itemOf[place])]
      let others = all.selecting(
        (0..<all.count).filter {
          all.users[Int(all.userOf[$0])] != user || all.items[Int(all.itemOf[$0])] != item
        })
      let honest = RatingPredictor(
        example.recommender, known: try KnownRatings(others, for: example.recommender))
      #expect(leaking.predict(user: user, item: item) == honest.predict(user: user, item: item))
    }
  }

  @Test("what a rating is has no effect on its own prediction")
  func blind() throws {
    let example = try Self.example.get()
    var turned = example.train
    turned.values = turned.values.map { 6 - $0 }
    for place in [0, 17, 101] {
      var changed = example.train
      changed.values[place] = turned.values[place]
      let predictor = RatingPredictor(
        example.recommender, known: try KnownRatings(changed, for: example.recommender))
      let user = changed.users[Int(changed.userOf[place])], item = changed.items[Int(changed.itemOf[place])]
      #expect(predictor.predict(user: user, item: item) == example.predictor.predict(user: user, item: item))
    }
  }

  @Test("lists never show what is known, are sorted, and put the user's taste first")
  func top() throws {
    let example = try Self.example.get(), known = example.predictor.known
    for user in ["u0", "u1", "u7"] {
      let list = example.predictor.top(user: user, count: 100, ranking: .expected)
      let number = try #require(known.users.number(of: user))
      let rated = Set(
        (0..<example.train.count).filter { example.train.userOf[$0] == UInt32(number) }
          .map { Int(example.train.itemOf[$0]) })
      #expect(list.count == 30 - rated.count && list.allSatisfy { !rated.contains($0.item) })
      #expect(zip(list, list.dropFirst()).allSatisfy { $0.score >= $1.score })
      let isEven = Int(user.dropFirst())! % 2 == 0
      let first = try #require(list.first), name = example.recommender.items[first.item]
      #expect((Int(name.dropFirst())! % 2 == 0) == isEven)
      let short = example.predictor.top(user: user, count: 3, ranking: .expected)
      #expect(short.map(\.item) == list.prefix(3).map(\.item))
    }
  }

  @Test("a new user is known by the ratings, without training")
  func newUser() throws {
    let example = try Self.example.get()
    let text = "new,i0,5\nnew,i2,5\nnew,i4,4\nnew,i1,1\nnew,i3,1\nnew,i5,2\nnew,i6,5\nnew,unheard,3\n"
    let table = try RatingTable.decode(Array(text.utf8), path: "r")
    let known = try KnownRatings(table, for: example.recommender)
    #expect(known.newUsers == 1 && known.unknownItemRatings == 1)
    let predictor = RatingPredictor(example.recommender, known: known)
    let liked = predictor.predict(user: "new", item: "i8"),
      disliked = predictor.predict(user: "new", item: "i9")
    #expect(liked.expected > 3.5 && disliked.expected < 2.5 && liked.source == .user && liked.mode >= 4)
    let reasons = predictor.influences(user: "new", item: "i8", count: 3)
    #expect(
      reasons.count == 3 && zip(reasons, reasons.dropFirst()).allSatisfy { abs($0.effect) >= abs($1.effect) })
    for reason in reasons {
      let item = example.recommender.items[reason.item]
      let others = table.selecting((0..<table.count).filter { table.items[Int(table.itemOf[$0])] != item })
      let without = RatingPredictor(
        example.recommender, known: try KnownRatings(others, for: example.recommender))
      #expect(reason.effect == liked.expected - without.predict(user: "new", item: "i8").expected)
    }
  }

  @Test("the implicit machine is one step of mean field from what a user has, and decides what comes first")
  func implicit() throws {
    let example = try Self.example.get(), items = example.recommender.items.count
    let random = RandomStream(seed: 53, purpose: .test)
    let numbers = random.normals(row: 0, count: 5 * items + 4).map { Float($0) }
    let machine = ImplicitRBM(
      weights: Matrix(rows: items, columns: 4, values: Array(numbers.prefix(4 * items))),
      visibleBias: Array(numbers[4 * items..<5 * items]), hiddenBias: Array(numbers[(5 * items)...]))
    let has = [0, 3, 4]
    let means = (0..<4).map { j -> Double in
      let input = has.reduce(Double(machine.hiddenBias[j])) { $0 + Double(machine.weights[$1, j]) }
      return 1 / (1 + exp(-input))
    }
    let probabilities = machine.probabilities(given: has)
    for item in 0..<items {
      let input = (0..<4).reduce(Double(machine.visibleBias[item])) {
        $0 + Double(machine.weights[item, $1]) * means[$1]
      }
      // Sums of four terms below 4 in Float, twice.
      #expect(abs(probabilities[item] - 1 / (1 + exp(-input))) <= 100 * 0x1p-24)
    }
    var recommender = example.recommender
    recommender.implicitModel = machine
    let predictor = RatingPredictor(recommender, known: example.predictor.known)
    let list = predictor.top(user: "u1", count: 30)
    #expect(zip(list, list.dropFirst()).allSatisfy { $0.score >= $1.score })
    #expect(list.map(\.item) != example.predictor.top(user: "u1", count: 30).map(\.item))
    let number = try #require(predictor.known.users.number(of: "u1"))
    let own = (0..<example.train.count).filter { example.train.userOf[$0] == UInt32(number) }
      .map { Int(example.train.itemOf[$0]) }
    let law = machine.probabilities(given: own.sorted())
    let byRated = predictor.top(user: "u1", count: 30, ranking: .rated)
    #expect(byRated.allSatisfy { $0.score == law[$0.item] } && byRated.map(\.item) != list.map(\.item))
  }

  @Test("where nothing is known, biases and shares answer")
  func unknown() throws {
    let example = try Self.example.get()
    let nobody = example.predictor.predict(user: "nobody", item: "i3")
    #expect(nobody.source == .bias && abs(nobody.probabilities.reduce(0, +) - 1) < 1e-12)
    let nothing = example.predictor.predict(user: "u0", item: "unheard")
    #expect(nothing.source == .shares && nothing.probabilities == example.recommender.levelShares)
    #expect(example.predictor.influences(user: "u0", item: "unheard", count: 3).isEmpty)
  }

  @Test("a file gives back the same recommender, and the same bytes")
  func file() throws {
    let example = try Self.example.get()
    var recommender = example.recommender
    recommender.implicitModel = ImplicitRBM(
      weights: Matrix(rows: 30, columns: 2) { Float($0) - Float($1) },
      visibleBias: [Float](repeating: 0.5, count: 30), hiddenBias: [1, 2])
    let path = NSTemporaryDirectory() + "boltzmann-\(UUID().uuidString).safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try recommender.write(to: path)
    var again = try Recommender.read(path)
    // Shares are Float in files.
    #expect(zip(again.levelShares, recommender.levelShares).allSatisfy { abs($0 - $1) <= 0x1p-24 })
    again.levelShares = recommender.levelShares
    #expect(again == recommender)
  }
}
