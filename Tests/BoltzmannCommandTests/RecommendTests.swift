import BoltzmannData
import Foundation
import Testing

/// `boltzmann recommend` on forty people of two tastes and twenty things.
@Suite struct RecommendTests {
  private static func ratings(separator: String = "\t") -> String {
    (0..<40).flatMap { user in
      (0..<20).filter { (7 * user + 3 * $0) % 5 < 3 }.map { item in
        let value = user % 2 == item % 2 ? 4 + (user + item) / 2 % 2 : 1 + (user * item) % 2
        return ["p\(user)", "t\(item)", "\(value)", "\(1000 + 20 * user + item)"].joined(separator: separator)
      }
    }.joined(separator: "\n") + "\n"
  }

  private func run(_ arguments: [String], in scratch: Scratch) throws -> Tool.Outcome {
    let outcome = try Tool.run(["recommend"] + arguments, folder: scratch.root)
    #expect(outcome.status == 0, "\(outcome.error)")
    return outcome
  }

  private func json(_ arguments: [String], in scratch: Scratch) throws -> JSONValue {
    try JSONValue.parse(Array(run(arguments + ["--json"], in: scratch).output.utf8), path: "output")
  }

  private static let train = [
    "train", "--ratings", "parts/train.tsv", "--hidden", "8", "--epochs", "20", "--batch-size", "8",
    "--learning-rate", "0.04", "--output",
  ]
  private static let model = ["run/model.safetensors", "--train", "parts/train.tsv"]

  /// A folder with ratings in two parts and both machines.
  private func trained() throws -> Scratch {
    let scratch = try Scratch()
    try scratch.write("u.data", Self.ratings())
    let split = try run(["split", "--ratings", "u.data", "--output", "parts"], in: scratch)
    #expect(split.outputLines == ["parts/train.tsv\t384", "parts/test.tsv\t96"])
    let training = try run(Self.train + ["run"], in: scratch)
    #expect(training.outputLines.count == 41 && training.outputLines[0].hasPrefix("machine epoch"))
    #expect(training.error.hasSuffix("run/model.safetensors: 2 machines, 40 users, 20 items\n"))
    return scratch
  }

  @Test func evaluate() throws {
    let scratch = try trained()
    let score = try json(["evaluate"] + Self.model + ["--ratings", "parts/test.tsv"], in: scratch)
    #expect(score["ratings"]?.integer == 96 && score["also_known"]?.integer == 0)
    // Tastes are known, the coin between neighbouring stars is not: ½; by the items' means it is 1.6.
    #expect(try #require(score["rmse"]?.double) < 0.9)
    for key in ["mae", "log_likelihood", "ndcg", "precision", "recall", "coverage"] {
      #expect(score[key]?.double != nil)
    }
    let table = try run(
      ["evaluate"] + Self.model + ["--ratings", "parts/test.tsv", "--count", "5"], in: scratch)
    #expect(table.output.contains("RMSE") && table.output.contains("nDCG@5"))
    // The leak: what is to be predicted is handed over as known.
    let leak = try run(
      ["evaluate", "run/model.safetensors", "--train", "u.data", "--ratings", "parts/test.tsv", "--json"],
      in: scratch)
    #expect(leak.error.hasPrefix("note: 96 ratings are in both files"))
  }

  @Test func predict() throws {
    let scratch = try trained()
    let prediction = try json(
      ["predict"] + Self.model + ["--user", "p0", "--item", "t2", "--explain", "2"], in: scratch)
    #expect(try #require(prediction["expected"]?.double) > 3 && prediction["source"]?.string == "both")
    #expect(prediction["probabilities"]?.array?.count == 5 && prediction["because"]?.array?.count == 2)
    let stranger = try run(["predict"] + Self.model + ["--user", "me", "--item", "t2"], in: scratch)
    #expect(stranger.error == "note: nothing is known of user me: predicted by the item's bias\n")
    #expect(stranger.output.contains("source         bias"))
  }

