/// Cuts text into the words that byte pairs are merged within, as GPT-2 does:
/// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`.
struct WordSplitter {
    private let scanner: TextScanner
    private let end: Int

    init(_ text: UnsafeRawBufferPointer) {
        scanner = TextScanner(text: text)
        end = text.count
    }

    /// Where the word that starts at `start`, which is before the end, ends.
    func wordEnd(from start: Int) -> Int {
        if let end = contractionEnd(from: start) { return end }
        let text = scanner.text
        if text[start] == UInt8(ascii: " "), start + 1 < end {
            let next = scanner.character(at: start + 1)
            if next.class != .space { return runEnd(of: next.class, from: start + 1 + next.length) }
        }
        let first = scanner.character(at: start)
        guard first.class == .space else { return runEnd(of: first.class, from: start + first.length) }

        // All spaces at the end of the text; else all but the last, which belongs to the word behind it or stands alone.
        var last = start
        var index = start + first.length
        while index < end {
            let next = scanner.character(at: index)
            guard next.class == .space else { return last > start ? last : index }
            last = index
            index += next.length
        }
        return end
    }

    private func runEnd(of wanted: CharacterClass, from start: Int) -> Int {
        var index = start
        while index < end {
            let next = scanner.character(at: index)
            guard next.class == wanted else { break }
            index += next.length
        }
        return index
    }

    private func contractionEnd(from start: Int) -> Int? {
        let text = scanner.text
        guard text[start] == UInt8(ascii: "'"), start + 1 < end else { return nil }
        switch text[start + 1] {
        case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"): return start + 2
        case UInt8(ascii: "r"), UInt8(ascii: "v"):
            return start + 2 < end && text[start + 2] == UInt8(ascii: "e") ? start + 3 : nil
        case UInt8(ascii: "l"):
            return start + 2 < end && text[start + 2] == UInt8(ascii: "l") ? start + 3 : nil
        default: return nil
        }
    }
}
