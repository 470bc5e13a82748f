import Compression
@testable import Datasets
import Foundation
import Testing

/// Every kind of number that NumPy and IDX files hold, in both orders of bytes.
@Suite struct NumberFileTests {
    static func npy(_ type: String, shape: String, _ data: [UInt8]) -> [UInt8] {
        let text = "{'descr': '\(type)', 'fortran_order': False, 'shape': \(shape), }\n"
        let version: [UInt8] = [1, 0, UInt8(text.utf8.count), 0]
        return [0x93] + Array("NUMPY".utf8) + version + Array(text.utf8) + data
    }

    private func numbers(_ bytes: [UInt8], _ open: (URL) throws -> NumberFile) throws -> [Double] {
        let file = try ScratchFile(bytes, name: "numbers")
        let array = try open(file.url)
        var numbers: [Double] = []
        for row in 0..<array.rows { try array.forEachNumber(ofRow: row) { numbers.append($1) } }
        return numbers
    }

    private static func bytes<Value: FixedWidthInteger>(_ values: [Value], big: Bool) -> [UInt8] {
        values.flatMap { value in withUnsafeBytes(of: big ? value.bigEndian : value.littleEndian) { Array($0) } }
    }

    @Test(arguments: [false, true]) func allTypesOfNumPy(isBig: Bool) throws {
        let order = isBig ? ">" : "<"
        func check(_ type: String, _ data: [UInt8], _ expected: [Double]) throws {
            #expect(
                try numbers(Self.npy(type, shape: "(\(expected.count),)", data), NumberFile.npy) == expected, "\(type)")
        }
        func integers<Value: FixedWidthInteger>(_ type: String, _: Value.Type) throws {
            // The largest that a double holds exactly.
            let values: [Value] = [0, 1, 100, (.max >> 11) << 11, .min]
            let code = Value.bitWidth == 8 ? "|" : order
            try check(code + type, Self.bytes(values, big: isBig), values.map { Double($0) })
        }
        try integers("u1", UInt8.self)
        try integers("i1", Int8.self)
        try integers("u2", UInt16.self)
        try integers("i2", Int16.self)
        try integers("u4", UInt32.self)
        try integers("i4", Int32.self)
        try integers("u8", UInt64.self)
        try integers("i8", Int64.self)
        try check("|b1", [0, 1, 1], [0, 1, 1])
        // 1, -2, the largest, the least normal and the least of all, from the standard (IEEE 754).
        try check(
            order + "f2", Self.bytes([0x3C00, 0xC000, 0x7BFF, 0x0400, 0x0001] as [UInt16], big: isBig),
            [1, -2, 65504, 0x1p-14, 0x1p-24])
        let floats: [Float] = [1, -2.5, .greatestFiniteMagnitude, .leastNonzeroMagnitude]
        try check(order + "f4", Self.bytes(floats.map(\.bitPattern), big: isBig), floats.map { Double($0) })
        let doubles: [Double] = [1, -2.5, .greatestFiniteMagnitude, .leastNonzeroMagnitude]
        try check(order + "f8", Self.bytes(doubles.map(\.bitPattern), big: isBig), doubles)
    }

    private func header(_ text: String) -> String {
        let bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(text.utf8.count), 0] + Array(text.utf8)
        do {
            return "\(try numbers(bytes + [1, 2, 3, 4], NumberFile.npy))"
        } catch {
            return "\(error)"
        }
    }

    @Test(arguments: [
        "{'descr': '|u1', 'fortran_order': False, 'shape': (4,), }\n",
        "{'shape':(4,),'fortran_order':False,'descr':'|u1'}",
        "{'descr': '|u1', 'fortran_order': True, 'shape': (4L,)}   \n",
        "{\"descr\": \"|u1\", 'fortran_order': False, 'shape': (4)}",
    ])
    func headersOfNumPy(_ text: String) {
        #expect(header(text) == "[1.0, 2.0, 3.0, 4.0]")
    }

    @Test(arguments: [
        ("{'descr': '|u1', 'fortran_order': False, 'shape': (4,), ((((}", "a key in quotes"),
        ("{'descr': '|u1', 'fortran_order': False, 'shape': (4,)((((, }", "behind 'shape', got '(((("),
        ("{'descr': '|u1', 'fortran_order': False, 'shape': ((4,), }", "a number from 0 in the shape, got '(4,)"),
        ("{'descr': '|u1', 'fortran_order': False, 'shape': (4,,), }", "a number from 0 in the shape"),
        ("{'descr': '|u1', 'fortran_order': False, 'shape': (-4,), }", "a number from 0 in the shape"),
        ("{'descr': '|u1', 'fortran_order': False, 'shape': (+4,), }", "a number from 0 in the shape"),
        ("{'descr': '|u1', 'fortran_order': False, 'shape': (4,), } x", "nothing but spaces behind '}'"),
        ("{'descr': '|u1', 'descr': '<f4', 'fortran_order': False, 'shape': (4,), }", "once, got 'descr'"),
        ("{'descr': '|u1', 'fortran_order': False, 'shape': (4,), 'shape': (2,)}", "once, got 'shape'"),
        ("{'descr': '|u1', 'fortran_order': False, 'x': 1, 'shape': (4,)}", "once, got 'x'"),
        ("{'descr': '|u1', 'fortran_order': Falsehood, 'shape': (4,), }", "behind 'fortran_order'"),
        ("{'descr': '|u1', 'fortran_order': 0, 'shape': (4,), }", "True or False"),
        ("'descr': '|u1', 'fortran_order': False, 'shape': (4,)", "'{' to begin"),
        ("{'descr': '|u1', 'fortran_order': False, 'shape': (4,)", "got its end"),
        ("{'descr': '|u1', 'fortran_order': False}", "no 'shape'"),
        ("{'descr': '|u1', 'shape': (4,)}", "no 'fortran_order'"),
        ("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (4,)}", "simple type"),
        ("{'fortran_order': False, 'shape': (4,)}", "simple type"),
        ("{'descr': '|u1', 'fortran_order': False, 'shape': (99999999999999999999,)}", "a number from 0"),
    ])
    func headersThatAreNone(_ text: String, _ words: String) {
        #expect(header(text).contains(words), "\(header(text))")
    }

    @Test func halvesThatAreNoNumbersAreFound() throws {
        let features = try ScratchFile(
            Self.npy("<f2", shape: "(3, 1)", Self.bytes([0x3C00, 0x7C00, 0x7E00] as [UInt16], big: false)),
            name: "a.npy")
        let targets = try ScratchFile(Self.npy("|u1", shape: "(3,)", [1, 2, 3]), name: "b.npy")
        let job = DataSpecification(
            path: features.path, format: .npy, targetsPath: targets.path, targets: [],
            split: .init(train: 1, test: 0, order: .file))
        #expect(
            try problems { _ = try PlannedData(job, input: [1]) } == [
                "row 2, number 1: inf is not a finite 32-bit number",
                "row 3, number 1: nan is a missing value: set data.clean.missing to drop, and rows with one are left out",
            ])
    }

    @Test(arguments: ["<f16", "<c8", "<U4", "|O", "<M8[ns]", "|S3", "|V2", "f4", "", "<", "<f3"])
    func otherTypesAreRefused(type: String) {
        let error = #expect(throws: ArrayError.self) {
            try Self.npy(type, shape: "(1,)", [0, 0]).withUnsafeBytes { try NPYHeader.parse($0) }
        }
        #expect(error?.message.contains("numpy.float32") == true || type.isEmpty)
    }

    @Test func allTypesOfIDX() throws {
        func check(_ code: UInt8, _ data: [UInt8], _ expected: [Double]) throws {
            let header: [UInt8] = [0, 0, code, 1, 0, 0, 0, UInt8(expected.count)]
            #expect(try numbers(header + data, NumberFile.idx) == expected, "\(code)")
        }
        try check(0x08, [0, 255], [0, 255])
        try check(0x09, [1, 255], [1, -1])
        try check(0x0B, Self.bytes([5, -5] as [Int16], big: true), [5, -5])
        try check(0x0C, Self.bytes([70000, -5] as [Int32], big: true), [70000, -5])
        try check(0x0D, Self.bytes([Float(1.5).bitPattern], big: true), [1.5])
        try check(0x0E, Self.bytes([Double(-1.25).bitPattern], big: true), [-1.25])
    }

    /// More is promised than any disk has, in a few bytes: nothing is written for it.
    @Test func promisesOfCompressedFilesAreCheckedFirst() throws {
        // gzip of one stored block: the header of an IDX file of 2^43 bytes.
        let header: [UInt8] = [0, 0, 8, 2, 0x80, 0, 0, 0, 0, 0, 0x10, 0]
        var gzip: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0]
        let block = header + [UInt8](repeating: 0, count: 100)
        gzip += [UInt8(block.count), 0, ~UInt8(block.count), 255] + block
        let file = try ScratchFile(gzip, name: "bomb.gz")
        #expect(throws: (any Error).self) { try NumberFile.idx(file.url) }

        // An archive whose directory says that 100 bytes become 2^40.
        var archive = try Fixtures.bytes("deflated.npz")
        let entry = try #require(archive.lastRange(of: [0x50, 0x4B, 1, 2]))
        archive.replaceSubrange(entry.lowerBound + 24..<entry.lowerBound + 28, with: [0xFE, 0xFF, 0xFF, 0xFF])
        let bomb = try ScratchFile(archive, name: "bomb.npz")
        let error = #expect(throws: ArrayError.self) { try NumberFile.npz(bomb.url, array: "labels") }
        #expect(error?.message.hasSuffix("compressed ones") == true)
    }

    /// A member of one stored block.
    private static func gzip(_ data: [UInt8]) -> [UInt8] {
        let count = UInt16(data.count)
        var sum = CRC32()
        data.withUnsafeBytes { sum.update($0) }
        var member: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1]
        member += bytes([count, ~count], big: false)
        member += data
        member += bytes([sum.value, UInt32(data.count)], big: false)
        return member
    }

    /// bgzip and pigz write a member for each block, and bgzip an empty one behind the last.
    @Test func gzippedFilesMayHaveSeveralMembers() throws {
        let idx: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 60] + Array(0..<60)
        let expected = (0..<60).map(Double.init)
        for cut in [0, 3, 20, idx.count] {
            let members = Self.gzip(Array(idx[..<cut])) + Self.gzip(Array(idx[cut...])) + Self.gzip([])
            #expect(try numbers(members, NumberFile.idx) == expected, "\(cut)")
            #expect(try numbers(members + [0, 0, 0], NumberFile.idx) == expected)
            for garbage: [UInt8] in [[1, 2, 3], [0x1F, 0x8B], Self.gzip([1])] {
                #expect(throws: ArrayError.self) { try numbers(members + garbage, NumberFile.idx) }
            }
        }
    }

    @Test func targetsThatNeverChangeAreRefused() throws {
        let features = try ScratchFile(Self.npy("|u1", shape: "(3,)", [1, 2, 3]), name: "a.npy")
        func found(_ targets: [UInt8]) throws -> [String] {
            let file = try ScratchFile(Self.npy("|u1", shape: "(3,)", targets), name: "b.npy")
            let job = DataSpecification(
                path: features.path, format: .npy, targetsPath: file.path, targets: [],
                split: .init(train: 1, test: 0, order: .file))
            return try problems { _ = try PlannedData(job, input: [1]) }
        }
        #expect(
            try found([7, 7, 7]) == [
                "the target is the same in all of 3 rows, so there is nothing to learn: check that data.targets_path is the "
                    + "right file"
            ])
        #expect(try found([7, 7, 8]) == [])
    }

    /// NumPy reads the first array of a file and passes over what is behind it; nobody writes that into an archive.
    @Test func whatIsBehindAnArrayIsTold() throws {
        let array = Self.npy("|u1", shape: "(2,)", [1, 2])
        let features = try ScratchFile(array + array, name: "a.npy")
        let targets = try ScratchFile(array, name: "b.npy")
        let job = DataSpecification(
            path: features.path, format: .npy, targetsPath: targets.path, targets: [],
            split: .init(train: 1, test: 0, order: .file))
        let planned = try PlannedData(job, input: [1])
        #expect(planned.plan.rows == 2)
        #expect(
            planned.plan.notes?.map(\.description) == [
                "\(array.count) bytes behind the array of the features are not read, as numpy.load reads one array: if "
                    + "another one is there, save both as one"
            ])
        let idx: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 2, 1, 2]
        for file in [idx, Self.gzip(idx)] { #expect(try numbers(file, NumberFile.idx) == [1, 2]) }
        for file in [idx + [3], Self.gzip(idx + [3])] {
            let error = #expect(throws: ArrayError.self) { try numbers(file, NumberFile.idx) }
            #expect(error?.message == "1 byte behind the array, expected its end: write it anew")
        }
    }

    /// An archive of one array.
    private static func archive(_ array: [UInt8], isDeflated: Bool) -> [UInt8] {
        let name = Array("features.npy".utf8)
        let count = UInt16(array.count)
        var sum = CRC32()
        array.withUnsafeBytes { sum.update($0) }
        // Deflated, it is one stored block.
        var content: [UInt8] = isDeflated ? [1] : []
        if isDeflated { content += bytes([count, ~count], big: false) }
        content += array
        var fields = bytes([20, 0, isDeflated ? 8 : 0, 0, 0] as [UInt16], big: false)
        fields += bytes([sum.value, UInt32(content.count), UInt32(array.count)], big: false)
        fields += bytes([UInt16(name.count), 0], big: false)
        var archive: [UInt8] = [0x50, 0x4B, 3, 4] + fields + name + content
        let directory = archive.count
        archive += [0x50, 0x4B, 1, 2, 20, 0] + fields + [UInt8](repeating: 0, count: 14) + name
        let end = [UInt32(archive.count - directory), UInt32(directory)]
        archive += [0x50, 0x4B, 5, 6, 0, 0, 0, 0, 1, 0, 1, 0] + bytes(end, big: false) + [0, 0]
        return archive
    }

    @Test(arguments: [false, true]) func whatIsBehindAnArrayOfAnArchiveIsRefused(isDeflated: Bool) throws {
        let array = Self.npy("|u1", shape: "(2,)", [1, 2])
        func read(_ member: [UInt8]) throws -> [Double] {
            try numbers(Self.archive(member, isDeflated: isDeflated)) { try NumberFile.npz($0, array: "features") }
        }
        #expect(try read(array) == [1, 2])
        let error = #expect(throws: ArrayError.self) { try read(array + [3, 4]) }
        #expect(error?.message == "2 bytes behind the array, expected its end: write it anew")
    }

    @Test func twoArraysOfOneNameAreToldApartByNothing() throws {
        let archive = try Fixtures.bytes("stored.npz")
        // The record at the end has the directory's size at 12 and its offset at 16; here the directory is there twice.
        var end = Array(archive.suffix(22))
        let bytes = Int(end[12]) + Int(end[13]) << 8
        let offset = Int(end[16]) + Int(end[17]) << 8
        let directory = Array(archive[offset..<offset + bytes])
        end[12] = UInt8(truncatingIfNeeded: 2 * bytes)
        end[13] = UInt8(truncatingIfNeeded: (2 * bytes) >> 8)
        let twice = Array(archive[..<offset]) + directory + directory + end
        let file = try ScratchFile(twice, name: "twice.npz")
        let error = #expect(throws: ArrayError.self) { try NumberFile.npz(file.url, array: "labels") }
        #expect(error?.message.hasPrefix("the archive has 2 members named 'labels.npy', expected one") == true)
    }
}

extension [UInt8] {
    fileprivate func lastRange(of wanted: [UInt8]) -> Range<Int>? {
        indices.reversed().lazy.map { $0..<$0 + wanted.count }.first {
            $0.upperBound <= count && Array(self[$0]) == wanted
        }
    }
}
