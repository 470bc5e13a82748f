import Testing
@testable import Tensors
@Test func buffersAreAligned() {
    for count in [0, 1, 17] { #expect(Int(bitPattern: FloatBuffer(count: count).pointer) % 64 == 0) }
}
