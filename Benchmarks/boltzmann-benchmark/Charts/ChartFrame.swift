/// What every chart has: a card with a title, lines on the conditions, a legend and room for the plot.
struct ChartFrame {
  struct Mark {
    let name: String
    let colour: String
    var dashes: String?
  }

  static let width = 760.0
  let left: Double
  let right = ChartFrame.width - 28
  let top = 122.0
  let bottom: Double
  var svg: SVG

  /// - Parameter left: where the plot begins, right of the labels.
  init(title: String, subtitles: [String], left: Double, plotHeight: Double, legend: [Mark]) {
    self.left = left
    bottom = top + plotHeight
    svg = SVG(width: ChartFrame.width, height: bottom + 58, title: title)
    svg.text(title, at: .init(x: 24, y: 34), size: 17, colour: Colour.heading, isBold: true)
    for (line, subtitle) in subtitles.enumerated() {
      svg.text(subtitle, at: .init(x: 24, y: 54 + 17 * Double(line)), size: 11.5)
    }
    drawLegend(legend)
  }

  private mutating func drawLegend(_ marks: [Mark]) {
    for (index, mark) in marks.enumerated() {
      let x = 24 + 230 * Double(index)
      svg.line(
        from: .init(x: x, y: 96), to: .init(x: x + 24, y: 96), stroke: mark.colour, width: 3,
        dashes: mark.dashes)
      svg.text(mark.name, at: .init(x: x + 32, y: 100))
    }
  }

  /// Vertical grid lines with the ticks' labels below, and what they count.
  mutating func drawHorizontal(_ axis: Axis, title: String) {
    for tick in axis.ticks {
      let x = axis.position(tick)
      svg.line(from: .init(x: x, y: top), to: .init(x: x, y: bottom), stroke: Colour.grid)
      svg.text(Axis.label(tick), at: .init(x: x, y: bottom + 18), anchor: .middle)
    }
    svg.line(from: .init(x: left, y: bottom), to: .init(x: right, y: bottom), stroke: Colour.axis)
    svg.text(title, at: .init(x: (left + right) / 2, y: bottom + 42), anchor: .middle)
  }

  /// Horizontal grid lines with the ticks' labels to the left, and what they count.
  mutating func drawVertical(_ axis: Axis, title: String) {
    for tick in axis.ticks {
      let y = axis.position(tick)
      svg.line(from: .init(x: left, y: y), to: .init(x: right, y: y), stroke: Colour.grid)
      svg.text(Axis.label(tick), at: .init(x: left - 8, y: y + 4), anchor: .end)
    }
    svg.line(from: .init(x: left, y: top), to: .init(x: left, y: bottom), stroke: Colour.axis)
    svg.text(title, at: .init(x: 26, y: (top + bottom) / 2), anchor: .middle, isUpright: true)
  }
}
