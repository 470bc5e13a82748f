import CKernels
import Testing

@testable import Tensors

struct AttentionKernelTests {
    let compare = KernelComparison(tolerance: 5e-6)

    /// Queries 2 ..< 7 of a causal mask, with padding in the middle and an added mask that closes one row; or of a
    /// window.
    @Test(arguments: [7, 16, 17, 33, 64, 130], [(false, 0), (true, 0), (false, 1), (false, 20)])
    func weights(_ keys: Int, _ mask: (isDense: Bool, window: Int)) throws {
        let isMasked = mask.isDense
        let rows = 5
        let scores = randomValues(rows * keys, low: -6, high: 6)
        let slopes = randomValues(rows * keys, stream: 1)
        let products = randomValues(rows, stream: 2)
        var added = randomValues(7 * keys, stream: 3)
        for place in added.indices where place % 5 == 0 || place / keys == 4 { added[place] = -.infinity }
        let ids = (0..<keys).map { $0 % 6 == 3 ? Float(-1) : 1 }
        try added.withUnsafeBufferPointer { added in
            try ids.withUnsafeBufferPointer { ids in
                var mask = martlet_attention_mask(
                    added: isMasked ? added.baseAddress : nil, added_stride: keys,
                    ids: isMasked ? ids.baseAddress : nil, causal: isMasked, window: mask.window,
                    first_row: 2)
                var normalizers = [Float](repeating: 0, count: rows)
                var weights = scores
                try #require(KernelPath.reference.table).pointee
                    .attention_weights(&mask, &weights, &normalizers, rows, keys)
                try compare(length: rows * keys, initial: scores) { table, values in
                    table.attention_weights(&mask, values, nil, rows, keys)
                    return 0
                }
                try compare(length: 2 * rows * keys, initial: scores + slopes) { table, values in
                    table.attention_weights_backward(
                        &mask, 0.5, normalizers, products, values, values + rows * keys, rows, keys)
                    return 0
                }
            }
        }
    }

    @Test(arguments: KernelComparison.lengths)
    func rowProducts(_ columns: Int) throws {
        let a = randomValues(3 * (columns + 1))
        let b = randomValues(3 * (columns + 1), stream: 1)
        try KernelComparison(tolerance: 1e-5)(length: 3) { table, values in
            table.row_products(a, b, columns + 1, values, 3, columns)
            return 0
        }
    }

    @Test(arguments: [1, 63, 64, 65, 200])
    func dropoutOfATileIsThatOfTheWhole(_ keys: Int) throws {
        let stream = RandomStream(seed: 3, step: 4, stream: 5).kernel
        let values = randomValues(6 * keys)
        try compare(length: values.count, initial: values) { table, values in
            table.dropout_tile(stream, 0.3, 7, 11, values, 6, keys, keys)
            return 0
        }
        let table = try #require(KernelPath.baseline.table).pointee
        var whole = values
        table.dropout_tile(stream, 0.3, 7, 11, &whole, 6, keys, keys)
        // The last two rows, and of them the first half of the keys.
        let columns = (keys + 1) / 2
        var part = (4..<6).flatMap { values[($0 * keys)..<($0 * keys + columns)] }
        table.dropout_tile(stream, 0.3, 7, 15, &part, 2, columns, keys)
        #expect(part == (4..<6).flatMap { whole[($0 * keys)..<($0 * keys + columns)] })
        #expect(keys == 1 || whole.contains(0))
    }

    @Test(arguments: [2, 6, 32, 34])
    func rotation(_ width: Int) throws {
        let (positions, heads, stride) = (3, 2, 2 * width + 5)
        let cosines = randomValues(positions * width / 2, low: -1, high: 1)
        let sines = randomValues(positions * width / 2, stream: 1, low: -1, high: 1)
        let x = randomValues(positions * stride, stream: 2)
        for direction in [1, -1] as [Float] {
            try compare(length: positions * stride) { table, values in
                table.rotate_heads(cosines, sines, direction, x, values, positions, heads, width, stride)
                return 0
            }
        }
    }

    @Test func embeddings() throws {
        let ids: [Float] = [2, 0, -1, 2, 6]
        let table = randomValues(7 * 5)
        let slopes = randomValues(5 * 5, stream: 1)
        try compare(length: 25) { kernels, values in
            kernels.embedding_forward(ids, table, values, 5, 7, 5)
            return 0
        }
        try compare(length: 35) { kernels, values in
            kernels.embedding_backward(ids, slopes, values, 5, 7, 5)
            return 0
        }
    }

    @Test(arguments: KernelPath.allCases.filter(\.isSupported))
    func idsOutsideTheVocabularyReadAndWriteNothing(_ path: KernelPath) throws {
        let kernels = try #require(path.table).pointee
        var values = [Float](repeating: 0, count: 16)
        let ids: [Float] = [3, -1, -2, .nan, .infinity, 2, 0.5, -0.5]
        kernels.embedding_forward(ids, [1, 2, 3, 4, 5, 6], &values, 8, 3, 2)
        #expect(values[2...3] == [0, 0] && values[10...11] == [5, 6])
        for place in [0, 1, 4, 5, 6, 7, 8, 9, 12, 13, 14, 15] { #expect(values[place].isNaN) }
        var gradient = [Float](repeating: 7, count: 7)
        kernels.embedding_backward(ids, [Float](repeating: 1, count: 16), &gradient, 8, 3, 2)
        #expect(gradient == [0, 0, 0, 0, 1, 1, 7])
    }

    @Test(arguments: KernelPath.allCases.filter(\.isSupported))
    func onlyMinusOneIsPadding(_ path: KernelPath) throws {
        let kernels = try #require(path.table).pointee
        let ids: [Float] = [2, -1, -2, -0.5, -1e20]
        var scores = [Float](repeating: 1, count: 5)
        ids.withUnsafeBufferPointer { ids in
            var mask = martlet_attention_mask(
                added: nil, added_stride: 5, ids: ids.baseAddress, causal: false, window: 0, first_row: 0)
            kernels.attention_weights(&mask, &scores, nil, 1, 5)
        }
        #expect(scores == [0.25, 0, 0.25, 0.25, 0.25])
    }
}
