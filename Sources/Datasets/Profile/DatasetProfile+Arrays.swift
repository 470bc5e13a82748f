import Digests
import Foundation

extension DatasetProfile {
    /// A column for each number of a row if they are few, for each channel of a picture, else one for all.
    init(array: NumberFile, of url: URL, format: DataSpecification.Format, name: String = "") throws {
        let (columns, correlations) = try Self.columns(of: array, named: name)
        self.init(
            url, format, digest: try NumberFile.digest(of: url), bytes: try InputFile(url).size, rows: array.rows,
            columns: columns, correlations: correlations)
    }

    init(archive url: URL) throws {
        let names = try ZIPArchive(try InputFile(url)).arrays
        guard !names.isEmpty else {
            throw ArrayError("the archive holds no arrays: expected .npy files in it, as numpy.savez writes them")
        }
        var columns: [Column] = []
        var notes: [String] = []
        var rows = 0
        if names.count > Self.maximumColumns {
            notes.append("the first \(Self.maximumColumns) of \(names.count) arrays are shown")
        }
        for name in names.prefix(Self.maximumColumns) {
            do {
                let array = try NumberFile.npz(url, array: name)
                rows = max(rows, array.rows)
                columns += try Self.columns(of: array, named: name).columns
                notes.append("array '\(name)' has shape \(array.header.shape)")
            } catch let error as ArrayError {
                notes.append("array '\(name)': \(error.message)")
            }
        }
        self.init(
            url, .npz, digest: try NumberFile.digest(of: url), bytes: try InputFile(url).size, rows: rows,
            columns: columns, notes: notes)
    }

    private static func columns(
        of array: NumberFile, named name: String
    ) throws -> (columns: [Column], correlations: Correlations?) {
        let count = array.columns
        let isTable = count <= CorrelationSums.maximumColumns
        let channels = array.header.shape.count == 4 && array.header.shape[1] <= 4 ? array.header.shape[1] : 1
        let groups = isTable ? count : channels
        let prefix = name.isEmpty ? "" : "\(name) "
        var profilers = (0..<groups).map { index in
            ColumnProfiler(name: groups == 1 ? (name.isEmpty ? "all" : name) : "\(prefix)\(index)")
        }
        try array.forEachRow { _, bytes in
            for index in 0..<count { profilers[index * groups / count].add(array.value(in: bytes, at: index)) }
        }
        var sums = CorrelationSums(means: isTable ? profilers.map(\.mean) : [])
        try array.forEachRow { _, bytes in
            var row: [Double] = []
            for index in 0..<count {
                let value = array.value(in: bytes, at: index)
                profilers[index * groups / count].addToHistogram(value)
                if isTable { row.append(value.isFinite ? value : .nan) }
            }
            if isTable { sums.add(row) }
        }
        let columns = profilers.indices.map { profilers[$0].finish() }
        return (columns, isTable && count > 1 ? Correlations(names: columns.map(\.name), values: sums.values()) : nil)
    }

    /// The classes, sizes and values of the pictures of a folder.
    init(pictures folder: URL) throws {
        var problems = ProblemList()
        let pictures = try PictureFolder(folder, &problems)
        let files = pictures.files
        guard problems.isEmpty else { throw problems.report(file: folder.path(percentEncoded: false)) }
        var columns = ["class", "width", "height", "red", "green", "blue"].map { ColumnProfiler(name: $0) }
        var hash = SHA256()
        var bytes = 0
        var notes = pictures.notes.map(\.description)
        // The second pass is for histograms only.
        for isSecond in [false, true] {
            for file in files {
                let content = try PictureFolder.contents(of: file.url)
                do {
                    let picture = try ImageDecoder.decode(content, channels: 3)
                    var label = file.label
                    if !isSecond { label.withUTF8 { columns[0].add(UnsafeRawBufferPointer($0)) } }
                    for (index, side) in [picture.width, picture.height].enumerated() {
                        columns[1 + index].add(Double(side), isSecond)
                    }
                    for (index, value) in picture.pixels.enumerated() {
                        columns[3 + index % 3].add(Double(value), isSecond)
                    }
                } catch let error as ArrayError {
                    if !isSecond, notes.count < DatasetReport.maximumProblems {
                        notes.append("\(file.name): \(error.message)")
                    }
                }
                guard !isSecond else { continue }
                bytes += content.count
                Data(file.name.utf8).withUnsafeBytes { hash.update($0) }
                ContentDigest(of: content).bytes.withUnsafeBytes { hash.update($0) }
            }
        }
        self.init(
            folder, .images, digest: hash.finalize(), bytes: bytes, rows: files.count,
            columns: columns.indices.map { columns[$0].finish() }, notes: notes)
    }

    /// The lines of a text: their characters and words.
    init(text url: URL) throws {
        var columns = [ColumnProfiler(name: "characters in a line"), ColumnProfiler(name: "words in a line")]
        var lines = 0
        var digest: (digest: ContentDigest, bytes: Int)?
        for isSecond in [false, true] {
            var reader = try LineReader(url)
            while try reader.next({ line in
                if !isSecond { lines += 1 }
                guard line.firstNonText == nil else {
                    throw ArrayError("line \(lines): \(UTF8Problem.message(line))")
                }
                var words = 0
                WordTokenizer.forEachWord(of: line, lowercased: false) { _ in words += 1 }
                columns[0].add(Double(String(decoding: line, as: UTF8.self).unicodeScalars.count), isSecond)
                columns[1].add(Double(words), isSecond)
            }) {}
            digest = try reader.finish()
        }
        guard let digest, lines > 0 else { throw ArrayError("the file is empty: expected text") }
        self.init(
            url, .text, digest: digest.digest, bytes: digest.bytes, rows: lines,
            columns: columns.indices.map { columns[$0].finish() })
    }
}

extension ColumnProfiler {
    fileprivate mutating func add(_ value: Double, _ isSecond: Bool) {
        if isSecond { addToHistogram(value) } else { add(value) }
    }
}
