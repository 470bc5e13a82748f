import CSharedMemory
import Foundation

/// Where a rank runs, as it tells the others before they share memory.
struct Introduction: Codable {
    var host: String
    var process: Int32
}

extension ProcessGroup {
    /// The ranks of every host, hosts in the order of their first ranks. All ranks call it before anything that
    /// depends on it; only the first call sends messages.
    package func findHosts() throws -> [[Int]] {
        if introductions.isEmpty {
            let host = tuning.sharesMemory ? host.text : "rank \(rank)"
            introductions = try allGather(
                document: Introduction(host: host, process: getpid()), named: "hosts")
        }
        return Self.hosts(of: introductions.map(\.host))
    }

    /// Memory that the ranks on each host see together, with `floats` floats for each rank. All ranks call it; those
    /// of one host with the same number. Nil, on every rank, where no two ranks are on one host or one of them cannot
    /// map the memory; `sharedMemoryRefusal` then says why.
    package func shareMemory(floats: Int, named name: String) throws -> SharedMemory? {
        guard size > 1, tuning.sharesMemory else { return nil }
        let hosts = try findHosts()
        guard hosts.contains(where: { $0.count > 1 }) else { return nil }
        let ranks = hosts.first { $0.contains(rank) }!
        let leader = ranks[0]
        let byteCount = SharedLayout(ranks: ranks.count, floatsPerRank: floats).byteCount

        var made: (segment: SharedSegment, offer: SharedSegment.Offer)?
        defer { if let made { close(made.offer.descriptor) } }
        var refusal: String?
        if rank == leader {
            do throws(SharedMemoryError) {
                made = try SharedSegment.make(byteCount: byteCount)
            } catch {
                refusal = error.description
            }
        }
        let offers = try allGather(document: made?.offer, named: "offer of memory of \(name)")
        var segment = made?.segment
        var processes: [(rank: Int, descriptor: Int32)] = []
        if rank != leader, let offer = offers[leader] {
            guard offer.byteCount == byteCount else {
                let theirs = "memory of \(name) (\(offer.byteCount) bytes)"
                throw disagree("memory of \(name) (\(byteCount) bytes)", other: leader, theirs)
            }
            do throws(SharedMemoryError) {
                segment = try SharedSegment.open(offer)
            } catch {
                refusal = error.description
            }
        }
        for peer in ranks where introductions[peer].process != getpid() {
            let descriptor = martlet_process_open(introductions[peer].process)
            if descriptor >= 0 { processes.append((peer, descriptor)) }
        }
        let refusals = try allGather(document: refusal, named: "opening of memory of \(name)")
        guard let segment, refusals.allSatisfy({ $0 == nil }) else {
            for process in processes { close(process.descriptor) }
            let reasons = refusals.enumerated().compactMap { rank, refusal in
                refusal.map { "\(self.name(rank)): \($0)" }
            }
            sharedMemoryRefusal = reasons.joined(separator: "; ")
            return nil
        }
        let memory = SharedMemory(
            segment: segment, rank: rank, ranks: ranks, hosts: hosts, floatsPerRank: floats, processes: processes)
        watch(memory)
        return memory
    }

    /// Hosts in the order of their first ranks.
    static func hosts(of identities: [String]) -> [[Int]] {
        var hosts: [[Int]] = []
        for (rank, identity) in identities.enumerated() {
            if let index = hosts.firstIndex(where: { identities[$0[0]] == identity }) {
                hosts[index].append(rank)
            } else {
                hosts.append([rank])
            }
        }
        return hosts
    }
}
