/// Lines over a swept value, both axes logarithmic.
struct LineChart {
  struct Series {
    let mark: ChartFrame.Mark
    let points: [(x: Double, y: Double)]
  }

  let title: String
  let subtitles: [String]
  let horizontal: String
  let vertical: String
  let series: [Series]

  var svg: SVG {
    var frame = ChartFrame(
      title: title, subtitles: subtitles, left: 84, plotHeight: 300, legend: series.map(\.mark))
    let points = series.flatMap(\.points)
    let x = Axis(
      logarithmic: points.map(\.x), ticks: series.first?.points.map(\.x),
      pixels: (frame.left, frame.right))
    let y = Axis(logarithmic: points.map(\.y), pixels: (frame.bottom, frame.top))
    frame.drawHorizontal(x, title: horizontal)
    frame.drawVertical(y, title: vertical)
    for line in series { frame.draw(line, x, y) }
    return frame.svg
  }
}

extension ChartFrame {
  fileprivate mutating func draw(_ series: LineChart.Series, _ x: Axis, _ y: Axis) {
    let places = series.points.map { SVG.Point(x: x.position($0.x), y: y.position($0.y)) }
    svg.path(places, stroke: series.mark.colour, width: 2.5, dashes: series.mark.dashes)
    for place in places { svg.dot(at: place, radius: 3.5, fill: series.mark.colour) }
  }
}
