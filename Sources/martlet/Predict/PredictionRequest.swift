import Datasets
import Explanations
import Wire

/// An inference request in the Open Inference Protocol, made from some rows of a person's file.
struct PredictionRequest: Equatable {
    /// Rows of one request: fewer than a queue of a node takes by default, so that a long file is many requests. A node
    /// that takes fewer says so.
    static let maximumRows = 256
    /// A request is sent once it is as long as this.
    static let wantedBytes = 4 << 20

    var body: [UInt8]
    /// Where each row stands in the file; empty where the request is the file.
    var places: [String]

    /// Rows of the smaller requests that it can be cut into, where so many are taken; nil where that helps nothing.
    func rows(atMost limit: Int) -> Int? {
        limit >= 1 && limit < places.count ? limit : nil
    }

    /// What the gateway says of row `n` of the request, told of the place where a person finds it.
    func located(_ message: String, file: String) -> String {
        guard let match = message.prefixMatch(of: #/input '[^']*', row (\d+)(?:: |, )/#), let row = Int(match.1),
            places.indices.contains(row - 1)
        else { return message }
        return "\(file), \(places[row - 1]): \(message[match.range.upperBound...])"
    }
}

/// Puts rows into requests as they come.
struct PredictionRequests {
    /// What is sent for one file; a longer one has to be cut by whoever asks.
    static let maximumBytes = 1 << 30

    private let input: ModelMetadata.Tensor
    private let file: String
    private let rows: Int
    /// Rows at the beginning that are left out, as they are answered already.
    private var skipped: Int
    private(set) var finished: [PredictionRequest] = []
    private var bytes = 0
    private var places: [String] = []
    private var data: [UInt8] = []
    /// Rows of a table that are not yet a window, as elements of JSON.
    private var window: [(place: String, elements: [UInt8])] = []

    init(
        input: ModelMetadata.Tensor, file: String, rows: Int = PredictionRequest.maximumRows, skipping skipped: Int = 0
    ) {
        self.input = input
        self.file = file
        self.rows = rows
        self.skipped = skipped
    }

    /// Throws `RawRowError` where a number is none.
    mutating func add(_ row: RawRow) throws {
        let elements = try elements(of: row)
        guard input.window > 1, row.cells.count < input.valuesPerRow else { return try add(elements, place: row.place) }
        window.append((row.place, elements))
        guard window.count == input.window else { return }
        try add(Array(window.map(\.elements).joined(separator: [.comma])), place: "the rows from \(window[0].place) on")
        window.removeFirst()
    }

    private func elements(of row: RawRow) throws -> [UInt8] {
        guard input.datatype == Datatype.bytes.rawValue else {
            let numbers = try row.numbers(columns: input.columns, file: file)
            return Array(numbers.map { Array(Self.text($0).utf8) }.joined(separator: [.comma]))
        }
        var elements: [UInt8] = []
        for (index, cell) in row.cells.enumerated() {
            if index > 0 { elements.append(.comma) }
            Self.write(cell, to: &elements)
        }
        return elements
    }

    /// A row of numbers as they are sent.
    mutating func add(numbers: [Float], place: String) throws {
        try add(Array(numbers.map { Array(Self.text($0).utf8) }.joined(separator: [.comma])), place: place)
    }

    private mutating func add(_ elements: [UInt8], place: String) throws {
        guard skipped == 0 else {
            skipped -= 1
            return
        }
        if !places.isEmpty { data.append(.comma) }
        data += elements
        places.append(place)
        bytes += elements.count
        guard bytes <= Self.maximumBytes else {
            throw CommandFailure("\(file) is more than \(Self.maximumBytes) bytes of values: cut it into several files")
        }
        if places.count == rows || data.count >= PredictionRequest.wantedBytes { close() }
    }

    private mutating func close() {
        var body = Array("{\"inputs\":[{\"data\":[".utf8)
        body += data
        body += Array("],\"datatype\":\"\(input.datatype)\",\"name\":".utf8)
        Self.write(input.name, to: &body)
        let shape = [places.count] + input.shape.dropFirst()
        body += Array(",\"shape\":[\(shape.map(String.init).joined(separator: ","))]}]}".utf8)
        finished.append(PredictionRequest(body: body, places: places))
        data.removeAll(keepingCapacity: true)
        places.removeAll(keepingCapacity: true)
    }

    /// The requests in the order of the rows. Throws where the rows make no window.
    mutating func finish() throws -> [PredictionRequest] {
        if !places.isEmpty { close() }
        guard !finished.isEmpty else {
            throw CommandFailure(
                "\(file) has \(counted(window.count, "row")): the model foretells a series from \(input.window) rows in a row"
            )
        }
        return finished
    }

    /// The shortest text that is read as the same float again.
    private static func text(_ number: Float) -> String {
        let text = "\(number)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    private static func write(_ text: String, to json: inout [UInt8]) {
        json.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): json += [UInt8(ascii: "\\"), byte]
            case 0..<0x20: json += Array("\\u00\(byte < 16 ? "0" : "")\(String(byte, radix: 16))".utf8)
            default: json.append(byte)
            }
        }
        json.append(UInt8(ascii: "\""))
    }
}

extension UInt8 {
    fileprivate static let comma = UInt8(ascii: ",")
}
