internal import CBoltzmannOpenBLAS

/// The process-wide settings of OpenBLAS.
///
/// The threads are ours (`Parallel`): OpenBLAS runs each product on the thread that asks for it. With two
/// BLAS threads the order of sums, and so the bits of a model, would depend on the machine.
public enum BLAS {
  /// Sets one thread where a caller or another library set more.
  static func ensureSingleThread() {
    if openblas_get_num_threads() != 1 { openblas_set_num_threads(1) }
  }

  /// For example `OpenBLAS 0.3.21, Cooperlake`.
  public static var description: String {
    let configuration = String(cString: openblas_get_config()).split(separator: " ").prefix(2)
    return configuration.joined(separator: " ") + ", " + String(cString: openblas_get_corename())
  }
}