  @Test func top() throws {
    let scratch = try trained(), known = try scratch.text("parts/train.tsv")
    let list = try #require(
      try json(
        ["top"] + Self.model + ["--user", "p3", "--count", "4", "--rank-by", "expected"], in: scratch)[
          "items"]?.array)
    #expect(list.count == 4)
    for entry in list { #expect(!known.contains("p3\t\(entry["item"]!.string!)\t")) }
    let text = try run(
      ["top"] + Self.model + ["--user", "p3", "--count", "2", "--explain", "1"], in: scratch)
    #expect(text.outputLines.count == 4 && text.outputLines[0].hasPrefix("1\tt"))
  }

  @Test(arguments: [
    [], ["--method", "pcd", "--steps", "1,2@2"], ["--implicit"],
    ["--hidden-kind", "gaussian", "--learning-rate", "0.0005"],
    ["--conditional", "--factors", "3", "--orientation", "user", "--schedule", "constant"],
  ])
  func theSameBitsOnAnyNumberOfThreads(options: [String]) throws {
    let scratch = try Scratch()
    try scratch.write("r.csv", "user,item,rating,time\n" + Self.ratings(separator: ","))
    let files = try ["1", "2", "3"].map { threads in
      _ = try run(
        [
          "train", "--ratings", "r.csv", "--hidden", "9", "--epochs", "3", "--threads", threads, "--output",
          threads,
        ]
          + options, in: scratch)
      return try scratch.bytes("\(threads)/model.safetensors")
    }
    #expect(files[0] == files[1] && files[0] == files[2])
  }

  @Test func seen() throws {
    let scratch = try trained()
    // Of the test file only who met what is read.
    let training = try run(
      Self.train + ["known", "--conditional", "--implicit", "--seen", "parts/test.tsv"], in: scratch)
    #expect(training.error.contains("note: 96 pairs seen\n"))
    let model = ["known/model.safetensors", "--train", "parts/train.tsv", "--seen", "parts/test.tsv"]
    let info = try scratch.json(["info", "known/model.safetensors"]).0
    #expect(info["model"]?.string == "rating-rbm" && info["ratings"]?.integer == 384)
    #expect(info["user"]?["conditional"] == .bool(true) && info["implicit"]?.integer == 8)
    let score = try json(["evaluate"] + model + ["--ratings", "parts/test.tsv"], in: scratch)
    #expect(score["also_seen"]?.integer == 96 && score["also_known"]?.integer == 0)
    #expect(score["rmse"]?.double != nil && score["ndcg"] == .null)
    try scratch.write("new.txt", "user item\nme t2\nme t4\nme t6\nme unheard\n")
    let me = ["known/model.safetensors", "--train", "parts/train.tsv", "--seen", "new.txt", "--user", "me"]
    let prediction = try run(["predict"] + me + ["--item", "t8", "--explain", "3"], in: scratch)
    #expect(prediction.output.contains("source         user") && prediction.output.contains("  seen: t4\n"))
    #expect(prediction.error.contains("note: 1 pairs seen of items that were not trained on say nothing"))
    let list = try #require(try json(["top"] + me + ["--count", "20"], in: scratch)["items"]?.array)
    #expect(list.count == 17 && list.allSatisfy { !["t2", "t4", "t6"].contains($0["item"]?.string) })
    let plain = try run(
      ["predict"] + Self.model + ["--seen", "new.txt", "--user", "me", "--item", "t8"], in: scratch)
    #expect(plain.error.contains("no machine here is conditional") && plain.output.contains("bias"))
    try Tool.run(["recommend"] + Self.train + ["no", "--seen", "new.txt"], folder: scratch.root)
      .expectUsageError("--seen goes with --conditional or --implicit")
    try scratch.write("bad.txt", "me,t2\nme\n")
    try Tool.run(
      ["recommend"] + Self.train + ["no", "--conditional", "--seen", "bad.txt"], folder: scratch.root
    ).expectFailure(65, ["bad.txt: line 2: expected 2 fields or more"])
    #expect(!scratch.exists("no"))
  }

