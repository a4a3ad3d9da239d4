/// A table in Markdown that can also be read as it is: the first columns to the left, numbers to the right.
struct Table {
  let headings: [String]
  let textColumns: Int
  var rows: [[String]] = []

  var description: String {
    let widths = headings.indices.map { column in
      ([headings] + rows).map { $0[column].count }.max() ?? 0
    }
    let rule = widths.indices.map { column in
      let dashes = String(repeating: "-", count: max(widths[column], 2) - 1)
      return column < textColumns ? dashes + "-" : dashes + ":"
    }
    return ([headings, rule] + rows).map { line($0, widths) }.joined(separator: "\n")
  }

  private func line(_ cells: [String], _ widths: [Int]) -> String {
    let padded = cells.indices.map { column in
      let space = String(repeating: " ", count: max(0, widths[column] - cells[column].count))
      return column < textColumns ? cells[column] + space : space + cells[column]
    }
    return "| " + padded.joined(separator: " | ") + " |"
  }
}
