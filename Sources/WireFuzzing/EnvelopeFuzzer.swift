import Wire

/// Feeds mutated frames to the decoder of envelopes. What it accepts must survive encoding and decoding unchanged;
/// what it does not must be refused by an error and never by a crash.
package struct EnvelopeFuzzer: Sendable {
    package struct Report: Sendable, Equatable {
        package var frames = 0
        package var accepted = 0
        package var malformed = 0
        package var tooLarge = 0
        package var otherVersion = 0
        package var invalid = 0
    }

    /// A frame that was accepted and then came back as something else.
    package struct Finding: Error, CustomStringConvertible {
        package let frame: [UInt8]
        package let reason: String

        package var description: String {
            "\(reason); frame: \(frame.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())"
        }
    }

    private let samples: [[UInt8]]
    private var mutator: Mutator

    package init(seed: UInt64) throws {
        var envelopes = EnvelopeSamples.all
        for index in envelopes.indices where index.isMultiple(of: 8) { envelopes[index].protocolVersion += 1 }
        samples = try envelopes.map { try $0.encode() }
        mutator = Mutator(seed: seed)
    }

    package mutating func run(frames: Int) throws(Finding) -> Report {
        var report = Report()
        for _ in 0..<frames {
            try check(mutator.frame(from: samples), &report)
        }
        return report
    }

    private func check(_ frame: [UInt8], _ report: inout Report) throws(Finding) {
        report.frames += 1
        let envelope: Envelope
        do throws(WireError) {
            envelope = try Envelope(decoding: frame)
            report.accepted += 1
        } catch {
            switch error {
            case .malformed: report.malformed += 1
            case .tooLarge: report.tooLarge += 1
            case .version: report.otherVersion += 1
            case .invalid: report.invalid += 1
            }
            return
        }
        let again: Envelope
        do throws(WireError) {
            again = try Envelope(decoding: envelope.encode())
        } catch {
            throw Finding(frame: frame, reason: "accepted, but not when encoded anew: \(error)")
        }
        guard again == envelope else {
            throw Finding(frame: frame, reason: "encoded anew, \(envelope) came back as \(again)")
        }
    }
}
