/// Worker to worker, as a request, until acknowledged: "have you entered this generation?" Once every peer has said yes,
/// frames may flow: there is someone to take them.
struct GroupHello: ClusterMessage {
    static let kind = MessageKind.hello
    static let path = MessagePath.workerToWorker
    static let largestBytes = MessageBytes.figures

    var group: UInt64
    var rank: Int
    /// All ranks must run the same version of Martlet: another one may add up differently.
    var codeVersion: String

    func check() throws(DocumentProblem) {
        try Check.count(rank, "rank", in: 0...Check.ranks)
        try Check.text(codeVersion, "codeVersion")
    }
}
