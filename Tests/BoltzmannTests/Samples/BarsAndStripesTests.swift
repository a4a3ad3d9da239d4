import Boltzmann
import BoltzmannCompute
import Testing

@Suite("Bars and stripes")
struct BarsAndStripesTests {
  @Test("are whole rows, then whole columns; the empty and the full image twice", arguments: [2, 3, 4])
  func images(_ side: Int) {
    let samples = BitSamples.barsAndStripes(side: side), images = samples.matrix(0..<samples.count)
    #expect(samples.count == 2 << side && samples.width == side * side)
    var counts: [[Float]: Int] = [:]
    for row in 0..<images.rows {
      let image = images.view.rows(row..<row + 1).values, isOfRows = row < 1 << side
      counts[image, default: 0] += 1
      for pixel in image.indices {
        let line = isOfRows ? pixel / side * side : pixel % side
        #expect(image[pixel] == image[line])
      }
    }
    #expect(counts.count == (2 << side) - 2)
    #expect(counts[[Float](repeating: 0, count: side * side)] == 2)
    #expect(counts[[Float](repeating: 1, count: side * side)] == 2)
  }
}
