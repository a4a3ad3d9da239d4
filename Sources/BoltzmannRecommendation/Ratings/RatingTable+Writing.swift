extension RatingTable {
  /// `user item rating [time]`, separated by tabs, as a reader of such files takes them.
  public var text: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(24 * count)
    for place in 0..<count {
      var line = "\(users[Int(userOf[place])])\t\(items[Int(itemOf[place])])\t\(written(values[place]))"
      if !times.isEmpty { line += "\t\(written(times[place]))" }
      bytes += Array(line.utf8) + [UInt8(ascii: "\n")]
    }
    return bytes
  }
}

private func written(_ time: Double) -> String {
  time == time.rounded() && abs(time) < 1e15 ? "\(Int(time))" : "\(time)"
}
