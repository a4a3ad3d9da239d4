import Boltzmann
import Testing

@Suite("The watch for overfitting")
struct OverfitWatchTests {
  private func watch(_ scores: [Double], patience: Int = 2, margin: Double = 0) -> OverfitWatch {
    var watch = OverfitWatch(patience: patience)
    for (epoch, score) in scores.enumerated() { watch.observe(score, margin: margin, epoch: epoch + 1) }
    return watch
  }

  @Test("it is over when so many scores in a row are worse than the best")
  func patience() {
    #expect(!watch([]).isOver && watch([]).best == nil)
    #expect(!watch([3, 2, 4]).isOver)
    #expect(watch([3, 2, 4, 3]).isOver && watch([3, 2, 4, 3]).best?.epoch == 2)
    #expect(watch([3, 2, 4, 1, 2]).worse == 1 && watch([3, 2, 4, 1, 2]).best?.score == 1)
    #expect(!watch([1, 2, 1, 2]).isOver && !watch([3, 4, 4], patience: 3).isOver)
  }

  @Test("within the margin a score is not worse")
  func margin() {
    #expect(!watch([1, 1.5, 1.4, 1.5], margin: 0.5).isOver)
    #expect(watch([1, 1.5, 1.6, 1.6], margin: 0.5).isOver)
    #expect(!watch([1, 1.6, 1.5, 1.6], margin: 0.5).isOver)
  }

  @Test("what is no number is worse than all, and never the best")
  func notFinite() {
    #expect(watch([1, .nan, .infinity]).isOver)
    #expect(watch([.nan, 2, 3]).best?.score == 2)
  }
}
