import BoltzmannCompute
import BoltzmannRecommendation
import Testing

@Suite("Pairs seen without a rating")
struct SeenPairsTests {
  private static func decode(_ text: String) throws -> SeenPairs {
    try SeenPairs.decode(Array(text.utf8), path: "s")
  }

  private static func names(_ pairs: SeenPairs) -> [String] {
    (0..<pairs.count).map { "\(pairs.users[Int(pairs.userOf[$0])]) \(pairs.items[Int(pairs.itemOf[$0])])" }
  }

  @Test(
    "two fields are enough, others are passed over; header or not, columns in any order, BOM, CRLF",
    arguments: [
      "7\ta\n7\tb\nx 1\ta\n", "7::a::5::10\n7::b::4::11\nx 1::a::2::11", "7,a\r\n7,b\r\nx 1,a\r\n\r\n",
      "userId,movieId\n7,a\n7,b\nx 1,a\n", "\u{FEFF}when;item;user\n10;a;7\nlate;b;7\n12;a;x 1\n",
      "u,i,rating\n7,a,5\n7,b,1\nx 1,a,2\n", "\"7\", \"a\" ,good\n7,b,bad\n\"x 1\",a,\n",
    ])
  func forms(text: String) throws { #expect(try Self.names(Self.decode(text)) == ["7 a", "7 b", "x 1 a"]) }

  @Test("single letters are no header, and a pair that comes again counts once")
  func others() throws {
    #expect(try Self.names(Self.decode("u,i\n")) == ["u i"])
    #expect(try Self.names(Self.decode("user1,item7\n")) == ["user1 item7"])
    #expect(
      try Self.names(Self.decode("user1\titem7\t4\nuser1\titem8\t2\n")) == ["user1 item7", "user1 item8"])
    let twice = try Self.decode("user,item\n1,2\n1,3\n1,2\n")
    #expect(Self.names(twice) == ["1 3", "1 2"])
    #expect(twice.notes == ["1 pairs of user and item that come again (the first: lines 2 and 4) count once"])
  }

