import Foundation
import Tensors
import Testing

struct StorageTests {
    @Test(arguments: [0, 1, 16, 17, 1000])
    func buffersStartOnCacheLinesWithZeroes(_ count: Int) {
        let buffer = FloatBuffer(count: count)
        #expect(Int(bitPattern: buffer.pointer) % FloatBuffer.alignment == 0)
        #expect((0..<count).allSatisfy { buffer.pointer[$0] == 0 })
    }

    @Test func parametersStartOnCacheLines() throws {
        var layout = ParameterLayout()
        layout.append(name: "0.weight", shape: [3, 5])
        layout.append(name: "0.bias", shape: [3])
        layout.append(name: "2.weight", shape: [32])
        #expect(layout.entries.map(\.offset) == [0, 16, 32])
        #expect(layout.entries.map(\.count) == [15, 3, 32])
        #expect(layout.count == 64)
        #expect(layout.parameterCount == 50)
        #expect(layout.entry(named: "0.bias")?.range == 16..<19)
        #expect(layout.entry(named: "1.bias") == nil)
        let decoded = try JSONDecoder().decode(ParameterLayout.self, from: JSONEncoder().encode(layout))
        #expect(decoded == layout)
    }
}
