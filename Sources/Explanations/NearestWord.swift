/// The word of `candidates` that `word` was most likely meant to be, for the end of an error message.
///
/// The distance is the number of characters inserted, deleted, replaced or swapped with their neighbour, letter case
/// aside (Damerau, 1964, in the form of optimal string alignment); the first candidate wins a tie. Nil when even the nearest
/// differs in more than a third of its characters (one is always allowed, unless it is the only one): a far-fetched
/// suggestion misleads.
package func nearestWord(to word: String, in candidates: some Sequence<String>) -> String? {
    let wanted = Array(word.lowercased())
    var best: (word: String, distance: Int)?
    for candidate in candidates {
        let letters = Array(candidate.lowercased())
        let distance = editDistance(wanted, letters)
        let longest = max(wanted.count, letters.count)
        if distance <= max(1, longest / 3), distance < longest, distance < best?.distance ?? .max {
            best = (candidate, distance)
        }
    }
    return best?.word
}

/// Three rows of the distance table at a time: O(a * b) time, O(b) memory.
func editDistance(_ a: [Character], _ b: [Character]) -> Int {
    var beforePrevious: [Int] = []
    var previous = Array(0...b.count)
    for row in a.indices {
        var current = [row + 1]
        current.reserveCapacity(b.count + 1)
        for column in b.indices {
            var distance = previous[column] + (a[row] == b[column] ? 0 : 1)
            distance = min(distance, previous[column + 1] + 1, current[column] + 1)
            if row > 0, column > 0, a[row] == b[column - 1], a[row - 1] == b[column] {
                distance = min(distance, beforePrevious[column - 1] + 1)
            }
            current.append(distance)
        }
        (beforePrevious, previous) = (previous, current)
    }
    return previous[b.count]
}
