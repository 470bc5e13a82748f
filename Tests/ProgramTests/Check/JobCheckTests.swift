import Checkpoints
import Foundation
import Testing
import Training

@testable import martlet

@Suite struct JobCheckTests {
    /// A job file beside its data, in a folder of the test's own.
    private final class Folder {
        let url = FileManager.default.temporaryDirectory.appending(path: "check-\(UUID().uuidString)")
        var job: String { url.appending(path: "job.yaml").path }

        init(
            input: String = "2", layers: String = "[linear: 8, softmax]", batchSize: Int = 16, classes: Int = 3,
            base: String? = nil
        ) throws {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
            let rows = (0..<60).map { "\($0 % 7),\($0 % 5),\(["a", "b", "c"][$0 % 3])" }
            try (["x,y,label"] + rows).joined(separator: "\n")
                .write(to: url.appending(path: "data.csv"), atomically: true, encoding: .utf8)
            let base = base.map { "\n  base: \($0)" } ?? ""
            let text = """
                name: points
                model:
                  family: cnn
                  input: \(input)
                  classes: \(classes)
                  layers: \(layers)\(base)
                data: { path: data.csv, target: label }
                train:
                  optimizer: { name: adam, learning_rate: 3 }
                  batch_size: \(batchSize)
                  epochs: 4
                """
            try text.write(toFile: job, atomically: true, encoding: .utf8)
        }

        deinit { try? FileManager.default.removeItem(at: url) }
    }

    @Test func warningsHaveTheirPlaces() throws {
        let folder = try Folder()
        let warnings = try JobCheck(file: folder.job).warnings(data: nil)
        #expect(warnings.count == 2)
        #expect(warnings[0].hasPrefix("\(folder.job):6:23: model.layers[1]: a softmax just before the head"))
        #expect(warnings[1].hasPrefix("\(folder.job):9:28: train.optimizer.learning_rate: 3.0 is unusually large"))
        let overridden = try JobCheck(
            file: folder.job, overrides: ["train.optimizer.learning_rate=4"], workers: 2)
        #expect(overridden.specification.train.workers == 2)
        #expect(overridden.source.hasSuffix("#   train.optimizer.learning_rate=4\n#   train.workers=2\n"))
        #expect(overridden.warnings(data: nil)[1].hasPrefix("--set train.optimizer.learning_rate=4: "))
    }

    @Test func placesAreThoseOfTheFileWhereAFlattenWasPutIn() throws {
        let folder = try Folder(input: "[1, 1, 2]", layers: "[conv: 4, relu, linear: 8, softmax]")
        let warnings = try JobCheck(file: folder.job).warnings(data: nil)
        #expect(warnings[0].hasPrefix("\(folder.job):6:38: model.layers[3]: a softmax just before the head"))
    }

    @Test func aDryRunSaysWhatAJobTakes() throws {
        let folder = try Folder()
        let run = try DryRun(JobCheck(file: folder.job))
        let text = run.lines().joined(separator: "\n")
        for expected in [
            "layers[0]  linear   [8]", "head       linear   [3]", "parameters  51",
            "48 training, 0 validation, 12 test",
            "3 steps; 12 steps in 4 epochs at most", "16 rows in 4 slices, up to 4 rows at once", "warning: ",
        ] {
            #expect(text.contains(expected), "\(expected) in\n\(text)")
        }
        #expect(run.problems == [])
        #expect(run.result.estimate.parameters == 2 * 8 + 8 + 8 * 3 + 3)
    }

    @Test func aBatchLargerThanTheDataIsAProblemWithItsPlace() throws {
        let folder = try Folder(batchSize: 500)
        let problems = try DryRun(JobCheck(file: folder.job)).problems
        #expect(problems.contains { $0.hasPrefix("\(folder.job):10:3: train.batch_size: ") && $0.contains("48 of 60") })
    }

    @Test func aHeadForOtherClassesThanTheDataHasIsAProblemWithItsPlace() throws {
        let folder = try Folder(classes: 5)
        let problems = try DryRun(JobCheck(file: folder.job)).problems
        #expect(problems.contains { $0.hasPrefix("\(folder.job):5:3: model.classes: ") && $0.contains("3 classes") })
    }

