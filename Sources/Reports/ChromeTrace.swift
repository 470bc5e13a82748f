package import Foundation

/// What several workers did when, in the Trace Event Format that Perfetto and chrome://tracing read: complete events
/// ("ph": "X") with times in microseconds, one process for each worker.
package struct ChromeTrace: Sendable, Equatable {
    package struct Span: Sendable, Equatable {
        package var name: String
        /// Microseconds since a common origin.
        package var start: Int
        package var duration: Int

        package init(name: String, start: Int, duration: Int) {
            self.name = name
            self.start = start
            self.duration = duration
        }
    }

    package struct Worker: Sendable, Equatable {
        package var name: String
        package var spans: [Span]

        package init(name: String, spans: [Span]) {
            self.name = name
            self.spans = spans
        }
    }

    package var workers: [Worker]

    package init(workers: [Worker]) {
        self.workers = workers
    }

    private struct Event: Encodable {
        var name: String
        /// X: a span; M: a name for a process.
        var ph: String
        var pid: Int
        var tid = 0
        var ts: Int?
        var dur: Int?
        var cat: String?
        var args: [String: String]?
    }

    private struct File: Encodable {
        var traceEvents: [Event]
        var displayTimeUnit = "ms"
    }

    /// The whole file. Throws what the encoder says.
    package func json() throws -> Data {
        var events: [Event] = []
        for (rank, worker) in workers.enumerated() {
            events.append(Event(name: "process_name", ph: "M", pid: rank, args: ["name": worker.name]))
            events += worker.spans.map { span in
                Event(
                    name: span.name, ph: "X", pid: rank, ts: span.start, dur: span.duration,
                    cat: String(span.name.prefix { $0 != " " }))
            }
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(File(traceEvents: events))
    }
}
