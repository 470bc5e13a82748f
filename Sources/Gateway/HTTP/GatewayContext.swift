import Hummingbird
import Logging
import NIOCore

/// What the gateway knows of one request beside the request itself.
struct GatewayContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// When the request's head was there.
    let received: ContinuousClock.Instant

    init(channel: any Channel, logger: Logger, received: ContinuousClock.Instant) {
        coreContext = .init(source: ApplicationRequestContextSource(channel: channel, logger: logger))
        self.received = received
    }

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        received = .now
    }
}
