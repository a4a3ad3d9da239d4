import BoltzmannAdversarial
import Testing

@Suite struct ActivationNameTests {
  @Test(arguments: ["linear", "relu", "leaky-relu:0.2", "tanh", "logistic"])
  func namesAreReadAndWritten(_ name: String) {
    #expect(ActivationName(name)?.description == name)
  }

  @Test(arguments: [
    "", "ReLU", "relu:0.2", "leaky-relu", "leaky-relu:1", "leaky-relu:-1", "leaky-relu:nan", "tanh:",
  ])
  func otherWordsAreNone(_ name: String) {
    #expect(ActivationName(name) == nil)
  }
}
