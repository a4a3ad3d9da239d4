import BoltzmannData
import Testing

@Suite struct ScatterPlotTests {
  private func points(_ places: [SIMD2<Double>], radius: Int = 0, shade: UInt8 = 0) -> ScatterPlot.Points {
    ScatterPlot.Points(places, shade: shade, radius: radius)
  }

  private func dark(_ image: GrayImage) -> [[Int]] {
    image.pixels.indices.filter { image.pixels[$0] < 255 }.map { [$0 % image.width, $0 / image.width] }
  }

  /// Half of 0.9·40 pixels to either side of the middle, 20; upwards is up.
  @Test func corners() {
    let image = ScatterPlot(side: 40).image(of: [points([[0, 0], [2, 1]])])
    #expect(image.width == 40 && image.height == 40)
    #expect(dark(image) == [[38, 11], [2, 29]])
  }

  @Test func laterSetsLieAbove() {
    let image = ScatterPlot(side: 9).image(of: [
      points([[0, 0]], radius: 1, shade: 200), points([[0, 0]], shade: 10),
    ])
    #expect(dark(image).count == 9 && image.pixels[4 * 9 + 4] == 10)
  }

  @Test func nothingToDraw() {
    #expect(dark(ScatterPlot(side: 5).image(of: [])).isEmpty)
    let image = ScatterPlot(side: 5).image(of: [points([[.nan, 1], [.infinity, 0], [3, 3]])])
    #expect(dark(image) == [[2, 2]])
    let huge = ScatterPlot(side: 5).image(of: [points([[-1e308, 0], [1e308, 0]], radius: 2)])
    #expect(dark(huge).count == 25)
  }
}
