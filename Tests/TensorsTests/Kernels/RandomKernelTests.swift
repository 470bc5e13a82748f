import CKernels
import Testing

@testable import Tensors

struct RandomKernelTests {
    let compare = KernelComparison()

    @Test(arguments: KernelComparison.lengths)
    func uniformNumbers(_ count: Int) throws {
        let stream = martlet_random_stream(seed: 0x0123_4567_89ab_cdef, step: 3, stream: 9)
        try compare(length: count) { table, values in
            table.uniform(stream, -0.5, 2, values, count)
            return 0
        }
    }

    @Test(arguments: KernelComparison.lengths)
    func dropout(_ columns: Int) throws {
        let stream = martlet_random_stream(seed: 77, step: 3, stream: 9)
        let x = randomValues(4 * columns)
        for probability in [0, 0.25, 0.9] as [Float] {
            try compare(length: 4 * columns) { table, y in
                table.dropout(stream, probability, 4_000_000_000, x, y, 4, columns)
                return 0
            }
        }
    }

    /// The known answers that come with Random123, the reference implementation of Philox4x32-10, for counters and
    /// keys of zeroes and of ones.
    @Test(arguments: KernelPath.allCases.filter(\.isSupported))
    func philoxGivesItsKnownAnswers(_ path: KernelPath) throws {
        let table = try #require(path.table).pointee
        // Element 16 w is word w of block 0 in the interleaved order; the top 24 bits are visible.
        var values = [Float](repeating: 0, count: 64)
        table.uniform(martlet_random_stream(seed: 0, step: 0, stream: 0), 0, 1, &values, 64)
        let words = [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8] as [UInt32]
        for (index, word) in words.enumerated() {
            #expect(values[16 * index] == Float(word >> 8) / 16_777_216)
        }
    }

    @Test func numbersDependOnSeedStepStreamAndRow() {
        func mask(seed: UInt64 = 1, step: UInt32 = 1, stream: UInt32 = 1, row: UInt32 = 1) -> [Float] {
            var values = [Float](repeating: 1, count: 256)
            let place = martlet_random_stream(seed: seed, step: step, stream: stream)
            kernels.dropout(place, 0.5, row, values, &values, 1, values.count)
            return values
        }
        let masks = [
            mask(), mask(seed: 2), mask(seed: 1 + 1 << 32), mask(step: 2), mask(stream: 2), mask(row: 2),
        ]
        #expect(Set(masks).count == masks.count)
        #expect(mask() == mask())
    }

    @Test func dropoutKeepsTheRightShareAndTheMean() {
        let count = 200_000
        var values = [Float](repeating: 1, count: count)
        kernels.dropout(martlet_random_stream(seed: 4, step: 1, stream: 1), 0.3, 0, values, &values, 1, count)
        let dropped = Double(values.count { $0 == 0 }) / Double(count)
        let mean = values.reduce(0) { $0 + Double($1) } / Double(count)
        // Five standard deviations.
        #expect(abs(dropped - 0.3) < 0.0052)
        #expect(abs(mean - 1) < 0.0074)
    }
}
