import Testing

@testable import martlet

@Suite struct DoctorTests {
    @Test(arguments: [
        ("Swift version 6.3.1 (swift-6.3.1-RELEASE)", Finding.State.ok), ("Swift version 7.0 (x)", .ok),
        ("Swift version 6.2 (swift-6.2-RELEASE)", .warning), ("Apple Swift version unknown", .warning),
    ])
    func toolchain(_ line: String, _ state: Finding.State) {
        #expect(MachineChecks.toolchain(version: line).state == state)
    }

    @Test func processor() {
        let wide = MachineChecks.processor(cpuinfo: "model name: x\nflags\t\t: fpu avx2 fma avx512f\n", cores: 4)
        #expect(wide == .ok("processor", "4 cores, avx512f avx2 fma"))
        #expect(MachineChecks.processor(cpuinfo: "flags : fpu sse2", cores: 1).state == .warning)
    }

    @Test func limits() {
        #expect(MachineChecks.disk(free: 100_000_000, at: "/data").state == .broken)
        #expect(MachineChecks.disk(free: 1_000_000_000, at: "/data").state == .warning)
        #expect(MachineChecks.disk(free: 90_000_000_000, at: "/data") == .ok("disk", "90 GB free at /data"))
        #expect(MachineChecks.descriptors(limit: 100).state == .broken)
        #expect(MachineChecks.descriptors(limit: 1024).state == .warning)
        #expect(MachineChecks.descriptors(limit: 65536).state == .ok)
    }

    @Test func everyProblemComesWithItsRemedy() {
        let lines = Finding.lines([.ok("disk", "90 GB"), .broken("libzmq", "not found", remedy: "install it")])
        #expect(
            lines == [
                "ok       disk    90 GB", "BROKEN   libzmq  not found", "                 -> install it",
            ])
    }

    @Test func findsTheLibrariesOfThisProcess() {
        #expect(LibraryChecks.findings().contains { $0.subject == "libzmq" && $0.state == .ok })
    }
}