  @Test(
    "what is wrong is said with its line",
    arguments: [
      ("", "s: no pairs in the file"), ("user,item\n", "s: no pairs in the file"),
      ("1,2\n1\n", "s: line 2: expected 2 fields or more separated by commas, found 1"),
      ("1,2\n,2\n", "s: line 2, column 1: the user is missing"),
      ("item,user\n,2\n", "s: line 2, column 1: the item is missing"),
      ("1,2\n\n1,3\n", "s: line 2: the line is blank"),
    ])
  func problems(text: String, message: String) {
    #expect {
      try Self.decode(text)
    } throws: { error in
      "\(error)" == message
    }
  }

  /// Users of two tastes, who watch what they like and rate only some of it: what they have watched tells their taste.
  struct Example {
    let ratings: RatingTable
    let seen: SeenPairs
    let training: TrainingPairs
    let recommender: Recommender

    init() throws {
      let random = RandomStream(seed: 60, purpose: .test)
      var rated: [String] = [], met: [String] = []
      for user in 0..<80 {
        let u = random.uniforms(row: UInt64(user), count: 90)
        for item in 0..<30 {
          let isLiked = user % 2 == item % 2
          guard u[3 * item] < (isLiked ? 0.8 : 0.2) else { continue }
          if u[3 * item + 1] < 0.4 {
            rated.append("u\(user),i\(item),\((isLiked ? 4 : 1) + (u[3 * item + 2] < 0.5 ? 1 : 0))")
          } else {
            met.append("u\(user),i\(item)")
          }
        }
      }
      met.append("u0,unrated")
      met.append("nobody,i1")
      ratings = try RatingTable.decode(Array(rated.joined(separator: "\n").utf8), path: "r")
      seen = try SeenPairsTests.decode(met.joined(separator: "\n"))
      training = try TrainingPairs(seen, of: ratings)
      recommender = try Example.trained(training)
    }

    /// Both machines, with D.
    private static func trained(_ training: TrainingPairs) throws -> Recommender {
      let scale = RatingPredictorTests.scale
      var recommender = try Recommender(training.table, scale: scale)
      var shape = RatingRBM.Shape(), settings = RatingSettings()
      (shape.hidden, shape.isConditional) = (8, true)
      (settings.epochs, settings.batchSize, settings.learningRate) = (40, 10, 0.02)
      let lists = try training.table.lists(on: scale)
      let seen = try training.pairs.lists(users: recommender.users, items: recommender.items)
      func train(_ lists: RatingLists, _ seen: RatingLists) throws -> RatingRBM {
        var trainer = try RatingTrainer(
          model: RatingRBM.initialized(lists, shape: shape, seed: 61), lists: lists, seen: seen,
          settings: settings)
        while !trainer.isFinished { try trainer.step(parallel: Parallel(threads: 1)) }
        return trainer.model
      }
      recommender.userModel = try train(lists, seen)
      recommender.itemModel = try train(lists.transposed(), seen.transposed())
      return recommender
    }

    /// What a file of ratings and one of pairs let be predicted.
    func predictor(_ ratings: RatingTable, _ seen: SeenPairs?) throws -> RatingPredictor {
      RatingPredictor(recommender, known: try KnownRatings(ratings, seen: seen, for: recommender))
    }
  }

  static let example = Result { try Example() }

  @Test("items seen only are sites, users who rated nothing are none; both are counted")
  func training() throws {
    let example = try Self.example.get()
    #expect(example.recommender.items.number(of: "unrated") != nil)
    #expect(example.recommender.users.number(of: "nobody") == nil)
    #expect(
      example.training.notes == [
        "\(example.seen.count) pairs seen: 1 by users who rated nothing, 1 items that nobody rated"
      ])
    let everybody = try example.training.everybody()
    #expect(everybody.caseCount == example.recommender.users.count + 1)
    #expect(everybody.count == example.ratings.count + example.seen.count)
  }

  @Test("a new user who has rated nothing is known by what was seen")
  func newUser() throws {
    let example = try Self.example.get()
    let seen = try Self.decode((0..<8).map { "new,i\(2 * $0)" }.joined(separator: "\n") + "\nnew,unheard\n")
    let predictor = try example.predictor(example.ratings, seen)
    #expect(predictor.known.newUsers == 1 && predictor.known.unknownItemPairs == 1)
    let liked = predictor.predict(user: "new", item: "i20")
    let disliked = predictor.predict(user: "new", item: "i21")
    #expect(liked.source == .user && liked.expected > disliked.expected + 0.5)
    // What moved it: each of them, as it is without it.
    let reasons = predictor.influences(user: "new", item: "i20", count: 10)
    #expect(reasons.count == 8 && reasons.allSatisfy { $0.value == nil })
    let first = try #require(reasons.first), name = example.recommender.items[first.item]
    let others = try Self.decode(
      (0..<8).map { "i\(2 * $0)" }.filter { $0 != name }.map { "new,\($0)" }.joined(separator: "\n"))
    let without = try example.predictor(example.ratings, others).predict(user: "new", item: "i20")
    // Sums of 8 rows of Float numbers below 1, in another order, and their softmax.
    #expect(abs(first.effect - (liked.expected - without.expected)) <= 1e-5)
    var plain = example.recommender
    plain.userModel?.conditional = nil
    let known = try KnownRatings(example.ratings, seen: seen, for: plain)
    #expect(RatingPredictor(plain, known: known).predict(user: "new", item: "i20").source == .bias)
  }

  @Test("to be asked of a pair that was seen tells no more than to be asked, and a rating says all")
  func asked() throws {
    let example = try Self.example.get()
    let predictor = try example.predictor(example.ratings, example.seen)
    for place in stride(from: 0, to: 60, by: 7) {
      let user = example.seen.users[Int(example.seen.userOf[place])]
      let item = example.seen.items[Int(example.seen.itemOf[place])]
      var others = example.seen
      others.userOf.remove(at: place)
      others.itemOf.remove(at: place)
      let without = try example.predictor(example.ratings, others).predict(user: user, item: item)
      let with = predictor.predict(user: user, item: item)
      #expect(abs(with.expected - without.expected) <= 1e-5 && with.source == without.source)
    }
    let rated = try Self.decode(
      (0..<60).map { place in
        let user = example.ratings.users[Int(example.ratings.userOf[place])]
        return "\(user),\(example.ratings.items[Int(example.ratings.itemOf[place])])"
      }.joined(separator: "\n"))
    let twice = try example.predictor(example.ratings, rated),
      once = try example.predictor(example.ratings, nil)
    #expect(twice.known.ratedPairs == 60)
    for user in ["u0", "u1"] {
      for item in 0..<30 {
        #expect(twice.predict(user: user, item: "i\(item)") == once.predict(user: user, item: "i\(item)"))
      }
    }
  }

  @Test("what is known of names and numbers alike makes a fingerprint")
  func fingerprints() throws {
    let texts = ["0,t1\n1,t2", "0,t5\n1,t6", "0,t1\n2,t2", "0,t1\n1,t1", "0,t1\n1,t2\n1,t1"]
    #expect(try Set(texts.map { try Self.decode($0).fingerprint }).count == texts.count)
    let ratings = ["0,t1,3\n1,t2,4", "0,t1,4\n1,t2,3", "0,t3,3\n1,t2,4"].map { Array($0.utf8) }
    #expect(try Set(ratings.map { try RatingTable.decode($0, path: "r").fingerprint }).count == 3)
  }

  @Test("a user of whom nothing is known counts as such, whatever file has the name")
  func unknownUsers() throws {
    let example = try Self.example.get()
    var test = example.ratings.selecting([0, 1])
    test.users = try #require(NameList(["new", "newer"]))
    (test.userOf, test.values) = ([0, 1], [4, 4])
    let seen = try Self.decode("new,i2\nnewer,i3\nnewer,unheard")
    #expect(try example.predictor(example.ratings, seen).score(test).unknownUsers == 0)
    #expect(try example.predictor(example.ratings, nil).score(test).unknownUsers == 2)
    var byItem = example.recommender
    byItem.userModel = nil
    let known = try KnownRatings(example.ratings, seen: seen, for: byItem)
    #expect(try RatingPredictor(byItem, known: known).score(test).unknownUsers == 2)
    let item = RatingPredictor(
      byItem, known: try KnownRatings(example.ratings, seen: example.seen, for: byItem))
    #expect(item.predict(user: "u1", item: "unrated").source == .item && item.isKnown(user: "u1"))
    #expect(RatingPredictor(byItem, known: known).predict(user: "u1", item: "unrated").source == .bias)
  }

  @Test("pairs seen are in no list and not relevant, but they are predicted")
  func lists() throws {
    let example = try Self.example.get()
    let predictor = try example.predictor(example.ratings, example.seen)
    let list = predictor.top(user: "u3", count: 100, ranking: .expected).map {
      "u3 \(example.recommender.items[$0.item])"
    }
    #expect(!list.isEmpty && Set(list).isDisjoint(with: Self.names(example.seen)))
    var test = example.ratings.selecting([0, 1, 2])
    test.userOf = Array(example.seen.userOf[..<3])
    test.itemOf = Array(example.seen.itemOf[..<3])
    (test.users, test.items, test.values) = (example.seen.users, example.seen.items, [5, 5, 5])
    let score = try predictor.score(test)
    #expect(score.ratings == 3 && score.alsoSeen == 3 && score.alsoKnown == 0 && score.ranking == nil)
    let open = try example.predictor(example.ratings, nil).score(test)
    #expect(open.alsoSeen == 0 && open.ranking != nil)
  }
}