    /// Whatever the columns are called.
    @Test func problemsOfTheDataHaveTheirPlacesWhole() throws {
        let folder = try Folder(classes: 2)
        try "x,\"a, b\nc: d\",label\n1,NA,p\n2,3,q\n3,4,p\n".write(
            to: folder.url.appending(path: "data.csv"), atomically: true, encoding: .utf8)
        let check = try JobCheck(file: folder.job, overrides: ["data.split.test=0.5", "data.split.train=0.5"])
        let problems = try DryRun(check).problems
        #expect(problems.count == 3)
        #expect(problems.first?.hasPrefix("2 problems in ") == true)
        #expect(
            problems.contains(
                "\(folder.job):10:3: train.batch_size: the training part has 1 of 3 rows, fewer than train.batch_size 16"
            ),
            "\(problems)")
        #expect(
            problems.contains {
                $0.hasPrefix(
                    "\(folder.job):7:1: data.clean.missing: line 3, column 'a, b\\nc: d': a value is missing ('NA')")
            }, "\(problems)")
    }

    /// What of a base fits, what does not, and why; with names as they come from a wrapper of PyTorch.
    @Test func aBaseIsLookedAt() throws {
        let folder = try Folder(layers: "[linear: 8, relu]", base: "base.safetensors")
        let layout = try SafetensorsLayout(tensors: [
            ("module.0.weight", .float32, [8, 2]), ("module.0.bias", .float32, [8]),
            ("module.2.weight", .float32, [10, 8]), ("module.tail", .float32, [3]),
        ])
        let bytes = layout.bytes(of: 0..<layout.byteCount) { _, _, target in
            target.initializeMemory(as: UInt8.self, repeating: 0)
        }
        let file = folder.url.appending(path: "base.safetensors")
        try Data(bytes).write(to: file)
        let run = try DryRun(JobCheck(file: folder.job))
        let words =
            "of \(file.path) 2 of 4 parameters are taken over; in another shape and begun anew: 2.weight ([10, 8] "
            + "there, [3, 8] here); not there and begun anew: 2.bias; there and not used: tail"
        #expect(run.problems == [])
        #expect(run.lines().contains("base        \(words)"))
        #expect(run.result.warnings.contains("model.base: \(words)"))

        let other = try Folder(layers: "[linear: 9, relu]", classes: 3, base: file.path)
        let problems = try DryRun(JobCheck(file: other.job)).problems
        #expect(problems.count == 1 && problems[0].contains("model.base: the model cannot start from"), "\(problems)")
    }

    @Test func aBaseThatIsNotThereIsAProblem() throws {
        let folder = try Folder(layers: "[linear: 8, relu]", base: "nothing.safetensors")
        let problems = try DryRun(JobCheck(file: folder.job)).problems
        #expect(problems.count == 1)
        #expect(problems[0].hasPrefix("\(folder.job):7:3: model.base: the model cannot start from"), "\(problems)")
        let version = try Folder(layers: "[linear: 8, relu]", base: "digits:3")
        let run = try DryRun(JobCheck(file: version.job))
        #expect(run.problems == [] && run.lines().contains { $0.hasPrefix("base        not looked at: digits:3") })
    }

    @Test func dataThatIsNotHereIsLeftToTheCoordinator() throws {
        let folder = try Folder(layers: "[linear: 8, relu]")
        try FileManager.default.removeItem(at: folder.url.appending(path: "data.csv"))
        let run = try DryRun(JobCheck(file: folder.job))
        #expect(run.problems == [] && run.result.estimate.steps == nil)
        #expect(run.lines().contains { $0.contains("not looked at") } && !run.lines().contains("no warnings"))
        let data = folder.url.appending(path: "data.csv").path
        #expect(
            run.result.warnings.contains {
                $0.hasSuffix(
                    ": data.path: \(data) cannot be read on this machine: No such file or directory; the data was not looked at"
                )
            }, "\(run.result.warnings)")
    }

    /// A coordinator on this machine has no other files.
    @Test func dataThatIsNowhereIsAProblem() throws {
        let folder = try Folder(layers: "[linear: 8, relu]")
        let data = folder.url.appending(path: "dtaa.csv").path
        let check = try JobCheck(file: folder.job, overrides: ["data.path=dtaa.csv"])
        let problems = try DryRun(check, coordinatorIsHere: true).problems
        #expect(problems == ["--set data.path=dtaa.csv: data.path: there is no \(data): did you mean 'data.csv'?"])
        #expect(try DryRun(JobCheck(file: folder.job), coordinatorIsHere: true).problems == [])
    }

    /// What is odd about the data is said once, and the sums are of one kind of thing.
    @Test func aSeriesIsCountedInWindows() throws {
        let folder = try Folder(layers: "[linear: 8, relu]")
        let rows = (0..<60).map { "\($0),\($0 % 5)" }
        try (["day,y"] + rows).joined(separator: "\n")
            .write(to: folder.url.appending(path: "data.csv"), atomically: true, encoding: .utf8)
        let run = try DryRun(
            JobCheck(
                file: folder.job,
                overrides: [
                    "model={ family: mlp, input: 3, task: regression, hidden: [4] }",
                    "data={ path: data.csv, target: y, split: { train: 0.8, test: 0.2, by: day }, series: { window: 3 } }",
                    "evaluate={ metrics: [mse] }", "train.batch_size=8",
                ]))
        #expect(run.problems == [], "\(run.problems)")
        let lines = run.lines()
        #expect(
            lines.contains {
                $0.hasPrefix("data        60 rows, SHA-256 ")
                    && $0.hasSuffix("; 54 windows of 3 rows: 45 training, 0 validation, 9 test")
            }, "\(lines)")
    }

    @Test func remarksAreMadeOnce() throws {
        let folder = try Folder(layers: "[linear: 8, relu]")
        let rows = (0..<60).map { "\($0 % 7),\($0 % 5),\(["a", "b", "c"][$0 % 3])" }
        try (["x,y,label"] + rows + rows).joined(separator: "\n")
            .write(to: folder.url.appending(path: "data.csv"), atomically: true, encoding: .utf8)
        let lines = try DryRun(JobCheck(file: folder.job)).lines()
        #expect(lines.count { $0.contains("in the training part too") } == 1, "\(lines)")
    }

    /// A pipe gives its text once.
    @Test func aJobThroughAPipe() throws {
        let folder = try Folder(layers: "[linear: 8, relu]")
        let text = try String(contentsOfFile: folder.job, encoding: .utf8)
            .replacing("data.csv", with: folder.url.appending(path: "data.csv").path)
        let pipe = folder.url.appending(path: "pipe")
        #expect(mkfifo(pipe.path, 0o600) == 0)
        let writer = Thread { try? Data(text.utf8).write(to: pipe) }
        writer.start()
        let check = try JobCheck(file: pipe.path)
        #expect(check.source == text)
        #expect(try DryRun(check).problems == [])
        #expect(URL(argument: "-") == URL(filePath: "/dev/stdin") && URL(argument: "-f") == URL(filePath: "-f"))
    }

    @Test func aTargetThatIsNeverMeasuredIsAWarning() throws {
        let folder = try Folder(layers: "[linear: 8, relu]")
        let overrides = [
            "data.split={train: 0.9, validation: 0.05, test: 0.05, order: file}", "train.stop.target={auc: '> 0.9'}",
        ]
        let rows = (0..<60).map { "\($0 % 7),\($0 % 5),\($0 < 54 ? ["a", "b", "c"][$0 % 3] : "a")" }
        try (["x,y,label"] + rows).joined(separator: "\n")
            .write(to: folder.url.appending(path: "data.csv"), atomically: true, encoding: .utf8)
        let run = try DryRun(JobCheck(file: folder.job, overrides: overrides))
        #expect(
            run.result.warnings.contains {
                $0.contains(
                    ": train.stop.target: auc cannot be measured on the validation part, so the target is never met")
            }, "\(run.result.warnings)")
    }
}
