/// Why a coordinator's state cannot be used as it lies in its folder. Nothing in the folder has been changed.
package enum StateError: Error, Equatable, CustomStringConvertible {
    /// The folder belongs to one cluster, the database to none or to another.
    case lostIdentity(file: String, recorded: String, found: String?)
    /// The folder holds content that some state must have referred to, and no state.
    case contentWithoutState(file: String)
    /// The identity file does not say which cluster the folder belongs to.
    case damagedIdentity(file: String)
    /// Written by a later version of Martlet.
    case newer(file: String)
    /// What it holds is no state.
    case unreadable(file: String, reason: String)
    /// It may be sound, and cannot be used as things are.
    case obstructed(file: String, StateObstacle)

    package var description: String {
        switch self {
        case .lostIdentity(let file, let recorded, let found):
            "\(file) should hold the state of cluster \(recorded), but "
                + (found.map { "holds that of cluster \($0)" } ?? "holds none: it was emptied, or its log was cut off")
                + "; \(Self.wayBack)"
        case .contentWithoutState(let file):
            "\(file) is missing or empty although the store beside it holds models and data; \(Self.wayBack)"
        case .damagedIdentity(let file):
            "\(file) should say which cluster this folder belongs to, as {\"cluster\": ID}, and does not; \(Self.wayBack)"
        case .newer(let file):
            "\(file) was written by a later version of martlet; run that version, or put a backup of this one back"
        case .unreadable(let file, let reason):
            "\(file) cannot be read as a coordinator's state (\(reason)); \(Self.wayBack)"
        case .obstructed(let file, let obstacle):
            "\(file) cannot be used: \(obstacle.words), then start the cluster again. Nothing was changed"
        }
    }

    private static let wayBack =
        "nothing was changed. Put a backup back: martlet cluster restore -f FILE BACKUP. To begin with an empty "
        + "cluster instead, move the coordinator's folder away. Nodes go on serving meanwhile"
}
