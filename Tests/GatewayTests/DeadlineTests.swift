import Foundation
import Messaging
import Testing
import Wire

@testable import Gateway

/// How long a request may take, as its caller says it.
@Suite(.timeLimit(.minutes(10))) struct DeadlineTests {
    /// Milliseconds in the header, microseconds in the body, and the seconds that the answer speaks of.
    private static let noTime: [(Int?, Int?, String)] = [
        (nil, 0, "0.0"), (0, nil, "0.0"), (0, 5_000_000, "0.0"), (5000, 0, "0.0"), (5000, 1, "1e-06"),
    ]

    /// No time at all is over before anything is done: 504, and no node is bothered. The shorter of both ways to say it
    /// counts, and the connection stays as good as it was.
    @Test(arguments: noTime)
    func noTimeAtAll(header: Int?, parameter: Int?, allowed: String) async throws {
        try await TestGateway.with(nodes: 1) { test async throws in
            let answer = try await test.infer(
                headers: header.map { ["martlet-timeout-ms": "\($0)"] } ?? [:],
                extra: parameter.map { #","parameters":{"timeout":\#($0)}"# } ?? "")
            #expect(answer.status == 504)
            #expect(
                try answer.error == """
                    the request was allowed \(allowed) seconds, which was over before it was sent to a node: allow it \
                    more, or leave out parameters.timeout and martlet-timeout-ms
                    """)
            #expect(answer.headers["martlet-model-version"] == "2")
            #expect(test.nodes[0].requests.isEmpty)
            #expect(test.gateway.dispatcher.ejectionCount == 0)
            #expect(try await test.infer().status == 200)
        }
    }

    /// What is wrong with a request whatever its time is said first.
    @Test func otherMistakesComeFirst() async throws {
        try await TestGateway.with(nodes: 1) { test async throws in
            let path = "/v2/models/sums/infer"
            let none = ["martlet-timeout-ms": "0"]
            #expect(try await test.request("POST", path, headers: none, body: Array("{".utf8)).status == 400)
            #expect(try await test.infer(path: "/v2/models/nothing/infer", headers: none).status == 404)
        }
    }

    @Test(arguments: ["soon", "-1", "", "1.5", "99999999999999999999", "+5000", "05"])
    func headersThatAreNoTime(field: String) async throws {
        try await TestGateway.with(nodes: 1) { test async throws in
            let answer = try await test.infer(headers: ["martlet-timeout-ms": field])
            #expect(answer.status == 400)
            #expect(
                try answer.error == "martlet-timeout-ms: expected milliseconds from 0, digits alone, got '\(field)'")
            #expect(test.nodes[0].requests.isEmpty)
        }
    }

    @Test(arguments: ["-1", "1.5", #""5""#, "99999999999999999999"])
    func parametersThatAreNoTime(value: String) async throws {
        try await TestGateway.with(nodes: 1) { test async throws in
            let answer = try await test.infer(extra: #","parameters":{"timeout":\#(value)}"#)
            #expect(answer.status == 400)
            #expect(try answer.error.contains("timeout"))
            #expect(test.nodes[0].requests.isEmpty)
        }
    }

    @Test func aNodeThatTakesTooLong() async throws {
        try await TestGateway.with(nodes: 1) { test async throws in
            test.nodes[0].answer { _ in .silence }
            // Where all else is slow the time may be over before the request is sent, which is said in other words.
            var late: HTTPAnswer
            repeat {
                late = try await test.infer(extra: #","parameters":{"timeout":500000}"#)
                #expect(late.status == 504)
            } while try late.error.contains("which was over before it was sent to a node")
            #expect(
                try late.error
                    == "the request was allowed 0.5 seconds, by the end of which 'inference-0' had not answered it")
            #expect(test.gateway.dispatcher.ejectionCount == 0, "a hurried caller ejects nobody")
        }
    }

    /// A caller may ask for more than the gateway gives: the gateway's own limit holds.
    @Test func theGatewayHasTheLastWord() async throws {
        try await TestGateway.with(nodes: 1, limits: .init(requestTimeout: .milliseconds(100))) { test async throws in
            test.nodes[0].answer { _ in .silence }
            #expect(try await test.infer(headers: ["martlet-timeout-ms": "\(Int.max)"]).status == 504)
            #expect(try await test.infer(extra: #","parameters":{"timeout":\#(Int.max)}"#).status == 504)
        }
    }

    /// The node learns for how long its answer is wanted: a length of time, whatever its clock says.
    @Test func deadlinesTravel() async throws {
        try await TestGateway.with(nodes: 1, limits: .init(requestTimeout: .seconds(3600))) { test async throws in
            _ = try await test.infer(extra: #","parameters":{"timeout":1800000000}"#)
            let timeout = try #require(test.nodes[0].requests.first?.envelope.timeout)
            #expect(timeout > .zero && timeout <= .seconds(1800))
        }
    }
}
