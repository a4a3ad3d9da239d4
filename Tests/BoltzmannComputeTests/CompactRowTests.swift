import BoltzmannCompute
import Testing

@Suite struct CompactRowTests {
  @Test(arguments: [1, 8, 9, 31])
  func bitsFromAByteOn(_ columns: Int) {
    let bytes: [UInt8] = [0xFF, 0b1010_0110, 0x0F, 0xF1, 0x80]
    var matrix = Matrix.filled(rows: 3, columns: columns, -1)
    matrix.withMutableView { $0.expandBits(bytes, from: 1, row: 1) }
    #expect(
      matrix
        == Matrix(rows: 3, columns: columns) { row, column in
          row != 1 ? -1 : bytes[1 + column / 8] & 1 << (column % 8) == 0 ? 0 : 1
        })
  }

  @Test func bytesAreScaled() {
    let bytes: [UInt8] = [9, 0, 1, 128, 255]
    var matrix = Matrix.filled(rows: 2, columns: 3, -1)
    matrix.withMutableView { $0.expandBytes(bytes, from: 2, scale: 0.5, row: 0) }
    #expect(matrix.values == [0.5, 64, 127.5, -1, -1, -1])
  }

  @Test func floatsAreCopied() {
    var matrix = Matrix.filled(rows: 2, columns: 2, -1)
    matrix.withMutableView { $0.copyRow([1, 2, 3, 4], from: 1, row: 1) }
    #expect(matrix.values == [-1, -1, 2, 3])
  }

  @Test func theLastRowMayEndWithTheData() {
    var matrix = Matrix(rows: 1, columns: 8)
    matrix.withMutableView { $0.expandBits([0, 0xFF], from: 1, row: 0) }
    #expect(matrix.values == [Float](repeating: 1, count: 8))
    matrix.withMutableView { $0.expandBytes([UInt8](repeating: 3, count: 8), from: 0, scale: 1, row: 0) }
    #expect(matrix.values == [Float](repeating: 3, count: 8))
  }
}
