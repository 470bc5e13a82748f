/// The columns that the fields of JSON objects are: a list is a column for each of its elements, `name[0]` and so on. What
/// is trained on and what a model is asked are placed by the same rules.
struct JSONColumns {
    let names: [String]
    /// Where the columns of a field begin, and how many a list has.
    private var places: [String: (first: Int, count: Int?)] = [:]
    /// What the columns were taken from, for messages.
    private let origin: String
    /// What is done about a field that is no column.
    private let strangers: Strangers

    private enum Strangers {
        case refused, passedOver
        /// Passed over, unless it looks like a column that the object lacks.
        case compared
    }

    /// The columns of the first line of a file: those that a job wants; nil: all. A field that the line lacks is not
    /// made up.
    init(ofFirst fields: JSONLineParser.Fields, wanted: Set<String>?) {
        var names: [String] = []
        for (name, value) in fields where places[name] == nil && wanted?.contains(name) ?? true {
            switch value {
            case .cell, .nested:
                places[name] = (names.count, nil)
                names.append(name)
            case .list(let list):
                places[name] = (names.count, list.count)
                names += list.indices.map { "\(name)[\($0)]" }
            }
        }
        self.names = names
        origin = "the first line"
        strangers = wanted == nil ? .refused : .passedOver
    }

    /// The columns that a model reads. Those of a list may be given as that list, too.
    init(ofModel names: [String]) {
        self.names = names
        origin = "the model"
        strangers = .compared
        for (index, name) in names.enumerated() {
            places[name] = (index, nil)
            guard let bracket = name.lastIndex(of: "["), let (first, count) = list(named: String(name[..<bracket])),
                name == "\(name[..<bracket])[\(count)]", first + count == index
            else {
                let list = String(name.dropLast(3))
                if name.hasSuffix("[0]"), places[list] == nil { places[list] = (index, 1) }
                continue
            }
            places[String(name[..<bracket])] = (first, count + 1)
        }
    }

    private func list(named name: String) -> (first: Int, count: Int)? {
        guard let place = places[name], let count = place.count else { return nil }
        return (place.first, count)
    }

    /// The columns of each field that is a list.
    var expansions: [String: [String]] {
        places.compactMapValues { place in place.count.map { Array(names[place.first..<place.first + $0]) } }
    }

    /// The columns that an object gives, be it as null.
    func columns(givenBy fields: JSONLineParser.Fields) -> [Range<Int>] {
        fields.compactMap { field in
            places[field.name].map { $0.first..<$0.first + ($0.count ?? 1) }
        }
    }

    /// The cells of one object: nothing where it has no such field.
    func cells(
        of fields: JSONLineParser.Fields, line: Int?, _ problems: inout ProblemList
    ) -> [JSONLineParser.Cell] {
        var cells = [JSONLineParser.Cell](repeating: .init(bytes: []), count: names.count)
        var isGiven = [Bool](repeating: false, count: names.count)
        var seen: Set<String> = []
        var unknown: [String] = []
        for (name, value) in fields {
            if !seen.insert(name).inserted { problems.add(line: line, column: name, "the field comes twice") }
            guard let place = places[name] else {
                unknown.append(name)
                continue
            }
            switch (value, place.count) {
            case (.nested, _):
                problems.add(line: line, column: name, "nested, expected text, a number or a list of them")
            case (.list([]), 0?):
                problems.add(
                    line: line, column: name,
                    "an empty list, of which no column can be made: name the columns that are meant under features")
            case (.cell(let cell), nil):
                cells[place.first] = cell
                isGiven[place.first] = true
            case (.list(let list), let count?) where list.count == count:
                for (index, cell) in list.enumerated() {
                    cells[place.first + index] = cell
                    isGiven[place.first + index] = true
                }
            case (.list(let list), let count?):
                problems.add(line: line, column: name, "a list of \(list.count), where \(origin) has \(count)")
            case (.list, nil): problems.add(line: line, column: name, "a list, where \(origin) has one value")
            case (.cell, .some): problems.add(line: line, column: name, "one value, where \(origin) has a list")
            }
        }
        check(unknown, lacking: names.indices.filter { !isGiven[$0] }.map { names[$0] }, line: line, &problems)
        return cells
    }

    /// A field that is spelled wrong would pass for a missing value.
    private func check(
        _ unknown: [String], lacking: @autoclosure () -> [String], line: Int?, _ problems: inout ProblemList
    ) {
        guard !unknown.isEmpty, strangers != .passedOver else { return }
        let missing = strangers == .compared ? withLists(lacking()) : []
        for name in unknown {
            if strangers == .refused {
                problems.add(
                    line: line, column: name,
                    "\(origin) has no such field: give it there as null, or name the fields to use in data.features")
            } else if let near = MisspelledName.meaning(of: name, in: missing) {
                problems.add(
                    line: line, column: name,
                    "\(origin) has no such field: did you mean '\(near)'? Where that is missing, give it as null")
            }
        }
    }

    /// With the names under which columns that are missing can be given as lists.
    private func withLists(_ missing: [String]) -> [String] {
        missing + expansions.filter { missing.contains($0.value[0]) }.keys.sorted()
    }
}
