import Foundation

/// The picture files of a folder of folders, one class to each. Links are followed.
struct PictureFolder {
    struct File {
        var url: URL
        /// The name of its folder in Unicode's form C, as classes of tables are kept.
        var label: String
        /// `label/file`.
        var name: String
    }

    /// In order of their names.
    private(set) var files: [File] = []
    /// What stands in the folder and is no sample.
    private(set) var notes: [DataPlan.Note] = []

    private static let endings = [".png", ".jpg", ".jpeg"]
    private static let maximumExamples = 5

    /// Names that begin with a point are passed over. Throws `DataFileError` where a folder cannot be read.
    init(_ folder: URL, _ problems: inout ProblemList) throws {
        var empty: [String] = []
        var others: [String] = []
        var unplaced: [String] = []
        for folderName in try Self.names(in: folder, &problems) {
            let inner = folder.appending(path: folderName)
            guard Self.isFolder(inner) else {
                if Self.isPicture(folderName) { unplaced.append(folderName) } else { others.append(folderName) }
                continue
            }
            let label = CanonicalText.string(folderName)
            let before = files.count
            for name in try Self.names(in: inner, &problems) {
                if Self.isPicture(name) {
                    files.append(File(url: inner.appending(path: name), label: label, name: "\(folderName)/\(name)"))
                } else {
                    others.append("\(folderName)/\(name)")
                }
            }
            if files.count == before { empty.append(folderName) }
        }
        note(
            .emptyFolders,
            empty.count == 1
                ? "folder holds no pictures, so it is no class" : "folders hold no pictures, so they are no classes",
            empty)
        note(
            .otherFiles,
            unplaced.count == 1
                ? "picture lies in no folder of a class and was left out"
                : "pictures lie in no folder of a class and were left out", unplaced)
        note(
            .otherFiles,
            others.count == 1
                ? "file or folder is neither a .png nor a .jpg and was left out"
                : "files or folders are neither a .png nor a .jpg and were left out", others)
        if files.isEmpty {
            let found = notes.isEmpty ? "" : " (\(notes.map(\.description).joined(separator: "; ")))"
            problems.add(
                "the folder holds no pictures: expected a folder for each class with .png or .jpg files in it\(found)")
        }
        if files.count > ArraySource.maximumPictures { problems.add("\(files.count) pictures are too many") }
    }

    private mutating func note(_ kind: DataPlan.Note.Kind, _ message: String, _ names: [String]) {
        guard !names.isEmpty else { return }
        notes.append(
            DataPlan.Note(
                kind: kind, count: names.count, message: message,
                examples: DataPlan.Note.examples(Array(names.prefix(Self.maximumExamples)), of: names.count)))
    }

    private static func isPicture(_ name: String) -> Bool {
        let name = name.lowercased()
        return endings.contains { name.hasSuffix($0) }
    }

    static func isFolder(_ url: URL) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: url.path(percentEncoded: false), isDirectory: &isFolder)
            && isFolder.boolValue
    }

    private static func names(in folder: URL, _ problems: inout ProblemList) throws -> [String] {
        guard let directory = opendir(folder.path(percentEncoded: false)) else {
            let reason =
                errno == ENOTDIR
                ? "it is a file, expected a folder with a folder of pictures for each class"
                : String(cString: strerror(errno))
            throw DataFileError.unreadable(folder, reason: reason)
        }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let bytes = withUnsafeBytes(of: entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            guard let name = String(validating: bytes, as: UTF8.self) else {
                problems.add("the name '\(String(decoding: bytes, as: UTF8.self))' is not UTF-8: give it another one")
                continue
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted(by: ClassNames.utf8Order)
    }

    /// The folders that hold pictures.
    var labels: Set<String> { Set(files.map(\.label)) }

    /// A file as a whole, if it is not too large for a picture; else its first bytes, which say what it is.
    static func contents(of url: URL) throws -> [UInt8] {
        let file = try InputFile(url)
        return try file.bytes(at: 0, count: ImageDecoder.maximumFileBytes + 1)
    }
}
