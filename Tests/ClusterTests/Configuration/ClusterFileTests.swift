import Explanations
import Foundation
import StrictYAML
import Testing
import Training
import Wire

@testable import ClusterProtocol
@testable import LocalCluster

@Suite struct ClusterFileTests {
    private func read(_ text: String) throws -> ClusterFile {
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).yaml")
        defer { try? FileManager.default.removeItem(at: file) }
        try text.write(to: file, atomically: true, encoding: .utf8)
        return try ClusterFile(contentsOf: file)
    }

    private func problems(_ text: String) -> [String] {
        do {
            _ = try read(text)
            return []
        } catch let error as YAMLError {
            return error.problems.map { "\($0.path): \($0.message)" }
        } catch {
            return ["\(error)"]
        }
    }

    @Test func whatIsLeftOutHasItsDefault() throws {
        let file = try read("name: local\ndata: data\nworkers: { count: 3 }\ngateway: { port: 0 }\n")
        #expect(file.data == FileManager.default.temporaryDirectory.appending(path: "data").standardizedFileURL)
        #expect(
            file
                == ClusterFile(
                    name: "local", data: file.data, workers: .init(count: 3), gateway: .init(port: 0)))
    }

    @Test func readsEverything() throws {
        let file = try read(
            """
            name: lab
            data: /var/lib/martlet
            coordinator: { host: 10.0.0.1, port: 7000, preparation_memory_bytes: 1073741824 }
            workers: { count: 4, threads: 2 }
            inference: { count: 1, max_batch_rows: 8, queue_rows: 16 }
            gateway: { host: 0.0.0.0, port: 80, max_body_bytes: 2048 }
            heartbeat: { interval: 100ms, suspect: 300ms, dead: 1s }
            remote:
              - { name: worker-9, role: worker, host: 10.0.0.9 }
            launch: { allow: [/opt/trainers, build] }
            """)
        #expect(
            file.launchFolders.map { $0.standardizedFileURL.path } == [
                "/opt/trainers",
                FileManager.default.temporaryDirectory.appending(path: "build").standardizedFileURL.path,
            ])
        #expect(file.data.path == "/var/lib/martlet")
        #expect(file.coordinator == .init(host: "10.0.0.1", port: 7000, preparationMemory: 1 << 30))
        #expect(file.workers == .init(count: 4, threads: 2))
        #expect(file.inference == .init(count: 1, maxBatchRows: 8, queueRows: 16))
        #expect(file.gateway == .init(host: "0.0.0.0", port: 80, maxBodyBytes: 2048))
        #expect(
            file.timing
                == MembershipTiming(heartbeat: .milliseconds(100), suspect: .milliseconds(300), dead: .seconds(1)))
        #expect(file.remote == [.init(name: "worker-9", role: .worker, host: "10.0.0.9")])
    }

    @Test func allProblemsAtOnce() {
        let found = problems(
            """
            name: "../x"
            worker: { count: 2 }
            gateway: { port: 70000 }
            inference: { max_batch_rows: 64, queue_rows: 8 }
            heartbeat: { interval: 1s, suspect: 1s, dead: 500ms }
            """)
        #expect(found.count == 7, "\(found)")
        #expect(found.contains("worker: unknown key: did you mean 'workers'?"))
        #expect(found.contains { $0.contains("the key 'data' is missing") })
        #expect(found.contains { $0.hasPrefix("name: the name is '../x'") })
        #expect(found.contains { $0.hasPrefix("gateway.port: expected an integer from 0 to 65535") })
        #expect(found.contains { $0.hasPrefix("inference.queue_rows: expected at least max_batch_rows, 64") })
        #expect(found.contains { $0.hasPrefix("heartbeat.suspect: expected at least twice the interval") })
        #expect(found.contains { $0.hasPrefix("heartbeat.dead: expected more than suspect") })
    }

    @Test func aNameIsNotEmpty() {
        #expect(problems("name: ''\ndata: d\n") == ["name: \(ClusterName.expectation(for: "the name", got: ""))"])
        #expect(problems("data: d\n") == [": the key 'name' is missing: expected text"])
    }

    @Test func hostsAreAddressesOrNames() throws {
        let file = try read(
            "name: a\ndata: d\ncoordinator: { host: \"[::1]\" }\ngateway: { host: \"::1\" }\n")
        #expect(file.coordinator.host == "::1")
        #expect(file.gateway.host == "::1")
        #expect(try read("name: a\ndata: d\ncoordinator: { host: node-1.example.org }\n").coordinator.host.count == 18)
        for wrong in ["10.0.0", "10.0.0.256", "a b", "[localhost]", "::1::", "tcp://10.0.0.1", "10.0.0.1:7600", ""] {
            #expect(
                problems("name: a\ndata: d\ncoordinator: { host: \"\(wrong)\" }\n") == [
                    "coordinator.host: expected an address or a name, such as 10.0.0.1, ::1 or localhost, found '\(wrong)'"
                ])
        }
    }

    @Test(arguments: ["127.0.0.1", "localhost", "0.0.0.0", "::", "::1", "127.1.2.3"])
    func whereRemoteNodesCannotReachTheCoordinator(_ host: String) {
        let found = problems(
            "name: a\ndata: d\ncoordinator: { host: \"\(host)\" }\nremote: [{ name: w, role: worker, host: 10.0.0.2 }]\n"
        )
        #expect(
            found == [
                "coordinator.host: nodes on other machines (`remote`) cannot reach the coordinator at \(host): expected "
                    + "the address of this machine that they reach"
            ])
    }

    @Test func portsAreOneProcessEach() {
        func found(_ coordinator: String, _ gateway: String) -> [String] {
            problems("name: a\ndata: d\ncoordinator: { \(coordinator) }\ngateway: { \(gateway) }\n")
        }
        let problem = ["gateway.port: the coordinator has port 7600 too: expected another, or 0 for any that is free"]
        #expect(found("port: 7600", "port: 7600") == problem)
        #expect(found("port: 7600", "port: 7600, host: 0.0.0.0") == problem)
        #expect(found("port: 7600, host: 10.0.0.1", "port: 7600") == [])
        #expect(found("port: 0", "port: 0") == [])
        #expect(found("port: 7600", "port: 7601") == [])
    }

    @Test func remoteNodesNeedAnAddressOfTheirOwn() {
        let found = problems(
            "name: a\ndata: d\ncoordinator: { host: 10.0.0.1 }\nremote: [{ name: w, role: worker, host: 0.0.0.0 }]\n")
        #expect(
            found == ["remote: the others cannot reach 'w' at 0.0.0.0: expected the address of its machine as `host`"])
    }

    @Test func remoteNodesNeedNamesAndAWayBack() {
        let found = problems(
            "name: a\ndata: d\nremote: [{ name: worker-0, role: worker, host: h }, { name: g, role: gateway, host: h }]\n"
        )
        #expect(found.contains { $0.contains("there is another node called 'worker-0'") })
        #expect(found.contains { $0.contains("cannot reach the coordinator at 127.0.0.1") })
        #expect(found.contains { $0.contains("expected one of worker, inference") })
    }
}
