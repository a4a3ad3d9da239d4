public import Boltzmann

/// A machine and what its file says about it.
public struct StoredModel: Sendable {
  public var machine: RBM
  /// The shape of one sample, for pictures: `[28, 28]`.
  public var visibleShape: [Int]?
  /// The names of the columns of a sample.
  public var visibleNames: [String]?
  /// Nil where the file does not say.
  public var preprocessing: Preprocessing?
  /// Where the machine comes from, for people.
  public var provenance: String?

  public init(
    _ machine: RBM, visibleShape: [Int]? = nil, visibleNames: [String]? = nil,
    preprocessing: Preprocessing? = nil, provenance: String? = nil
  ) {
    self.machine = machine
    self.visibleShape = visibleShape
    self.visibleNames = visibleNames
    self.preprocessing = preprocessing
    self.provenance = provenance
  }

  /// The columns of a file of samples that the machine takes; errors call it `name`.
  public func columns(name: String) -> VisibleColumns {
    VisibleColumns(of: machine.visible.blocks, name: name, whitening: preprocessing?.fittedWhitening)
  }

  /// Height and width of one sample as a picture: its shape, or as near to a square as divides its width.
  ///
  /// A picture has the columns of the user's data where they were whitened, else those of the visibles: of a
  /// categorical site one for each state.
  public var tileShape: (height: Int, width: Int) {
    let columns = preprocessing?.fittedWhitening?.mean.count ?? machine.visibleCount
    if let visibleShape, visibleShape.count == 2, visibleShape[0] * visibleShape[1] == columns {
      return (visibleShape[0], visibleShape[1])
    }
    return ImageGrid.tileShape(forWidth: columns)
  }
}