  @Test func folds() throws {
    let scratch = try Scratch()
    try scratch.write("u.data", Self.ratings(separator: "::"))
    let outcome = try run(["split", "--ratings", "u.data", "--folds", "4", "--output", "f"], in: scratch)
    #expect(outcome.outputLines.count == 8)
    #expect(try scratch.names("f").count == 8)
    let lines = try (1...4).flatMap { try scratch.text("f/test-\($0).tsv").split(separator: "\n") }
    let all = Self.ratings().split(separator: "\n")
    #expect(lines.sorted() == all.sorted())
  }

  @Test func problems() throws {
    let scratch = try Scratch()
    try scratch.write("bad.csv", "user,item,rating\n1,2,3\n1,4,good\n")
    try scratch.write("off.csv", "1,2,3\n1,4,7\n")
    try scratch.write("r.csv", Self.ratings(separator: ","))
    func fails(_ arguments: [String], _ status: Int32, _ parts: String...) throws {
      try Tool.run(["recommend"] + arguments, folder: scratch.root).expectFailure(status, parts)
    }
    try fails(
      ["train", "--ratings", "bad.csv", "--output", "new"], 65,
      "bad.csv: line 3, column 3: 'good' is no rating")
    try fails(
      ["train", "--ratings", "off.csv", "--scale", "1...5", "--output", "new"], 65,
      "off.csv: line 2, column 3: '7' is not on the scale 1...5")
    try fails(["train", "--ratings", "none", "--output", "new"], 66, "none: ")
    try fails(
      ["split", "--ratings", "r.csv", "--folds", "1", "--output", "new"], 64, "cannot be parted into 1 folds")
    try fails(
      ["split", "--ratings", "r.csv", "--hold-out", "2", "--output", "new"], 64, "leaves one part empty")
    #expect(!scratch.exists("new"))
    try scratch.write("rbm.safetensors", TinyMachine().bytes)
    try fails(
      ["evaluate", "rbm.safetensors", "--train", "r.csv", "--ratings", "r.csv"], 65,
      "model \"rbm\" is unknown here, expected \"rating-rbm\"")
    try fails(["train", "--ratings", "r.csv", "--output", "bad.csv"], 73, "bad.csv: exists and is no folder")
    try fails(
      ["train", "--ratings", "r.csv", "--learning-rate", "1e30", "--quiet", "--json", "--output", "run"], 75,
      "diverged")
    for (options, message) in [
      (["--hidden", "0"], "there must be at least 1 hidden unit"),
      (["--hidden", "9223372036854775807"], "GB of memory"),
      (["--epochs", "0"], "epochs must be at least 1"),
      (["--momentum", "1"], "momentum must lie in [0, 1)"),
      (["--balance", "2"], "the balance must lie in [0, 1]"),
      (["--scale", "1"], "'1' is invalid"), (["--hidden-kind", "spin"], "'spin' is invalid"),
    ] {
      try Tool.run(
        ["recommend", "train", "--quiet", "--ratings", "r.csv", "--output", "run"] + options,
        folder: scratch.root
      )
      .expectUsageError(message)
    }
  }

  @Test func aModelThatIsThereStays() throws {
    let scratch = try Scratch()
    try scratch.write("r.csv", Self.ratings(separator: ","))
    let arguments = ["train", "--ratings", "r.csv", "--hidden", "2", "--epochs", "1", "--output", "run"]
    _ = try run(arguments, in: scratch)
    try Tool.run(["recommend"] + arguments, folder: scratch.root).expectFailure(
      73, ["exists (--overwrite replaces it)"])
    _ = try run(arguments + ["--overwrite"], in: scratch)
  }
}
