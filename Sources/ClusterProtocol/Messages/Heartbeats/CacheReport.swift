/// The contents that a node keeps so that it need not fetch them again.
package struct CacheReport: Codable, Sendable, Equatable {
    package var bytes: Int
    package var limit: Int
    /// Contents removed since the process started, because others were used after them.
    package var evictions: Int
    /// Contents since then that were not what their digests say, and were fetched again; nil: none.
    package var damaged: Int?

    package init(bytes: Int, limit: Int, evictions: Int, damaged: Int? = nil) {
        self.bytes = bytes
        self.limit = limit
        self.evictions = evictions
        self.damaged = damaged
    }
}
