import Foundation
import Testing

@testable import Reports

@Suite struct ChromeTraceTests {
    private struct File: Decodable {
        struct Event: Decodable {
            var name: String
            var ph: String
            var pid: Int
            var tid: Int
            var ts: Int?
            var dur: Int?
            var args: [String: String]?
        }
        var traceEvents: [Event]
    }

    @Test func everyWorkerIsAProcessWithItsSpans() throws {
        let trace = ChromeTrace(workers: [
            .init(name: "worker-0", spans: [.init(name: "forward", start: 5, duration: 7)]),
            .init(name: "worker \"1\"", spans: [.init(name: "backward 0", start: 12, duration: 3)]),
        ])
        let file = try JSONDecoder().decode(File.self, from: trace.json())
        let names = file.traceEvents.filter { $0.ph == "M" }
        #expect(names.map(\.pid) == [0, 1] && names.map { $0.args?["name"] } == ["worker-0", "worker \"1\""])
        let spans = file.traceEvents.filter { $0.ph == "X" }
        #expect(spans.map(\.name) == ["forward", "backward 0"])
        #expect(spans.map(\.ts) == [5, 12] && spans.map(\.dur) == [7, 3] && spans.map(\.pid) == [0, 1])
    }
}
