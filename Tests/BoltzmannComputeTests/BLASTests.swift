import BoltzmannCompute
import Foundation
import Testing

/// OpenBLAS's own settings, looked up by name in this process, where it is linked dynamically.
private enum ThreadSetting {
  static func symbol(_ name: String) -> UnsafeMutableRawPointer? { dlsym(dlopen(nil, RTLD_NOW), name) }

  static var canBeChanged: Bool {
    symbol("openblas_set_num_threads") != nil && symbol("openblas_get_num_threads") != nil
  }

  static func set(_ count: Int32) {
    guard let symbol = symbol("openblas_set_num_threads") else { return }
    unsafeBitCast(symbol, to: (@convention(c) (Int32) -> Void).self)(count)
  }

  static var count: Int32 {
    guard let symbol = symbol("openblas_get_num_threads") else { return -1 }
    return unsafeBitCast(symbol, to: (@convention(c) () -> Int32).self)()
  }
}

@Suite struct BLASTests {
  @Test func describesItself() {
    #expect(BLAS.description.hasPrefix("OpenBLAS "))
  }

  // The number of threads belongs to the whole process: it is changed in one of its own.
  @Test(.enabled(if: ThreadSetting.canBeChanged))
  func everyProductGoesBackToOneThread() async {
    await #expect(processExitsWith: .success) {
      let a = Matrix.filled(rows: 2, columns: 2, 1)
      var product = a
      ThreadSetting.set(2)
      #expect(ThreadSetting.count == 2)
      product.withMutableView { $0.multiply(a.view, a.view) }
      #expect(ThreadSetting.count == 1)
      ThreadSetting.set(2)
      _ = a.view.times([1, 1])
      #expect(ThreadSetting.count == 1)
      ThreadSetting.set(2)
      _ = a.view.transposedTimes([1, 1])
      #expect(ThreadSetting.count == 1)
    }
  }
}
