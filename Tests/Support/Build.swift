/// How the tests were compiled.
///
/// Statistical tests draw millions of numbers and only run optimised: `.enabled(if: Build.isOptimized)`.
public enum Build {
  /// True in a release build.
  public static var isOptimized: Bool {
    #if DEBUG
      return false
    #else
      return true
    #endif
  }
}
