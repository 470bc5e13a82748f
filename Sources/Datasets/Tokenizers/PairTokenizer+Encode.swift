extension PairTokenizer {
    /// Appends the ids of a text.
    func encode(_ text: UnsafeRawBufferPointer, into ids: inout [Int32], cache: inout TokenCache) {
        guard !lookup.specials.isEmpty else { return encode(segment: text, into: &ids, cache: &cache) }
        var start = 0
        var index = 0
        while index < text.count {
            guard let special = special(in: text, at: index) else {
                index += 1
                continue
            }
            encode(segment: UnsafeRawBufferPointer(rebasing: text[start..<index]), into: &ids, cache: &cache)
            ids.append(special.id)
            index += special.length
            start = index
        }
        encode(segment: UnsafeRawBufferPointer(rebasing: text[start...]), into: &ids, cache: &cache)
    }

    private func special(in text: UnsafeRawBufferPointer, at index: Int) -> (id: Int32, length: Int)? {
        for special in lookup.specials
        where special.text[0] == text[index] && text.count - index >= special.text.count
            && text[index..<index + special.text.count].elementsEqual(special.text)
        {
            return (special.id, special.text.count)
        }
        return nil
    }

    /// A part without special tokens.
    private func encode(segment text: UnsafeRawBufferPointer, into ids: inout [Int32], cache: inout TokenCache) {
        guard !text.isEmpty else { return }
        guard options.addsPrefixSpace, text[0] != UInt8(ascii: " ") else {
            return encode(words: text, into: &ids, cache: &cache)
        }
        let spaced = [UInt8(ascii: " ")] + text
        spaced.withUnsafeBytes { encode(words: $0, into: &ids, cache: &cache) }
    }

    private func encode(words text: UnsafeRawBufferPointer, into ids: inout [Int32], cache: inout TokenCache) {
        guard options.splitsWords else { return append(Array(text), to: &ids) }
        let splitter = WordSplitter(text)
        var start = 0
        while start < text.count {
            let end = splitter.wordEnd(from: start)
            let word = Array(text[start..<end])
            start = end
            guard word.count <= 64 else {
                append(word, to: &ids)
                continue
            }
            if let known = cache[word] {
                ids.append(contentsOf: known)
            } else {
                let before = ids.count
                append(word, to: &ids)
                cache[word] = Array(ids[before...])
            }
        }
    }

    /// The ids of one word.
    private func append(_ word: [UInt8], to ids: inout [Int32]) {
        if options.prefersWholeWords, let id = lookup.words[word] { return ids.append(id) }
        var symbols: [Int32] = []
        symbols.reserveCapacity(word.count)
        for byte in word {
            let id = lookup.bytes[Int(byte)]
            if id >= 0 { symbols.append(id) } else if let unknown { symbols.append(unknown) }
        }
        var word = MergingWord(symbols)
        word.merge(by: lookup)
        word.append(to: &ids)
    }
}

/// The symbols of a word while pairs are merged: a linked list in arrays, and a heap of the pairs that may be merged by
/// rank and then from the left. O(n log n), so that a text without spaces is no trap.
private struct MergingWord {
    private struct Candidate {
        var rank: Int32
        var position: Int32
        /// The pair as it was; another one by now means that the candidate is stale.
        var left: Int32
        var right: Int32
        var result: Int32

        static func < (a: Self, b: Self) -> Bool { (a.rank, a.position) < (b.rank, b.position) }
    }

    /// -1 for a symbol that was merged into the one before.
    private var symbols: [Int32]
    private var next: [Int32]
    private var previous: [Int32]
    private var heap: [Candidate] = []

    init(_ symbols: [Int32]) {
        self.symbols = symbols
        next = symbols.indices.map { $0 + 1 < symbols.count ? Int32($0 + 1) : -1 }
        previous = symbols.indices.map { Int32($0) - 1 }
    }

    func append(to ids: inout [Int32]) {
        for symbol in symbols where symbol >= 0 { ids.append(symbol) }
    }

    mutating func merge(by tables: PairTokenizer.Tables) {
        for position in symbols.indices.dropLast() { push(Int32(position), tables) }
        while let best = pop() {
            let position = Int(best.position)
            let right = Int(next[position])
            guard right >= 0, symbols[position] == best.left, symbols[right] == best.right else { continue }
            symbols[position] = best.result
            symbols[right] = -1
            next[position] = next[right]
            if next[right] >= 0 { previous[Int(next[right])] = best.position }
            if previous[position] >= 0 { push(previous[position], tables) }
            push(best.position, tables)
        }
    }

    /// Adds the pair that starts at a position, if it was learned.
    private mutating func push(_ position: Int32, _ tables: PairTokenizer.Tables) {
        let right = next[Int(position)]
        guard right >= 0 else { return }
        let pair = (symbols[Int(position)], symbols[Int(right)])
        guard let merge = tables.merges[PairTokenizer.Tables.key(pair.0, pair.1)] else { return }
        heap.append(
            Candidate(rank: merge.rank, position: position, left: pair.0, right: pair.1, result: merge.result))
        var child = heap.count - 1
        while child > 0, heap[child] < heap[(child - 1) / 2] {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    private mutating func pop() -> Candidate? {
        guard let best = heap.first else { return nil }
        let last = heap.removeLast()
        guard !heap.isEmpty else { return best }
        heap[0] = last
        var parent = 0
        while 2 * parent + 1 < heap.count {
            var child = 2 * parent + 1
            if child + 1 < heap.count, heap[child + 1] < heap[child] { child += 1 }
            guard heap[child] < heap[parent] else { break }
            heap.swapAt(parent, child)
            parent = child
        }
        return best
    }
}
