import JobProtocol
import LocalCluster
import Foundation
import Testing

extension SystemTests {
    /// What dies comes back by itself, and a cluster says so.
    @Suite(.serialized) struct SupervisorTests {
        /// Who waits for a cluster hears that it was taken down, and does not wait until it would give up.
        @Test func whoFollowsAJobHearsThatTheClusterIsTakenDown() async throws {
            try await LocalCluster.run(workers: 1, inference: 0) { cluster in
                // Ends by itself, but not before the cluster does.
                async let training = cluster.martlet(
                    "train", Digits.job, "--workers", "1", "--set", "train.epochs=2000", "--set",
                    "train.stop.patience=2000")
                try await cluster.wait(for: "the job runs") {
                    try await cluster.jobs().contains { $0.state == .running }
                }
                try await cluster.expect("cluster", "down")
                let result = try await training
                #expect(result.status == 1)
                #expect(result.errors.contains("was taken down: `martlet cluster up"), "\(result.errors)")
                try await cluster.expect("cluster", "up")
                try await cluster.expect("job", "cancel", try #require(try await cluster.jobs().last).id)
            }
        }

        @Test func whatIsKilledComesBackAndDownLeavesNothing() async throws {
            var records: [String: ProcessRecord] = [:]
            var supervisors: [ProcessRecord] = []
            try await LocalCluster.run(workers: 1, inference: 1, restart: true) { cluster in
                let folder = ClusterFolder(root: cluster.data)
                supervisors.append(try #require(folder.supervisor))
                #expect(supervisors[0].isAlive)
                for node in ["worker-0", "coordinator", "gateway-0"] {
                    let before = try #require(folder.processes()[node])
                    before.signal(SIGKILL)
                    try await cluster.wait(for: "\(node) is back") {
                        let now = folder.processes()[node]
                        return now != before && now?.isAlive == true
                    }
                }
                // All of it: `up` waits until every process is seen in its present life.
                try await cluster.wait(for: "all are ready") {
                    try await cluster.martlet("cluster", "up").status == 0
                }
                #expect(try await cluster.http("GET", "/v2/health/live").status == 200)
                let text = try await cluster.expect("status").output
                #expect(text.contains("RESTARTS\ncoordinator  1 time,"), "\(text)")
                #expect(text.contains("killed, most likely"), "\(text)")

                // Its child this time, so it knows more.
                try #require(folder.processes()["worker-0"]).signal(SIGKILL)
                try await cluster.wait(for: "worker-0 is back") {
                    folder.restartRecords()["worker-0"]?.restarts == 2
                }
                #expect(folder.restartRecords()["worker-0"]?.lastReason == "it was ended by signal 9 (SIGKILL)")

                // The supervisor itself: nothing else ends, and the next `up` brings it back.
                let running = folder.processes()
                supervisors[0].signal(SIGKILL)
                try await cluster.wait(for: "it is gone") { !supervisors[0].isAlive }
                let status = try await cluster.martlet("cluster", "status")
                #expect(status.status == 1)
                #expect(status.output.contains("the supervisor has ended"), "\(status.output)")
                #expect(folder.processes() == running)
                try await cluster.expect("cluster", "up")
                supervisors.append(try #require(folder.supervisor))
                #expect(supervisors[1].isAlive && supervisors[1] != supervisors[0])
                try await cluster.expect("cluster", "status")
                records = folder.processes()
            }
            #expect((records.values + supervisors).allSatisfy { !$0.isAlive })
        }

        @Test func aCommandKnowsAtOnceThatTheCoordinatorIsGone() async throws {
            try await LocalCluster.run(workers: 0, inference: 0) { cluster in
                let folder = ClusterFolder(root: cluster.data)
                let coordinator = try #require(folder.processes()["coordinator"])
                #expect(try await cluster.expect("cluster", "status").output.contains("--no-restart"))

                coordinator.signal(SIGSTOP)
                try await cluster.wait(for: "it is stopped") { coordinator.isPaused }
                for command in [["jobs"], ["status"], ["cluster", "up"]] {
                    let result = try await Command.run(
                        Command.martlet, command,
                        environment: ["MARTLET_CLUSTER": cluster.file.path, "HOME": cluster.folder.path])
                    #expect(result.status == 1)
                    #expect(result.errors.contains("kill -CONT \(coordinator.processID)"), "\(result.errors)")
                }
                coordinator.signal(SIGCONT)

                coordinator.signal(SIGKILL)
                try await cluster.wait(for: "it is gone") { !coordinator.isAlive }
                for command in ["jobs", "models", "nodes", "status"] {
                    let result = try await cluster.martlet(command)
                    #expect(result.status == 1)
                    #expect(
                        result.errors.contains(
                            "the coordinator (process \(coordinator.processID)) has ended: `martlet cluster up -f "
                                + "\(cluster.file.path)` starts it again"), "\(result.errors)")
                    FaultWordsTests.expectOurWords(result, of: [command])
                }
            }
        }

        @Test func aStartThatFailsSaysWhatRuns() async throws {
            let home = try FaultWordsTests.temporaryFolder()
            defer { try? FileManager.default.removeItem(at: home) }
            let file = try file(in: home, name: "broken")
            // A file where the worker wants its folder.
            let nodes = home.appending(path: "data/nodes")
            try FileManager.default.createDirectory(at: nodes, withIntermediateDirectories: true)
            try Data().write(to: nodes.appending(path: "worker-0"))
            let variables = ["HOME": home.path, "MARTLET_CLUSTER": ""]
            let up = try await Command.run(
                Command.martlet, ["cluster", "up", "-f", file.path], environment: variables)
            #expect(up.status == 1)
            #expect(up.errors.contains("worker-0 ended before it was ready"), "\(up.errors)")
            #expect(up.errors.contains("what was started goes on: coordinator"), "\(up.errors)")
            #expect(up.errors.contains("`martlet cluster down -f \(file.path)` ends it"), "\(up.errors)")
            FaultWordsTests.expectOurWords(up, of: ["cluster", "up"])
            #expect(ClusterFolder(root: home.appending(path: "data")).supervisor == nil)

            // Without a name this one is meant; in another home it is found and not guessed.
            let elsewhere = ["HOME": "/dev/null", "MARTLET_CLUSTER": ""]
            let jobs = try await Command.run(Command.martlet, ["jobs"], environment: elsewhere)
            #expect(jobs.status == 1)
            #expect(jobs.errors.contains("/dev/null/.martlet/current names no cluster"), "\(jobs.errors)")
            #expect(
                jobs.errors.contains(
                    "broken in \(home.appending(path: "data").path) (-f \(file.path))"), "\(jobs.errors)")
            let down = try await Command.run(Command.martlet, ["cluster", "down"], environment: variables)
            #expect(down.status == 0, "\(down.errors)")

            // A home that cannot be written is no reason not to start.
            try FileManager.default.removeItem(at: nodes.appending(path: "worker-0"))
            let again = try await Command.run(
                Command.martlet, ["cluster", "up", "-f", file.path], environment: elsewhere)
            #expect(again.status == 0, "\(again.errors)")
            let note = "note: /dev/null cannot be used as a folder: it is a device, expected a folder"
            #expect(again.errors.hasPrefix(note))
            let end = try await Command.run(
                Command.martlet, ["cluster", "down", "-f", file.path], environment: elsewhere)
            #expect(end.status == 0, "\(end.errors)")
        }

        private func file(in home: URL, name: String = "small") throws -> URL {
            let file = home.appending(path: "cluster.yaml")
            try """
            name: \(name)
            data: data
            coordinator: { port: 0 }
            workers: { count: 1 }
            inference: { count: 0 }
            gateway: { port: 0 }
            """.write(to: file, atomically: true, encoding: .utf8)
            return file
        }

        @Test(arguments: [SIGINT, SIGTERM]) func anUpThatIsInterruptedLeavesNothing(_ signal: Int32) async throws {
            let home = try FaultWordsTests.temporaryFolder()
            defer { try? FileManager.default.removeItem(at: home) }
            let file = try file(in: home)
            let folder = ClusterFolder(root: home.appending(path: "data"))
            let up = Process()
            up.executableURL = Command.martlet
            up.arguments = ["cluster", "up", "-f", file.path]
            up.environment = ["HOME": home.path]
            up.standardOutput = FileHandle.nullDevice
            up.standardError = FileHandle.nullDevice
            let ended = AsyncStream<Int32>.makeStream()
            up.terminationHandler = { ended.continuation.yield($0.terminationStatus) }
            try up.run()
            while folder.processes()[NodeName.coordinator] == nil, up.isRunning {
                try await Task.sleep(for: .milliseconds(1))
            }
            kill(up.processIdentifier, signal)
            var status: Int32?
            for await value in ended.stream {
                status = value
                break
            }
            #expect(status == 130)
            #expect(!folder.isUp && !folder.wasStarted)
            #expect(!FileManager.default.fileExists(atPath: home.appending(path: ".martlet/current").path))
        }

        /// Someone has removed the files of processes that run, and another user asks.
        @Test func whatCannotBeSeenIsNotSaidToBeAbsent() async throws {
            let home = try FaultWordsTests.temporaryFolder()
            defer { try? FileManager.default.removeItem(at: home) }
            let file = try file(in: home)
            let folder = ClusterFolder(root: home.appending(path: "data"))
            func martlet(_ arguments: String...) async throws -> CommandResult {
                try await Command.run(
                    Command.martlet, arguments, environment: ["HOME": home.path, "MARTLET_CLUSTER": ""])
            }
            #expect(try await martlet("cluster", "up", "-f", file.path).status == 0)
            // Without a name the current one is meant, and it is no other than itself.
            let again = try await martlet("cluster", "up")
            #expect(again.status == 0 && !again.output.contains("another cluster"), "\(again.output)\(again.errors)")
            let processes = folder.processes()
            if geteuid() == 0 {
                for command in [["cluster", "status"], ["cluster", "down"], ["status"]] {
                    let stranger = try await Command.run(
                        URL(filePath: "/usr/bin/setpriv"),
                        ["--reuid=65534", "--regid=65534", "--clear-groups", Command.martlet.path] + command
                            + ["-f", file.path], environment: ["HOME": "/"])
                    #expect(stranger.status == 1)
                    #expect(
                        stranger.errors.contains("cannot be read: Permission denied"),
                        "\(stranger.output)\(stranger.errors)")
                }
            }
            try FileManager.default.removeItem(at: folder.run)
            for command in [["status"], ["cluster", "status"], ["cluster", "up"], ["doctor"]] {
                let result = try await Command.run(
                    Command.martlet, command, environment: ["HOME": home.path, "MARTLET_CLUSTER": ""])
                #expect(result.status == 1)
                let text = result.output + result.errors
                #expect(text.contains("its files know nothing") && text.contains("martlet cluster down"), "\(text)")
            }
            let down = try await martlet("cluster", "down")
            #expect(down.output.contains("stopped coordinator, gateway-0, worker-0"), "\(down.output)")
            #expect(processes.values.allSatisfy { !$0.isAlive } && !folder.isUp)
        }

        @Test func aClusterOnIPv6() async throws {
            let home = try FaultWordsTests.temporaryFolder()
            defer { try? FileManager.default.removeItem(at: home) }
            let file = home.appending(path: "cluster.yaml")
            try """
            name: six
            data: data
            coordinator: { host: "[::1]", port: 0 }
            workers: { count: 2 }
            inference: { count: 0 }
            gateway: { host: "::1", port: 0 }
            """.write(to: file, atomically: true, encoding: .utf8)
            let variables = ["HOME": home.path, "MARTLET_CLUSTER": file.path]
            let up = try await Command.run(
                Command.martlet, ["cluster", "up", "--no-restart"], environment: variables)
            #expect(up.status == 0, "\(up.errors)")
            #expect(up.output.contains("tcp://[::1]:") && up.output.contains("http://[::1]:"), "\(up.output)")
            let train = try await Command.run(
                Command.martlet, ["train", Digits.job, "--workers", "2", "--set", "train.epochs=1"],
                environment: variables)
            #expect(train.status == 0, "\(train.errors)")
            let down = try await Command.run(Command.martlet, ["cluster", "down"], environment: variables)
            #expect(down.status == 0, "\(down.errors)")
        }
    }
}
