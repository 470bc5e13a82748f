internal import Digests
internal import Explanations
internal import Foundation

extension ArraySource {
    /// Pictures of a data set; more would need another kind of index.
    static let maximumPictures = 10_000_000

    /// Decodes the pictures of a folder, one class to each folder in it, into a temporary file.
    static func scanImages(
        _ folder: URL, form: ImageForm, specification: DataSpecification, target: TargetRequirement
    ) throws -> SourceScan {
        var problems = ProblemList()
        let files = try PictureFolder.files(in: folder, &problems)
        guard !files.isEmpty, problems.isEmpty else { return SourceScan(source: nil, problems: problems) }
        guard case .classes = target else {
            problems.add("the class of a picture is its folder, so the model's task must be classification")
            return SourceScan(source: nil, problems: problems)
        }
        let spool = try TemporaryFile()
        var hash = SHA256()
        var size = form.height.flatMap { height in form.width.map { (height: height, width: $0) } }
        var count = 0
        for file in files {
            let bytes = try PictureFolder.contents(of: file.url)
            Data(file.name.utf8).withUnsafeBytes { hash.update($0) }
            ContentDigest(of: bytes).bytes.withUnsafeBytes { hash.update($0) }
            do {
                let picture = try ImageDecoder.decode(bytes, channels: form.channels.count)
                let wanted = size ?? (picture.height, picture.width)
                size = wanted
                guard form.height != nil || (picture.height, picture.width) == wanted else {
                    throw ArrayError(
                        "\(picture.width) x \(picture.height) pixels, where the first has \(wanted.width) x "
                            + "\(wanted.height): set data.images.height and width to resize them")
                }
                try picture.planes(height: wanted.height, width: wanted.width).withUnsafeBytes { try spool.append($0) }
                count += 1
            } catch let error as ArrayError {
                problems.add("\(file.name): \(error.message)")
            }
        }
        try spool.flush()
        guard let size, problems.isEmpty else { return SourceScan(source: nil, problems: problems) }
        let shape = [form.channels.count, size.height, size.width]
        let header = ArrayHeader(element: .uint8, bigEndian: false, shape: [count] + shape, offset: 0)
        let features = try NumberFile(spool.url, header: header, spool: spool)
        let classes = ClassNames.sorted(Set(files.map(\.label)))
        let labels = files.map { file in
            var label = file.label
            let index = label.withUTF8 { ClassNames.index(of: UnsafeRawBufferPointer($0), in: classes) }
            return Int32(index ?? -1)
        }
        var scan = try ArrayScan(features, cleaning: specification.cleaning) { row, fingerprint in
            withUnsafeBytes(of: labels[row]) { fingerprint.add($0) }
        }
        scan.setClasses(classes, labels)
        problems.add(scan.problems)
        let source = ArraySource(
            scan, digest: hash.finalize(), features: features, targets: .classes, shape: shape,
            normalization: specification.normalize, names: files.map(\.name))
        return SourceScan(source: source, problems: problems)
    }
}

/// The picture files of a folder of folders.
enum PictureFolder {
    struct File {
        var url: URL
        /// Of its folder.
        var label: String
        /// `label/file`.
        var name: String
    }

    /// In order of their names; what does not end in .png, .jpg or .jpeg, or begins with a point, is passed over.
    static func files(in folder: URL, _ problems: inout ProblemList) throws -> [File] {
        var files: [File] = []
        do {
            for label in try names(in: folder) {
                let inner = folder.appending(path: label)
                guard try inner.resourceValues(forKeys: [.isDirectoryKey]).isDirectory == true else { continue }
                for name in try names(in: inner) {
                    let ending = name.lowercased()
                    guard [".png", ".jpg", ".jpeg"].contains(where: ending.hasSuffix) else { continue }
                    files.append(File(url: inner.appending(path: name), label: label, name: "\(label)/\(name)"))
                }
            }
        } catch {
            throw DataFileError.unreadable(folder, reason: error.explanation)
        }
        if files.isEmpty {
            problems.add("the folder holds no pictures: expected a folder for each class with .png or .jpg files in it")
        }
        if files.count > ArraySource.maximumPictures { problems.add("\(files.count) pictures are too many") }
        return files
    }

    private static func names(in folder: URL) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))
            .filter { !$0.hasPrefix(".") }.sorted(by: ClassNames.utf8Order)
    }

    /// A file as a whole, if it is not too large for a picture; else its first bytes, which say what it is.
    static func contents(of url: URL) throws -> [UInt8] {
        let file = try InputFile(url)
        return try file.bytes(at: 0, count: ImageDecoder.maximumFileBytes + 1)
    }
}
