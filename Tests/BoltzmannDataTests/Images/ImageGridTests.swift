import BoltzmannData
import Testing

@Suite struct ImageGridTests {
  private func rows(_ image: GrayImage) -> [[UInt8]] {
    (0..<image.height).map { Array(image.pixels[$0 * image.width..<($0 + 1) * image.width]) }
  }

  @Test func tilesAndBorders() {
    var grid = ImageGrid(tileHeight: 1, tileWidth: 2, magnification: 1, columns: 2)
    grid.borderShade = 7
    let image = grid.image(of: [0, 1, 0.5, 2, -1, 0])
    #expect(
      rows(image) == [
        [7, 7, 7, 7, 7, 7, 7],
        [7, 0, 255, 7, 128, 255, 7],
        [7, 7, 7, 7, 7, 7, 7],
        [7, 0, 0, 7, 7, 7, 7],
        [7, 7, 7, 7, 7, 7, 7],
      ])
  }

  @Test func magnifiedTilesHaveBordersOfTwo() {
    var grid = ImageGrid(tileHeight: 1, tileWidth: 2, magnification: 2)
    grid.borderShade = 7
    let image = grid.image(of: [0, 1])
    #expect(image.width == 8 && image.height == 6)
    #expect(rows(image)[2] == [7, 7, 0, 0, 255, 255, 7, 7] && rows(image)[3] == rows(image)[2])
  }

  private func shades(_ values: [Float], _ scaling: ImageGrid.Scaling) -> [UInt8] {
    let grid = ImageGrid(tileHeight: 1, tileWidth: values.count, scaling: scaling, magnification: 1)
    return Array(rows(grid.image(of: values))[1].dropFirst().dropLast())
  }

  @Test func scalings() {
    #expect(shades([-1, 0, 0.5, 1], .range(-1...1)) == [0, 128, 191, 255])
    #expect(shades([2, 3, 4], .tileRange) == [0, 128, 255])
    #expect(shades([-1, 0, 3], .tileSymmetric) == [85, 128, 255])
    #expect(shades([-3, 0, 1], .tileSymmetric) == [0, 128, 170])
  }

  @Test func constantAndBrokenTilesDoNotTrap() {
    for scaling in [.tileRange, .tileSymmetric, .range(0...0)] as [ImageGrid.Scaling] {
      #expect(shades([0, 0], scaling) == [128, 128])
      _ = shades([.nan, .infinity, -.infinity, 1], scaling)
      _ = shades([.greatestFiniteMagnitude, -.greatestFiniteMagnitude], scaling)
    }
    #expect(shades([.nan, 1], .range(0...1)) == [0, 255])
  }

  @Test(arguments: [(8, 100), (28, 100), (28, 400), (1, 1), (200, 9)])
  func automaticLayoutIsSquareAndVisible(side: Int, count: Int) {
    let grid = ImageGrid(tileHeight: side, tileWidth: side)
    let image = grid.image(of: [Float](repeating: 0, count: count * side * side))
    #expect(image.width == image.height)
    // Small pictures are enlarged towards 600 pixels, by a factor of 10 at most.
    #expect(image.width >= min(300, side * 10))
    #expect(image.width <= max(640, 2 * Int(Double(count).squareRoot()) * (side + 1)))
  }

  @Test(arguments: [(784, 28, 28), (12, 3, 4), (7, 1, 7), (1, 1, 1), (2, 1, 2)])
  func tileShapes(width: Int, height: Int, across: Int) {
    let shape = ImageGrid.tileShape(forWidth: width)
    #expect(shape.height == height && shape.width == across)
  }
}
