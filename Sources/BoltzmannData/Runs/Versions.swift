internal import BoltzmannCompute

/// What the program is made of: bits are promised for the same instruction set and OpenBLAS only.
public enum Versions {
  public static let boltzmann = "0.1.0"

  public static var current: [String: String] {
    ["boltzmann": boltzmann, "instruction_set": InstructionSet.name, "blas": BLAS.description]
  }
}
