import Foundation
import MartletTraining

do {
    let arguments = try Arguments(CommandLine.arguments.dropFirst())
    let group = try await TrainingGroup.fromEnvironment()
    let trainer = try Trainer(
        TwoTowers(), input: [30], data: .csv(arguments.data, target: "diagnosis"), loss: .binaryCrossEntropyOnLogits,
        optimizer: .adam(learningRate: 2e-3), batchSize: 32, epochs: arguments.epochs, seed: 7, group: group)
    print("rank \(group.rank) of \(group.size), \(trainer.parameterCount) parameters")

    let result = try await trainer.run()
    if group.rank == 0 {
        for record in result.curve { print("epoch \(record.epoch): loss \(record.trainingLoss)") }
        for (name, figure) in result.metrics.sorted(by: { $0.key < $1.key }) { print("\(name): \(figure)") }
        if let file = arguments.output {
            try result.save(to: file)
            print("saved \(file.path)")
        }
    }
} catch {
    FileHandle.standardError.write(Data("custom-model: \(error)\n".utf8))
    exit(1)
}
