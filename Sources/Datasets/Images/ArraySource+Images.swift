import Digests
import Explanations
import Foundation

extension ArraySource {
    /// Pictures of a data set; more would need another kind of index.
    static let maximumPictures = 10_000_000

    /// Decodes the pictures of a folder, one class to each folder in it, into a temporary file.
    static func scanImages(
        _ folder: URL, form: ImageForm, specification: DataSpecification, target: TargetRequirement, ids: TokenIDs?
    ) throws -> SourceScan {
        var problems = ProblemList()
        let pictures = try PictureFolder(folder, &problems)
        let files = pictures.files
        if let height = form.height, let width = form.width, height * width > ImageDecoder.maximumPixels {
            problems.add(
                key: ["data", "images"],
                "data.images: pictures of \(width) x \(height) are too large, expected at most "
                    + "\(ImageDecoder.maximumPixels) pixels")
        }
        guard problems.isEmpty else { return SourceScan(source: nil, problems: problems) }
        guard case .classes = target else {
            problems.add("the class of a picture is its folder, so the model's task must be classification")
            return SourceScan(source: nil, problems: problems)
        }
        let spool = try TemporaryFile()
        var hash = SHA256()
        var size = form.height.flatMap { height in form.width.map { (height: height, width: $0) } }
        var count = 0
        for file in files {
            do {
                let bytes = try PictureFolder.contents(of: file.url)
                Data(file.name.utf8).withUnsafeBytes { hash.update($0) }
                ContentDigest(of: bytes).bytes.withUnsafeBytes { hash.update($0) }
                let picture = try ImageDecoder.decode(bytes, channels: form.channels.count)
                let wanted = size ?? (picture.height, picture.width)
                if count == 0 { try spool.expect(files.count * wanted.height * wanted.width * picture.channels) }
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
            } catch DataFileError.unreadable(_, let reason) {
                problems.add("\(file.name): it cannot be read: \(reason)")
            }
        }
        try spool.flush()
        guard let size, problems.isEmpty else { return SourceScan(source: nil, problems: problems) }
        let shape = [form.channels.count, size.height, size.width]
        let header = ArrayHeader(element: .uint8, bigEndian: false, shape: [count] + shape, offset: 0)
        let features = try NumberFile(spool.url, header: header, spool: spool)
        // Folders with two names are two classes, whatever these look like.
        let classes = ClassNames.sorted(pictures.labels, areTexts: true)
        let index = ClassIndex(classes, areTexts: true)
        let labels = files.map { file in
            var label = file.label
            let place = label.withUTF8 { index.index(of: UnsafeRawBufferPointer($0)) }
            return Int32(place ?? -1)
        }
        var scan = try ArrayScan(features, cleaning: specification.cleaning, ids: ids) { row, fingerprint in
            withUnsafeBytes(of: labels[row]) { fingerprint.add($0) }
        }
        scan.setClasses(classes, labels)
        problems.add(scan.problems)
        let source = ArraySource(
            scan, digest: hash.finalize(), features: features, targets: .classes, shape: shape,
            normalization: specification.normalize, names: files.map(\.name), notes: pictures.notes)
        return SourceScan(source: source, problems: problems)
    }
}
