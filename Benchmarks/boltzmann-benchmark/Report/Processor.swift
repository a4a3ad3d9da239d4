internal import Foundation

/// The processor of this machine.
enum Processor {
  static var cores: Int { ProcessInfo.processInfo.activeProcessorCount }

  /// As the system calls it, or `unknown`.
  static var name: String {
    #if os(Linux)
      let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
      let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
      let value = line?.split(separator: ":", maxSplits: 1).last
      return value.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown"
    #else
      var size = 0
      guard sysctlbyname("machdep.cpu.brand_string", nil, &size, nil, 0) == 0 else { return "unknown" }
      var bytes = [UInt8](repeating: 0, count: size)
      sysctlbyname("machdep.cpu.brand_string", &bytes, &size, nil, 0)
      return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    #endif
  }
}
