import Boltzmann
import BoltzmannCompute
import BoltzmannData
import Testing

/// Model files whose layers or whitening do not fit together: an error with file and tensor, never a trap.
@Suite struct UnitKindsHostileTests {
  /// The file of a machine, changed; nil where it is read all the same.
  private func line(
    _ visible: [UnitBlock], _ hidden: [UnitBlock] = [UnitBlock(kind: "bernoulli", count: 2)],
    preprocessing: Preprocessing? = nil, _ change: (inout SafetensorsFile) -> Void
  ) throws -> String? {
    let folder = try TemporaryFolder(inMemory: true)
    let machine = try UnitKindsInFilesTests.machine(visible, hidden)
    try StoredModel(machine, preprocessing: preprocessing).write(to: folder.file("m"))
    var file = try SafetensorsFile.read(folder.file("m"))
    change(&file)
    let path = try folder.file("m", file.encode())
    guard let line = message({ _ = try StoredModel.read(path) }) else { return nil }
    #expect(line.hasPrefix("\(path): "))
    return line
  }

  private static let gaussian = [UnitBlock(kind: "gaussian", count: 2)]
  private static let relu = [UnitBlock(kind: "relu", count: 2)]
  private static let sites = [UnitBlock(kind: "categorical", states: [3, 2])]
  private static let mixed = [UnitBlock(kind: "spin", count: 1), UnitBlock(kind: "gaussian", count: 1)]

  // MARK: - Precisions

  @Test(arguments: [gaussian, relu, mixed])
  func precisions(blocks: [UnitBlock]) throws {
    let name = "visible_precision"
    #expect(try line(blocks) { $0[tensor: name] = nil }?.contains("tensor \(name): is missing") == true)
    for value: Float in [0, -0.0, -1, -.leastNonzeroMagnitude] {
      let line = try line(blocks) { $0[tensor: name] = Tensor(shape: [2], [1, value]) }
      #expect(line?.contains("tensor \(name): has an entry that is not positive") == true)
    }
    for shape in [[1], [3], [2, 1], [1, 2], []] {
      let tensor = Tensor(shape: shape, [Float](repeating: 1, count: shape.reduce(1, *)))
      let line = try line(blocks) { $0[tensor: name] = tensor }
      #expect(line?.contains("tensor \(name): has shape \(shape), expected [2]") == true)
    }
    let doubles = try line(blocks) { $0[tensor: name] = Tensor(shape: [2], values: .float64([1, 1])) }
    #expect(doubles?.contains("tensor \(name): is not F32") == true)
    for value in [Float.nan, .infinity] {
      let line = try line(blocks) { $0[tensor: name] = Tensor(shape: [2], [1, value]) }
      #expect(line?.contains("tensor \(name): ") == true && line?.contains("not finite") == true)
    }
  }

  @Test(arguments: ["bernoulli", "spin"])
  func precisionsWithoutRealUnits(kind: String) throws {
    for side in ["visible", "hidden"] {
      let line = try line([UnitBlock(kind: kind, count: 2)]) {
        $0[tensor: "\(side)_precision"] = Tensor(shape: [2], [1, 1])
      }
      #expect(line?.contains("tensor \(side)_precision: unknown") == true)
    }
    let sites = try line(Self.sites) {
      $0[tensor: "visible_precision"] = Tensor(shape: [5], [1, 1, 1, 1, 1])
    }
    #expect(sites?.contains("tensor visible_precision: unknown") == true)
    let hidden = try line(Self.gaussian, Self.relu) { $0[tensor: "hidden_precision"] = nil }
    #expect(hidden?.contains("tensor hidden_precision: is missing") == true)
  }

  // MARK: - Kinds and states

  @Test(arguments: ["[3,3]", "[5,2]", "[4]", "[1]", "[65536,65536]"])
  func statesThatDoNotAddUp(states: String) throws {
    let line = try line(Self.sites) { $0.metadata["visible_states"] = states }
    #expect(line?.contains("tensor visible_bias: has 5 entries, but visible_units have") == true)
  }

  @Test(arguments: [
    nil, "", "[]", "{}", "5", "[3", "[0,5]", "[-1,6]", "[2.5,2.5]", "[\"3\",\"2\"]", "[3,null]", "[65537]",
    "[9223372036854775807,9223372036854775807]", "[1e300,3]", "[[3],[2]]",
  ])
  func statesThatAreNone(states: String?) throws {
    let line = try line(Self.sites) { $0.metadata["visible_states"] = states }
    #expect(line?.contains("no \"visible_states\", a list of numbers of states") == true)
  }

