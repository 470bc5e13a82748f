/// Learns byte pairs from text. The same text gives the same pairs: the most frequent pair is merged first, and of
/// equally frequent ones that with the smaller ids.
struct PairTraining {
    /// Longer words are cut for counting; they are no words.
    static let maximumWordBytes = 256
    /// Different words that are counted; once there are so many, no further ones are.
    static let maximumWords = 4_000_000

    private var counts: [[UInt8]: Int] = [:]

    init() {}

    /// Counts the words of a text.
    mutating func add(_ text: UnsafeRawBufferPointer) {
        let splitter = WordSplitter(text)
        var start = 0
        while start < text.count {
            let end = splitter.wordEnd(from: start)
            for first in stride(from: start, to: end, by: Self.maximumWordBytes) {
                let word = Array(text[first..<min(first + Self.maximumWordBytes, end)])
                if counts.count < Self.maximumWords || counts[word] != nil { counts[word, default: 0] += 1 }
            }
            start = end
        }
    }

    /// The 256 bytes and then as many merges as fit, of pairs that occur at least twice.
    func tokenizer(vocabulary: Int) -> PairTokenizer {
        var words = PairCounts(counts)
        var tokens = (0...255 as ClosedRange<UInt8>).map { [$0] }
        var known = Set(tokens)
        var merges: [PairTokenizer.Merge] = []
        while tokens.count < vocabulary, let pair = words.mostFrequent() {
            let token = tokens[Int(pair.left)] + tokens[Int(pair.right)]
            // Two pairs can spell one token; the second way to it would be an id that nothing ever gets.
            let isNew = known.insert(token).inserted
            let id = isNew ? tokens.count : tokens.firstIndex(of: token)!
            if isNew { tokens.append(token) }
            merges.append(pair)
            words.merge(pair, into: Int32(id))
        }
        do {
            return try PairTokenizer(tokens: tokens, merges: merges)
        } catch {
            preconditionFailure("a tokenizer was learned whose parts do not fit: \(error)")
        }
    }
}

/// How often each pair of neighbours occurs in a set of words, kept while pairs are merged.
private struct PairCounts {
    private var words: [[Int32]] = []
    private var frequencies: [Int] = []
    private var pairs: [UInt64: Int] = [:]
    /// Words in which a pair occurs, or did once.
    private var places: [UInt64: Set<Int32>] = [:]
    private var heap: [(count: Int, key: UInt64)] = []

    init(_ counts: [[UInt8]: Int]) {
        for (word, count) in counts where word.count > 1 {
            let index = Int32(words.count)
            words.append(word.map(Int32.init))
            frequencies.append(count)
            for position in 0..<word.count - 1 {
                let key = PairTokenizer.Tables.key(Int32(word[position]), Int32(word[position + 1]))
                pairs[key, default: 0] += count
                places[key, default: []].insert(index)
            }
        }
        for (key, count) in pairs { push(count, key) }
    }

    /// Nil when no pair occurs twice. Entries of the heap whose count has changed since are put right on the way.
    mutating func mostFrequent() -> PairTokenizer.Merge? {
        while let top = heap.first {
            let count = pairs[top.key] ?? 0
            if count == top.count {
                guard count >= 2 else { return nil }
                return PairTokenizer.Merge(
                    left: Int32(truncatingIfNeeded: top.key >> 32), right: Int32(truncatingIfNeeded: top.key))
            }
            pop()
            if count > 0 { push(count, top.key) }
        }
        return nil
    }

    mutating func merge(_ pair: PairTokenizer.Merge, into id: Int32) {
        let key = PairTokenizer.Tables.key(pair.left, pair.right)
        var changed: Set<UInt64> = []
        for index in places.removeValue(forKey: key) ?? [] {
            let frequency = frequencies[Int(index)]
            let old = words[Int(index)]
            var new: [Int32] = []
            new.reserveCapacity(old.count)
            var position = 0
            while position < old.count {
                if position + 1 < old.count, old[position] == pair.left, old[position + 1] == pair.right {
                    new.append(id)
                    position += 2
                } else {
                    new.append(old[position])
                    position += 1
                }
            }
            guard new.count < old.count else { continue }
            for position in 0..<old.count - 1 {
                pairs[PairTokenizer.Tables.key(old[position], old[position + 1]), default: 0] -= frequency
            }
            for position in 0..<max(new.count - 1, 0) {
                let key = PairTokenizer.Tables.key(new[position], new[position + 1])
                pairs[key, default: 0] += frequency
                if new[position] == id || new[position + 1] == id {
                    places[key, default: []].insert(index)
                    changed.insert(key)
                }
            }
            words[Int(index)] = new
        }
        pairs[key] = nil
        for key in changed { if let count = pairs[key], count > 0 { push(count, key) } }
    }

    private static func precedes(_ a: (count: Int, key: UInt64), _ b: (count: Int, key: UInt64)) -> Bool {
        (b.count, a.key) < (a.count, b.key)
    }

    private mutating func push(_ count: Int, _ key: UInt64) {
        heap.append((count, key))
        var child = heap.count - 1
        while child > 0, Self.precedes(heap[child], heap[(child - 1) / 2]) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    private mutating func pop() {
        let last = heap.removeLast()
        guard !heap.isEmpty else { return }
        heap[0] = last
        var parent = 0
        while 2 * parent + 1 < heap.count {
            var child = 2 * parent + 1
            if child + 1 < heap.count, Self.precedes(heap[child + 1], heap[child]) { child += 1 }
            guard Self.precedes(heap[child], heap[parent]) else { break }
            heap.swapAt(parent, child)
            parent = child
        }
    }
}
