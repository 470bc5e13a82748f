import ControlPlane
import GRDB

@testable import Coordinator

extension StateStore {
    /// The record of promotions and rollbacks of a model, the oldest first.
    func promotions(of name: String) async throws -> [StoredPromotion] {
        try await pool.read {
            try StoredPromotion.filter(Column("name") == name).order(Column("rowid")).fetchAll($0)
        }
    }
}
