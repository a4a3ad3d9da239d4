internal import CBoltzmannKernels

/// The table of C kernels for this processor.
enum Kernels {
  static let best: boltzmann_kernels = boltzmann_kernels_for(boltzmann_best_instruction_set()).pointee
}

/// The instruction set that the kernels use here.
public enum InstructionSet {
  public static var name: String {
    String(cString: boltzmann_instruction_set_name(boltzmann_best_instruction_set()))
  }
}
