import Boltzmann
import BoltzmannCompute
import BoltzmannData
import Testing

/// Machines of every kind of units, written and read again.
@Suite struct UnitKindsInFilesTests {
  /// A layer of each kind, and mixed ones.
  static let layers: [[UnitBlock]] = [
    [UnitBlock(kind: "bernoulli", count: 3)], [UnitBlock(kind: "spin", count: 2)],
    [UnitBlock(kind: "categorical", states: [3, 2])], [UnitBlock(kind: "gaussian", count: 2)],
    [UnitBlock(kind: "relu", count: 3)],
    [UnitBlock(kind: "bernoulli", count: 2), UnitBlock(kind: "categorical", states: [2, 3])],
    [
      UnitBlock(kind: "spin", count: 1), UnitBlock(kind: "gaussian", count: 2),
      UnitBlock(kind: "categorical", states: [4]), UnitBlock(kind: "relu", count: 1),
    ],
  ]

  /// A layer whose numbers all differ.
  static func units(_ blocks: [UnitBlock]) throws -> any Units {
    let empty = Boltzmann.units(of: blocks)
    var units = try #require(empty)
    units.bias = units.bias.indices.map { 0.5 - Float($0) / 4 }
    units.precision = units.precision.indices.map { 1 + Float($0) / 8 }
    return units
  }

  static func machine(_ visible: [UnitBlock], _ hidden: [UnitBlock]) throws -> RBM {
    let (visible, hidden) = (try units(visible), try units(hidden))
    return RBM(
      visible: visible, hidden: hidden,
      weights: Matrix(rows: visible.count, columns: hidden.count) { Float($0) - Float($1) / 16 },
      referenceVisibleBias: visible.bias.map { -$0 })
  }

  /// Written, read, and written again: the machine and the bytes are the same.
  private func expectRoundTrip(
    _ stored: StoredModel, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let folder = try TemporaryFolder(inMemory: true)
    try stored.write(to: folder.file("m"))
    let read = try StoredModel.read(folder.file("m")), machine = stored.machine
    #expect(read.machine.weights == machine.weights, sourceLocation: sourceLocation)
    #expect(
      read.machine.referenceVisibleBias == machine.referenceVisibleBias, sourceLocation: sourceLocation)
    for (layer, expected) in [
      (read.machine.visible, machine.visible), (read.machine.hidden, machine.hidden),
    ] {
      #expect(layer.blocks == expected.blocks, sourceLocation: sourceLocation)
      #expect(layer.parameters == expected.parameters, sourceLocation: sourceLocation)
      #expect(type(of: layer) == type(of: expected), sourceLocation: sourceLocation)
    }
    #expect(read.visibleNames == stored.visibleNames, sourceLocation: sourceLocation)
    #expect(read.preprocessing == stored.preprocessing, sourceLocation: sourceLocation)
    try read.write(to: folder.file("again"))
    #expect(try folder.content("again") == folder.content("m"), sourceLocation: sourceLocation)
  }

  @Test func everyPairing() throws {
    for visible in Self.layers {
      for hidden in Self.layers { try expectRoundTrip(StoredModel(Self.machine(visible, hidden))) }
    }
  }

  private func file(_ stored: StoredModel) throws -> SafetensorsFile {
    let folder = try TemporaryFolder(inMemory: true)
    try stored.write(to: folder.file("m"))
    return try SafetensorsFile.read(folder.file("m"))
  }

  /// The metadata as the format describes them.
  @Test func metadata() throws {
    let entries = try Self.layers.map { try file(StoredModel(Self.machine($0, $0))).metadata }
    for side in ["visible", "hidden"] {
      #expect(
        entries.map { $0["\(side)_units"] } == [
          "bernoulli", "spin", "categorical", "gaussian", "relu",
          #"[{"count":2,"kind":"bernoulli"},{"kind":"categorical","states":[2,3]}]"#,
          #"[{"count":1,"kind":"spin"},{"count":2,"kind":"gaussian"},"#
            + #"{"kind":"categorical","states":[4]},{"count":1,"kind":"relu"}]"#,
        ])
      #expect(entries.map { $0["\(side)_states"] } == [nil, nil, "[3,2]", nil, nil, nil, nil])
    }
  }

  /// Real units have precisions in the file, other ones beside them 1; a layer without real ones has none.
  @Test func precisions() throws {
    for blocks in Self.layers {
      let machine = try Self.machine(blocks, blocks), file = try file(StoredModel(machine))
      let isReal = blocks.contains { ["gaussian", "relu"].contains($0.kind) }
      for side in ["visible", "hidden"] {
        #expect(file["\(side)_precision"]?.floats == (isReal ? machine.visible.precision : nil))
      }
    }
    let mixed = try file(StoredModel(Self.machine(Self.layers[6], Self.layers[0])))
    #expect(mixed["visible_precision"]?.floats == [1, 1.125, 1.25, 1, 1, 1, 1, 1.875])
  }

  @Test func names() throws {
    let machine = try Self.machine(Self.layers[5], Self.layers[0])
    // A name for each column of the user's file: a site has one.
    let names = ["yes", "no", "a \"quoted\", one", "ä\nö"]
    try expectRoundTrip(StoredModel(machine, visibleNames: names))
  }

  @Test(arguments: Whitening.Kind.allCases)
  func whitening(kind: Whitening.Kind) throws {
    let samples = FloatSamples(
      width: 3, values: [1, 2, 0, -1, 0.5, 3, 2.5, -2, 1, 0, 0.25, -1, 4, 1, 1.5])
    let whitening = try Whitening(fitting: samples, kind: kind, components: kind == .pca ? 2 : nil)
    let visible = UnitBlock(kind: "gaussian", count: whitening.matrix.columns)
    try expectRoundTrip(
      StoredModel(
        Self.machine([visible], Self.layers[0]), visibleNames: ["a", "b", "c"],
        preprocessing: Preprocessing(scale: 4, whitening: .fitted(whitening))))
  }

  /// A whitening that is only wanted is none of the machine's.
  @Test func wantedWhitening() throws {
    let wanted = Preprocessing(whitening: .wanted(WhiteningSettings(kind: .zca)))
    let file = try file(
      StoredModel(Self.machine(Self.layers[3], Self.layers[0]), preprocessing: wanted))
    #expect(file.metadata["preprocessing"] == #"{"binarization":"threshold:0.5"}"#)
    #expect(file["whitening_matrix"] == nil)
  }

  /// A picture of a sample has a number for each state of a site, and the user's columns of whitened data.
  @Test func tileShapes() throws {
    let sites = try Self.machine(Self.layers[2], Self.layers[0])
    #expect(StoredModel(sites, visibleShape: [1, 2]).tileShape == (1, 5))
    let whitening = try Whitening(
      kind: .pca, mean: [0, 0, 0, 0], matrix: Matrix(rows: 4, columns: 2, values: [1, 0, 0, 1, 0, 0, 0, 0]),
      inverse: Matrix(rows: 2, columns: 4, values: [1, 0, 0, 0, 0, 1, 0, 0]))
    let whitened = StoredModel(
      try Self.machine(Self.layers[3], Self.layers[0]),
      preprocessing: Preprocessing(whitening: .fitted(whitening)))
    #expect(whitened.tileShape == (2, 2))
  }
}
