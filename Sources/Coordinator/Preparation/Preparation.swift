import JobProtocol
import Checkpoints
import Datasets
import Explanations
import Foundation
import NeuralNetworks
import Training

/// What a job needs before it can be scheduled.
struct Preparation: Codable, Sendable, Equatable {
    var plan: DataPlan
    var start: StartingPoint?
}

/// What is asked of a preparation: everything it needs to know, so that it can be done in another process.
struct PreparationRequest: Codable, Sendable {
    var specification: JobSpecification
    /// Nil where what the job starts from is still to be copied, or where there is nothing.
    var start: StartingPoint?
    /// The folder of the coordinator's store, in which `start` is.
    var store: URL
}

/// How a preparation ended that came to its end.
enum PreparationResult: Codable, Sendable {
    case done(Preparation)
    /// The model, the data, or what the job starts from is not as it should be: another try would say the same.
    case refused(String)
}

/// A preparation that did not come to its end: it was killed, or ended itself.
struct PreparationDied: Error, Equatable, CustomStringConvertible {
    var description: String
}

/// The disk has no room for what a preparation makes: another try may find some.
package struct PreparationFoundNoRoom: Error, Equatable, CustomStringConvertible {
    /// What a process that prepares ends with then; `EX_CANTCREAT` of `<sysexits.h>`.
    package static let status: Int32 = 73

    package var description: String { "the disk is full" }
}

/// The model, the data or the starting point of a job is not as it should be.
struct PreparationRefused: Error, Equatable, CustomStringConvertible {
    var description: String
}

extension PreparationRequest {
    /// Checks the model and what it starts from, indexes and checks the data, and cuts it into shards, which are put into
    /// a store of their own. Throws `PreparationFoundNoRoom`. Blocks.
    func result(in shards: ContentStore) throws -> PreparationResult {
        do throws(NetworkError) {
            _ = try Network(specification.model)
        } catch {
            return .refused("model: no network can be built from it: \(error)")
        }
        do {
            let start = try (self.start ?? shards.put(baseOf: specification.model))?.checked(
                specification.model, in: self.start == nil ? shards : ContentStore(openedElsewhere: store))
            let place = store.path(percentEncoded: false)
            let plan = try DatasetPlanner(of: specification).plan(into: StoredShards(shards, place: place))
            return .done(Preparation(plan: plan, start: start))
        } catch  where DiskSpace.isUsedUp(error) {
            throw PreparationFoundNoRoom()
        } catch {
            return .refused(error.explanation)
        }
    }
}
