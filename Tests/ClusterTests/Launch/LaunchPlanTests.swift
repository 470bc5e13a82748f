import ClusterProtocol
import Foundation
import Testing
import Wire

@testable import LocalCluster

@Suite struct LaunchPlanTests {
    private let folder = ClusterFolder(root: URL(filePath: "/data"))

    @Test func oneProcessForEachNode() {
        let plan = LaunchPlan(ClusterFile(name: "local", data: folder.root), folder: folder, cores: 8)
        #expect(
            plan.nodes.map(\.name) == [
                "coordinator", "inference-0", "inference-1", "worker-0", "worker-1", "gateway-0",
            ])
        #expect(plan.coordinator.configuration.listen == "tcp://127.0.0.1:7600")
        #expect(plan.coordinator.port == TCPPort(host: "127.0.0.1", port: 7600))
        let worker = plan.followers[2]
        #expect(worker.configuration.listen == "tcp://127.0.0.1:0")
        #expect(worker.port == nil)
        #expect(worker.environment == ["OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"])
        #expect(worker.configuration.threads == 4)
        #expect(plan.followers[0].configuration.threads == nil)
        #expect(plan.followers[0].configuration.inference?.maxBatchRows == 64)
        #expect(plan.followers[4].configuration.gateway?.port == 8080)
        #expect(plan.followers[4].configuration.listen == nil)
    }

    @Test(
        arguments: [(1, 2, nil, 1), (8, 3, nil, 2), (8, 0, nil, 8), (8, 2, 3, 3)] as [(Int, Int, Int?, Int)])
    func coresAreSharedOut(cores: Int, workers: Int, threads: Int?, expected: Int) {
        var file = ClusterFile(name: "local", data: folder.root)
        file.workers = .init(count: max(workers, 1), threads: threads)
        let plan = LaunchPlan(file, folder: folder, cores: cores)
        let worker = plan.followers.first { $0.role == .worker }
        #expect(worker?.configuration.threads == expected)
    }

    @Test func anyFreePortIsRemembered() {
        var file = ClusterFile(name: "local", data: folder.root)
        file.coordinator.port = 0
        file.gateway.port = 0
        let fresh = LaunchPlan(file, folder: folder, cores: 2)
        #expect(fresh.coordinator.configuration.listen == "tcp://127.0.0.1:0")
        #expect(fresh.coordinator.port == nil)
        let again = LaunchPlan(file, folder: folder, cores: 2) { ["coordinator": 5001, "gateway-0": 5002][$0] }
        #expect(again.coordinator.configuration.listen == "tcp://127.0.0.1:5001")
        #expect(again.coordinator.port == TCPPort(host: "127.0.0.1", port: 5001))
        #expect(again.followers.last?.configuration.gateway?.port == 5002)
    }

    @Test func theGatewayStopsFirstAndTheCoordinatorLast() {
        #expect(
            ClusterFolder.stages(of: ["coordinator", "gateway-0", "inference-0", "worker-0"])
                == [["gateway-0"], ["inference-0", "worker-0"], ["coordinator"]])
    }
}
