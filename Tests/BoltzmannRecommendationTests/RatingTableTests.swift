import BoltzmannData
import BoltzmannRecommendation
import Testing

@Suite("Files of ratings")
struct RatingTableTests {
  private static func decode(_ text: String, scale: RatingScale? = nil) throws -> RatingTable {
    try RatingTable.decode(Array(text.utf8), path: "r", scale: scale)
  }

  /// Ratings as text, whatever their numbers.
  private static func lines(_ table: RatingTable) -> [String] {
    (0..<table.count).map { place in
      let time = table.times.isEmpty ? "" : " \(Int(table.times[place]))"
      return "\(table.users[Int(table.userOf[place])]) \(table.items[Int(table.itemOf[place])]) "
        + "\(table.values[place])\(time)"
    }
  }

  static let expected = ["7 a 4.0 10", "7 b 3.5 11", "x 1 a 5.0 12"]

  @Test(
    "tabs, ::, commas, semicolons; header or not; columns in any order; BOM; CRLF; blank lines at the end; quotes",
    arguments: [
      "7\ta\t4\t10\n7\tb\t3.5\t11\nx 1\ta\t5\t12\n", "7::a::4::10\n7::b::3.5::11\nx 1::a::5::12",
      "7,a,4,10\r\n7,b,3.5,11\r\nx 1,a,5,12\r\n\r\n", "7;a;4;10\n7;b;3.5;11\nx 1;a;5;12\n\n\n",
      "userId,movieId,rating,timestamp\n7,a,4.0,10\n7,b,3.5,11\nx 1,a,5.0,12\n",
      "\u{FEFF}timestamp,rating,item_id,user_id\n10,4,a,7\n11,3.5,b,7\n12,5,a,x 1\n",
      "user_id:token\titem_id:token\trating:float\ttimestamp:float\n7\ta\t4\t10\n7\tb\t3.5\t11\nx 1\ta\t5\t12\n",
      "\"7\", \"a\" ,4,10\n7,b, 3.5 ,11\n\"x 1\",a,5,12\n",
    ])
  func forms(text: String) throws { #expect(try Self.lines(Self.decode(text)) == Self.expected) }

  @Test("spaces separate, too; three columns are enough; days are times; ids are text")
  func others() throws {
    #expect(try Self.lines(Self.decode("u1  i1 3\nu2 i1  4\n")) == ["u1 i1 3.0", "u2 i1 4.0"])
    #expect(try Self.decode("a,b,1,2005-09-06\n").times == [20_050_906])
    #expect(try Self.decode("07,1,1\n7,1,2\n-7,1,3\n").users.names == ["07", "7", "-7"])
    let table = try Self.decode("Ä,日本,1\n99999999999999999999,日本,2\n")
    #expect(table.users.names == ["Ä", "99999999999999999999"] && table.items.names == ["日本"])
  }

  @Test(
    "what is wrong is said with its line",
    arguments: [
      ("", "r: no ratings in the file"), ("\n", "r: no ratings in the file"),
      ("user,item,rating\n", "r: no ratings in the file"),
      ("1,2,3\n1,3\n", "r: line 2: expected 3 fields or more separated by commas, found 2"),
      ("1,2,3\n1\t3\t4\n", "r: line 2: expected 3 fields or more separated by commas, found 1"),
      ("1\t2\t3\t4\n1\t3\t4\n", "r: line 2: expected 4 fields or more separated by tabs, found 3"),
      ("1,2\n", "r: line 1: expected 3 fields or more separated by commas, found 2"),
      ("1,2,3\n1,3,good\n", "r: line 2, column 3: 'good' is no rating"),
      ("1,2,3\n1,3,nan\n", "r: line 2, column 3: 'nan' is no rating"),
      ("1,2,3\n1,3,\n", "r: line 2, column 3: '' is no rating"),
      ("a,b,c\n", "r: line 1, column 3: 'c' is no rating, and no header that names user, item and rating"),
      ("1,2,3\n,3,4\n", "r: line 2, column 1: the user is missing"),
      ("1,2,3\n1,,4\n", "r: line 2, column 2: the item is missing"),
      ("1,2,3,4\n1,3,4,noon\n", "r: line 2, column 4: 'noon' is no time"),
      ("rating,user,item\n3,1,2\n6,1,3\n", "r: line 3, column 1: '6' is not on the scale 1...5"),
      ("1,2,3\n\n1,3,4\n", "r: line 2: the line is blank"),
    ])
  func refusals(text: String, message: String) {
    #expect {
      _ = try Self.decode(text, scale: RatingScale("1...5"))
    } throws: { "\($0)" == message }
  }

  @Test("of two ratings of a pair the later counts, and that is said")
  func repetitions() throws {
    let table = try Self.decode("user,item,rating\n1,2,3\n1,3,4\n1,2,5\n2,2,1\n1,2,4\n")
    #expect(Self.lines(table) == ["1 3 4.0", "2 2 1.0", "1 2 4.0"])
    #expect(table.notes.count == 1 && table.notes[0].hasPrefix("2 ratings of a user and item"))
    #expect(table.notes[0].hasSuffix("(the first: lines 2 and 4)"))
    let timed = try Self.decode("1,2,3,9\n1,2,5,8\n")
    #expect(Self.lines(timed) == ["1 2 3.0 9"])
  }

  @Test("the scale follows from the data, gaps filled where they are few")
  func scales() throws {
    func scale(_ values: [String]) throws -> String {
      try Self.decode(values.enumerated().map { "\($0.offset),1,\($0.element)\n" }.joined()).scale()
        .description
    }
    #expect(try scale(["1", "5", "3", "2"]) == "1...5")
    #expect(try scale(["0.5", "4", "3.5", "2", "1"]) == "0.5,1,1.5,2,2.5,3,3.5,4")
    #expect(try scale(["0", "1"]) == "0,1" && scale(["1", "10", "100"]) == "1,10,100")
    #expect(throws: DataError.self) { try scale(["3", "3"]) }
    #expect(throws: DataError.self) { try scale((0..<300).map { "\($0)" }) }
  }

  @Test("what is written reads as the same")
  func roundTrip() throws {
    let table = try Self.decode("7,a,4,10\n7,b,3.5,11\nx,a,5,12.5\n")
    let again = try RatingTable.decode(table.text, path: "r")
    #expect(again.users == table.users && again.items == table.items && again.values == table.values)
    #expect(again.times == table.times && again.itemOf == table.itemOf)
  }
}