  @Test(arguments: [
    "", "mixed", "Gaussian", "gaussian ", "[]", "[", "[1]", "[null]", "[\"spin\"]", "[{}]",
    #"[{"kind":"magic","count":2}]"#, #"[{"kind":1,"count":2}]"#, #"[{"count":2}]"#,
    #"[{"kind":"mixed","count":2}]"#, #"[{"kind":"spin"}]"#, #"[{"kind":"spin","count":0}]"#,
    #"[{"kind":"spin","count":-2}]"#, #"[{"kind":"spin","count":1.5}]"#, #"[{"kind":"spin","count":"2"}]"#,
    #"[{"kind":"spin","count":1e300}]"#, #"[{"kind":"spin","count":9223372036854775808}]"#,
    #"[{"kind":"spin","count":9223372036854775807},{"kind":"spin","count":9223372036854775807}]"#,
    #"[{"kind":"categorical","count":2}]"#, #"[{"kind":"categorical","states":[]}]"#,
    #"[{"kind":"categorical","states":[0]}]"#, #"[{"kind":"categorical","states":[65537]}]"#,
    #"[{"kind":"categorical","states":2}]"#, #"[{"kind":"spin","states":[2]}]"#,
    #"[{"kind":"spin","count":2}] x"#, #"[{"kind":"spin","count":1},7]"#,
  ])
  func unknownKinds(units: String) throws {
    let line = try line([UnitBlock(kind: "spin", count: 2)]) { $0.metadata["visible_units"] = units }
    #expect(line?.contains("visible_units \"\(units)\" is unknown, expected one of: bernoulli, spin") == true)
  }

  /// Counts that would fill any memory are compared with what the file holds, and nothing is allocated for them.
  @Test(arguments: [
    #"[{"kind":"spin","count":1099511627776}]"#, #"[{"kind":"spin","count":3}]"#,
    #"[{"kind":"spin","count":1},{"kind":"relu","count":1},{"kind":"spin","count":1}]"#,
    #"[{"kind":"categorical","states":[65536,65536,65536]}]"#,
  ])
  func hugeCounts(units: String) throws {
    let line = try line([UnitBlock(kind: "spin", count: 2)]) { $0.metadata["visible_units"] = units }
    #expect(line?.contains("tensor visible_bias: has 2 entries, but visible_units have") == true)
  }

  @Test func manyHugeCounts() throws {
    let block = #"{"kind":"spin","count":1099511627776}"#
    let units = "[" + [String](repeating: block, count: 10_000).joined(separator: ",") + "]"
    let line = try line([UnitBlock(kind: "spin", count: 2)]) { $0.metadata["visible_units"] = units }
    #expect(line?.contains("have 10995116277760000 columns") == true)
  }

  @Test(arguments: ["", "[]", "{}", "[\"a\"]", "[\"a\",\"b\",\"c\"]", "[\"a\",1]", "[\"a\",null]", "a,b"])
  func names(text: String) throws {
    let line = try line(Self.sites) { $0.metadata["visible_names"] = text }
    #expect(line?.contains("visible_names is no list of 2 names") == true)
  }

  // MARK: - Whitening

  private static let tensors = ["whitening_mean", "whitening_matrix", "whitening_inverse"]

  private static func whitening() throws -> Preprocessing {
    let matrix = Matrix(rows: 2, columns: 2, values: [2, 0, 0, 0.5])
    let inverse = Matrix(rows: 2, columns: 2, values: [0.5, 0, 0, 2])
    return Preprocessing(
      whitening: .fitted(try Whitening(kind: .zca, mean: [1, -1], matrix: matrix, inverse: inverse)))
  }

  private func whitened(
    _ blocks: [UnitBlock] = gaussian, _ change: (inout SafetensorsFile) -> Void
  ) throws -> String? { try line(blocks, preprocessing: Self.whitening(), change) }

