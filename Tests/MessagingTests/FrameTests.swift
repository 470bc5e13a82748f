import Synchronization
import Testing

@testable import Messaging

@Suite struct FrameTests {
    private final class Owner: Sendable {
        let bytes: [UInt8]
        let released: @Sendable () -> Void

        init(_ bytes: [UInt8], released: @escaping @Sendable () -> Void) {
            self.bytes = bytes
            self.released = released
        }

        deinit { released() }
    }

    @Test func copiesAreAlignedAndEqual() {
        let frame = Frame(copying: [1, 2, 3])
        #expect(frame.bytes == [1, 2, 3])
        #expect(frame.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) % 64 } == 0)
        #expect(Frame(copying: []).bytes.isEmpty)
    }

    @Test func ownersLiveAsLongAsTheirFrame() {
        let flag = ReleaseFlag()
        var frame: Frame?
        do {
            let owner = Owner([4, 5, 6]) { flag.set() }
            frame = owner.bytes.withUnsafeBytes { Frame(owner: owner, bytes: $0) }
        }
        #expect(frame?.bytes == [4, 5, 6])
        #expect(!flag.isSet)
        frame = nil
        #expect(flag.isSet)
    }

    private final class ReleaseFlag: Sendable {
        private let flag = Atomic(false)

        var isSet: Bool { flag.load(ordering: .relaxed) }

        func set() { flag.store(true, ordering: .relaxed) }
    }
}
