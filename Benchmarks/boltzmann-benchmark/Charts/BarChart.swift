/// Horizontal bars in groups, each with its value, and a line at the value they are measured against.
struct BarChart {
  struct Bar {
    let value: Double
    let colour: String
  }

  struct Group {
    let name: String
    let bars: [Bar]
  }

  let title: String
  let subtitles: [String]
  let horizontal: String
  let groups: [Group]
  let legend: [ChartFrame.Mark]
  /// Where the line stands.
  let reference: ChartFrame.Mark
  let referenceValue: Double

  private static let barHeight = 15.0
  private static let groupHeight = 46.0

  var svg: SVG {
    var frame = ChartFrame(
      title: title, subtitles: subtitles, left: 140, plotHeight: BarChart.groupHeight * Double(groups.count),
      legend: legend + [reference])
    let largest = groups.flatMap(\.bars).map(\.value).max() ?? 0
    // Room for the value at the end of the longest bar.
    let axis = Axis(linearTo: max(largest, referenceValue), pixels: (frame.left, frame.right - 24))
    frame.drawHorizontal(axis, title: horizontal)
    for (bar, y) in bars(of: frame) {
      frame.svg.rectangle(
        at: .init(x: frame.left, y: y), width: axis.position(bar.value) - frame.left,
        height: BarChart.barHeight, fill: bar.colour, radius: 2)
    }
    frame.drawUpright(at: axis.position(referenceValue), reference)
    for (bar, y) in bars(of: frame) {
      frame.svg.text(
        fixed(bar.value, 2), at: .init(x: axis.position(bar.value) + 6, y: y + 12), isBold: true,
        hasRim: true)
    }
    for (index, group) in groups.enumerated() {
      frame.svg.text(
        group.name, at: .init(x: frame.left - 12, y: middle(index, frame) + 4), size: 13, anchor: .end)
    }
    return frame.svg
  }

  private func middle(_ group: Int, _ frame: ChartFrame) -> Double {
    frame.top + (Double(group) + 0.5) * BarChart.groupHeight
  }

  /// Every bar and its upper edge.
  private func bars(of frame: ChartFrame) -> [(Bar, y: Double)] {
    groups.enumerated().flatMap { index, group in
      group.bars.enumerated().map { place, bar in
        let fromMiddle = (Double(place) - Double(group.bars.count) / 2) * (BarChart.barHeight + 2)
        return (bar, middle(index, frame) + fromMiddle + 1)
      }
    }
  }
}

extension ChartFrame {
  fileprivate mutating func drawUpright(at x: Double, _ mark: Mark) {
    svg.line(
      from: .init(x: x, y: top), to: .init(x: x, y: bottom), stroke: mark.colour, width: 2,
      dashes: mark.dashes)
  }
}
