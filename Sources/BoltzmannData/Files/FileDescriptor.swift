import Foundation

/// An open file that closes itself; the system calls of this module are all here.
struct FileDescriptor: ~Copyable {
  private let number: Int32

  init(opening path: String, _ flags: Int32, mode: mode_t = 0) throws(SystemError) {
    number = try retrying { open(path, flags | O_CLOEXEC, mode) }
  }

  deinit { _ = Foundation.close(number) }

  /// Closes and reports what the destructor could not: some file systems fail only here.
  consuming func close() throws(SystemError) {
    let number = self.number
    discard self
    // Never repeated: after EINTR the descriptor is closed all the same.
    if Foundation.close(number) != 0 && errno != EINTR { throw SystemError() }
  }

  func status() throws(SystemError) -> stat {
    var result = stat()
    _ = try retrying { fstat(number, &result) }
    return result
  }

  /// Reads up to `buffer.count` bytes; 0 at the end of the file.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int {
    try retrying { Foundation.read(number, buffer.baseAddress, buffer.count) }
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(SystemError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let part = UnsafeRawBufferPointer(rebasing: rest)
      rest = rest.dropFirst(try retrying { Foundation.write(number, part.baseAddress, part.count) })
    }
  }

  func synchronize() throws(SystemError) {
    _ = try retrying { fsync(number) }
  }

  func setMode(_ mode: mode_t) throws(SystemError) {
    _ = try retrying { fchmod(number, mode) }
  }
}

/// The error number of a failed system call.
struct SystemError: Error {
  let number: Int32

  init(_ number: Int32 = errno) { self.number = number }

  var message: String { String(cString: strerror(number)) }
}

/// Repeats a call that a signal interrupted.
func retrying<Result: SignedInteger>(_ call: () -> Result) throws(SystemError) -> Result {
  while true {
    let result = call()
    if result >= 0 { return result }
    if errno != EINTR { throw SystemError() }
  }
}
