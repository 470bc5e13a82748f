import ClusterProtocol
import Datasets
import Foundation

extension DataPlan {
    /// Numbers of one row: a few rows are part of a result, which travels in a message.
    static let largestRow = 2_000_000
    /// Bytes of the plan, which every worker is sent: what is left of a message for everything else that is in an order.
    static let largestBytes = 24 << 20

    /// Throws what would only be found when the plan, or a result, cannot be sent.
    func checkSize() throws {
        guard preprocessing.rawColumns <= Self.largestRow else {
            throw PlanSizeError.row(numbers: preprocessing.rawColumns)
        }
        let bytes = try ClusterJSON.encoder().encode(self).count
        guard bytes <= Self.largestBytes else { throw PlanSizeError.plan(bytes: bytes) }
    }
}

enum PlanSizeError: Error, Equatable, CustomStringConvertible {
    case row(numbers: Int)
    case plan(bytes: Int)

    var description: String {
        switch self {
        case .row(let numbers):
            "a row has \(numbers) numbers, expected at most \(DataPlan.largestRow): smaller pictures "
                + "(data.images.height and width), fewer columns or positions"
        case .plan(let bytes):
            "what the workers must know of the data has \(bytes) bytes, expected at most \(DataPlan.largestBytes): "
                + "columns with fewer different values (data.types makes numbers of them), a smaller vocabulary or "
                + "fewer slices"
        }
    }
}
