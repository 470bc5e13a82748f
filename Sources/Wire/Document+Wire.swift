import CWire

extension Document {
    init(wire: Martlet__V1__Document) throws(WireError) {
        self.init(
            kind: try String(wire: wire.kind, "document.kind"),
            json: Array(UnsafeBufferPointer(start: wire.json.data, count: wire.json.len)))
    }

    /// `field` is where the document lies in the message. The JSON itself is judged by whoever knows its type.
    func validate(_ field: String) throws(WireError) {
        try Validation.bytes(kind, in: 1...WireLimits.kind, field + ".kind")
        try Validation.count(json.count, atMost: WireLimits.documentBytes, field + ".json")
    }

    func wire(in arena: inout Arena) -> UnsafeMutablePointer<Martlet__V1__Document> {
        let wire = arena.allocate(Martlet__V1__Document.self)
        martlet__v1__document__init(wire)
        wire.pointee.kind = arena.copy(kind)
        wire.pointee.json = arena.copy(json)
        return wire
    }
}