  @Test func whiteningEntries() throws {
    #expect(try whitened { _ in } == nil)
    for name in Self.tensors {
      let line = try whitened { $0[tensor: name] = nil }
      #expect(line?.contains("tensor whitening_") == true && line?.contains("is missing") == true)
      let doubles = try whitened {
        $0[tensor: name] = Tensor(
          shape: name == "whitening_mean" ? [2] : [2, 2],
          values: .float64([Double](repeating: 1, count: name == "whitening_mean" ? 2 : 4)))
      }
      #expect(doubles?.contains("tensor \(name): is not F32") == true)
    }
    // The entry without its tensors, and the tensors without their entry.
    let bare = try whitened { file in Self.tensors.forEach { file[tensor: $0] = nil } }
    #expect(bare?.contains("tensor whitening_matrix: is missing") == true)
    for entry in [nil, #"{"binarization":"none"}"#] {
      let line = try whitened { $0.metadata["preprocessing"] = entry }
      #expect(line?.contains("tensor whitening_mean: unknown") == true)
    }
    let other = try whitened {
      $0.metadata["preprocessing"] = #"{"binarization":"none","whitening":"cholesky"}"#
    }
    #expect(other?.contains("preprocessing ") == true)
  }

  @Test(arguments: [
    ([2], [3, 2], [2, 2]), ([2], [2, 2], [2, 3]), ([2], [2, 3], [3, 2]), ([3], [2, 2], [2, 2]),
    ([2, 1], [2, 2], [2, 2]), ([], [2, 2], [2, 2]), ([2], [4], [2, 2]), ([2], [2, 2], [4]),
    ([0], [0, 2], [2, 0]), ([0], [0, 0], [0, 0]), ([2], [2, 0], [0, 2]), ([2], [2, 1, 2], [2, 2]),
  ])
  func shapes(mean: [Int], matrix: [Int], inverse: [Int]) throws {
    let line = try whitened { file in
      for (name, shape) in zip(Self.tensors, [mean, matrix, inverse]) {
        let values = (0..<shape.reduce(1, *)).map { $0 % 3 == 0 ? Float(1) : 0 }
        file[tensor: name] = Tensor(shape: shape, values)
      }
    }
    #expect(line?.contains("tensor whitening_") == true)
  }

  /// Shapes that fit each other, but not the machine.
  @Test func otherWidths() throws {
    let wide = try whitened {
      $0[tensor: "whitening_mean"] = Tensor(shape: [3], [0, 0, 0])
      $0[tensor: "whitening_matrix"] = Tensor(shape: [3, 3], [1, 0, 0, 0, 1, 0, 0, 0, 1])
      $0[tensor: "whitening_inverse"] = Tensor(shape: [3, 3], [1, 0, 0, 0, 1, 0, 0, 0, 1])
    }
    #expect(
      wide?.hasSuffix(
        "tensor whitening_matrix: whitens to 3 gaussian visibles, not to 2 gaussian ones") == true)
    for blocks in [[UnitBlock(kind: "bernoulli", count: 2)], Self.relu, Self.mixed] {
      let line = try whitened(blocks) { _ in }
      #expect(line?.contains("whitens to 2 gaussian visibles, not to 2 ") == true)
    }
  }

  @Test func numbers() throws {
    for values: [Float] in [[0, 1, 0, 1], [0, 0, 0, 0], [1, 0, 0, 0]] {
      let line = try whitened { $0[tensor: "whitening_matrix"] = Tensor(shape: [2, 2], values) }
      #expect(line?.contains("tensor whitening_matrix: the matrix of a whitening is singular") == true)
    }
    // No product of such numbers stays in the range of Double's squares; whatever is said, nothing traps.
    _ = try whitened { $0[tensor: "whitening_matrix"] = Tensor(shape: [2, 2], [3e38, 0, 0, 3e38]) }
    _ = try whitened { $0[tensor: "whitening_matrix"] = Tensor(shape: [2, 2], [1e-38, 0, 0, 1e-38]) }
    let nan = try whitened { $0[tensor: "whitening_mean"] = Tensor(shape: [2], [0, .nan]) }
    #expect(nan?.contains("tensor whitening_mean: ") == true)
  }

  @Test func whitenedNames() throws {
    let line = try whitened { $0.metadata["visible_names"] = #"["a"]"# }
    #expect(line?.contains("visible_names is no list of 2 names") == true)
    #expect(try whitened { $0.metadata["visible_names"] = #"["a","b"]"# } == nil)
  }
}

extension SafetensorsFile {
  /// The tensor of this name; assigning replaces it, adds it, or takes it out.
  fileprivate subscript(tensor name: String) -> Tensor? {
    get { tensors.first { $0.name == name }?.tensor }
    set {
      tensors.removeAll { $0.name == name }
      if let newValue { tensors.append((name, newValue)) }
    }
  }
}
