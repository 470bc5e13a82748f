/// Another rank of a group has not entered it in time.
package struct GroupNotMet: Error, Sendable, Equatable, CustomStringConvertible {
    package var group: UInt64
    package var rank: Int
    package var name: String
    package var patience: Duration

    package var description: String {
        "entering generation \(group): nothing from rank \(rank) (\(name)) within \(patience)"
    }
}
