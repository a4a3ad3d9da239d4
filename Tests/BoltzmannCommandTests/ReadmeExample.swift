import Boltzmann
import BoltzmannData

func readmeExample(savingTo path: String) throws {
  let samples = try DataSet("digits").samples
  var settings = TrainingSettings()
  settings.method = "pcd"
  settings.epochs = 30
  let machine = RBM.initialized(dataMeans: samples.means(), hidden: 16, seed: 1)
  var trainer = try Trainer(model: machine, samples: samples, settings: settings)
  while !trainer.isFinished { try trainer.step(samples: samples) }
  let energies = trainer.model.freeEnergies(of: samples)
  let logZ = try trainer.model.exactLogPartition()
  print("mean log-likelihood", -energies.reduce(0, +) / Double(energies.count) - logZ, "nats")
  try StoredModel(trainer.model, visibleShape: [8, 8]).write(to: path)
}
