import Collectives
import CollectivesTestKit
import NeuralNetworks
import Testing

@testable import Training

@Suite struct TimelineTests {
    @Test func theNewestSpansStay() {
        let timeline = Timeline(worker: "worker-0", capacity: 3)
        let start = ContinuousClock.now
        for index in 0..<5 {
            timeline.record(
                "span \(index % 2)", from: start + .milliseconds(index), to: start + .milliseconds(index + 1))
        }
        let recording = timeline.recording
        #expect(recording.names == ["span 0", "span 1"])
        #expect(recording.spans.map(\.name) == [0, 1, 0] && recording.dropped == 2)
        #expect(recording.spans.map(\.duration) == [1000, 1000, 1000])
        #expect(recording.spans[1].start - recording.spans[0].start == 1000)
    }

    @Test func namesWithoutAPlaceShareOne() {
        let timeline = Timeline(worker: "worker-0", capacity: 10_000)
        let now = ContinuousClock.now
        for number in 0..<5000 { timeline.record("backward \(number)", from: now, to: now) }
        let recording = timeline.recording
        #expect(recording.names.count == Timeline.nameLimit && recording.names.last == "others")
        #expect(recording.spans.last?.name == Timeline.nameLimit - 1)
    }

    @Test func aRunRecordsItsStepsAndChangesNothing() async throws {
        let problem = Problem()
        let results = try await Ensemble(ranks: 2, slices: 4).run { group in
            let network = try Network(problem.model)
            let timeline = Timeline(worker: "worker-\(group.rank)", capacity: 100_000)
            let run = try TrainingRun(
                specification: problem.specification, network: network, loss: .crossEntropyOnLogits, group: group,
                shards: problem.shards(of: group), resume: nil, timeline: timeline)
            return (try run.run(observer: Silent()).state, timeline.recording)
        }.map { try $0.get() }
        let plain = try await Ensemble(ranks: 2, slices: 4).run { try problem.run($0) }[0].get().state
        for (state, recording) in results {
            #expect(bits(state.parameters) == bits(plain.parameters))
            #expect(
                Set(recording.names).isSuperset(of: [
                    "data", "forward", "backward 0", "backward 3", "communication", "update",
                ]))
            #expect(recording.spans.allSatisfy { $0.duration >= 0 && $0.start >= 0 })
            // Two slices a worker and step, five steps an epoch, six epochs.
            let forward = try #require(recording.names.firstIndex(of: "forward"))
            #expect(recording.spans.count { $0.name == forward } == 2 * 5 * 6)
        }
    }
}
