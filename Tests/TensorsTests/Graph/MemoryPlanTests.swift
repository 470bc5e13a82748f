import Testing

@testable import Tensors

struct MemoryPlanTests {
    @Test func buffersThatAreNeverInUseTogetherShareMemory() {
        var plan = MemoryPlan()
        let first = plan.request(100, during: 0...1)
        let second = plan.request(50, during: 1...2)
        let third = plan.request(100, during: 2...3)
        let layout = plan.layOut()
        #expect(layout.offset(of: first) == layout.offset(of: third))
        #expect(layout.offset(of: second) == 112)
        #expect(layout.count == 112 + 64)
    }

    @Test(arguments: 0..<20)
    func buffersInUseTogetherNeverOverlap(_ seed: UInt64) {
        var random = [Float](repeating: 0, count: 120)
        RandomStream(seed: seed, stream: 0).fill(&random, count: random.count, low: 0, high: 1)
        var plan = MemoryPlan()
        let requests = (0..<40).map { index in
            let start = Int(random[3 * index] * 30)
            let times = start...(start + Int(random[3 * index + 1] * 10))
            let count = Int(random[3 * index + 2] * 200)
            return (count: count, times: times, buffer: plan.request(count, during: times))
        }
        let layout = plan.layOut()
        for (index, one) in requests.enumerated() {
            let place = layout.offset(of: one.buffer)
            #expect(place % ParameterLayout.alignment == 0)
            #expect(place + one.count <= layout.count)
            for other in requests[..<index] where other.times.overlaps(one.times) {
                let otherPlace = layout.offset(of: other.buffer)
                #expect(place + one.count <= otherPlace || otherPlace + other.count <= place)
            }
        }
        #expect(layout.count < requests.reduce(0) { $0 + $1.count })
    }
}
