import JobProtocol
import Foundation
import Testing

extension SystemTests {
    /// Where a command's output goes, and what happens when it goes nowhere.
    @Suite(.serialized) struct StreamTests {
        /// Runs a shell's line with the program as `$martlet`.
        private func shell(_ line: String, home: URL, variables: [String: String] = [:]) async throws
            -> CommandResult
        {
            try await Command.run(
                URL(filePath: "/bin/sh"), ["-c", line],
                environment: ["martlet": Command.martlet.path, "HOME": home.path].merging(variables) { $1 })
        }

        @Test func streamsThatAreFullOrClosedEndACommandWithOneLine() async throws {
            let home = try FaultWordsTests.temporaryFolder()
            defer { try? FileManager.default.removeItem(at: home) }
            let data = home.appending(path: "data.csv")
            try "a,b\n1,2\n3,4\n".write(to: data, atomically: true, encoding: .utf8)
            for command in [
                "--help", "--version", "help train", "cluster up --help", "--generate-completion-script bash",
                "doctor", "doctor --json", "dataset profile '\(data.path)'", "dataset profile '\(data.path)' --json",
            ] {
                for (redirection, reason) in [
                    (">/dev/full", "No space left on device"), (">&-", "it is closed"),
                ] {
                    let result = try await shell("\"$martlet\" \(command) \(redirection)", home: home)
                    #expect(result.status == 1, "\(command) \(redirection)")
                    #expect(
                        result.errors == "Error: standard output cannot be written: \(reason)\n",
                        "\(command) \(redirection)")
                }
                // A reader that leaves is no reason to complain.
                let result = try await shell("\"$martlet\" \(command) | true", home: home)
                #expect(result.errors == "", "\(command) | true")
            }
            for redirection in ["2>/dev/full", "2>&-"] {
                let result = try await shell("\"$martlet\" dataset profile /nowhere.csv \(redirection)", home: home)
                #expect(result.status == 1)
                #expect(result.output.hasPrefix("Error: standard error cannot be written: "), "\(result.output)")
                #expect(result.output.split(separator: "\n").count == 1)
                let both = try await shell(
                    "\"$martlet\" dataset profile /nowhere.csv >/dev/full \(redirection)", home: home)
                #expect(both.status == 1)
            }
        }

        @Test func trainingAndWhatFollowsIt() async throws {
            try await LocalCluster.run(workers: 1, inference: 1) { cluster in
                let variables = ["MARTLET_CLUSTER": cluster.file.path]
                let train = "\"$martlet\" train '\(Digits.job)' --workers 1 --set train.epochs=1"
                for redirection in [">/dev/full", ">&-"] {
                    let result = try await shell("\(train) \(redirection)", home: cluster.folder, variables: variables)
                    #expect(result.status == 1, "\(redirection)")
                    #expect(result.errors.contains("Error: standard output cannot be written: "), "\(result.errors)")
                    FaultWordsTests.expectOurWords(result, of: [redirection])
                }
                // What it prints beside the result is lost; the job is not.
                let silent = try await shell("\(train) 2>/dev/full", home: cluster.folder, variables: variables)
                #expect(silent.status == 1)
                #expect(silent.output.contains("finished"), "\(silent.output)")
                #expect(silent.output.contains("Error: standard error cannot be written: No space left on device"))
                for job in try await cluster.jobs() { try await cluster.expect("job", "wait", job.id) }
                try await filesGoWhereTheirPathsLead(on: cluster)
            }
        }

        /// Every option that names a file to write, for a link, a pipe and a device.
        private func filesGoWhereTheirPathsLead(on cluster: LocalCluster) async throws {
            let manager = FileManager.default
            let id = try await cluster.jobs()[0].id
            let other = try await cluster.jobs()[1].id
            let page = cluster.folder.appending(path: "page")
            for (index, command) in [
                ["report", id, "--output"], ["job", "compare", id, other, "--html"],
                ["model", "export", "digits:1", "--names", "pytorch", "--output"],
                ["dataset", "profile", LaunchTests.data, "--html"],
            ].enumerated() {
                let link = cluster.folder.appending(path: "link-\(index)")
                try manager.createSymbolicLink(at: link, withDestinationURL: page)
                try await cluster.expect(command + [link.path])
                #expect(try manager.destinationOfSymbolicLink(atPath: link.path) == page.path, "\(command)")
                #expect(try Data(contentsOf: page).count > 1000, "\(command)")

                let null = try manager.attributesOfItem(atPath: "/dev/null")[.systemFileNumber] as? Int
                try await cluster.expect(command + ["/dev/null"])
                #expect(
                    try manager.attributesOfItem(atPath: "/dev/null")[.systemFileNumber] as? Int == null, "\(command)")

                let pipe = cluster.folder.appending(path: "pipe-\(index)")
                try #require(mkfifo(pipe.path, 0o600) == 0)
                let copy = cluster.folder.appending(path: "copy-\(index)")
                let arguments = command.map { "'\($0)'" }.joined(separator: " ")
                let result = try await shell(
                    "cat '\(pipe.path)' > '\(copy.path)' & \"$martlet\" \(arguments) '\(pipe.path)' && wait",
                    home: cluster.folder, variables: ["MARTLET_CLUSTER": cluster.file.path])
                #expect(result.status == 0, "\(result.errors)")
                #expect(try Data(contentsOf: copy).count > 1000, "\(command)")
            }
            // Under its other name standard output gets the bytes and nothing behind them.
            let result = try await cluster.expect("report", id, "--output", "/dev/stdout")
            #expect(result.output.trimmingCharacters(in: .newlines).hasSuffix("</html>"))

            let folder = cluster.folder.appending(path: "exported")
            try manager.createDirectory(at: folder, withIntermediateDirectories: true)
            let weights = cluster.folder.appending(path: "weights")
            let link = folder.appending(path: "model.safetensors")
            try manager.createSymbolicLink(at: link, withDestinationURL: weights)
            try await cluster.expect("model", "export", "digits:1", "--output", folder.path)
            #expect(try manager.destinationOfSymbolicLink(atPath: link.path) == weights.path)
            #expect(try Data(contentsOf: weights).count > 1000)
        }
    }
}
