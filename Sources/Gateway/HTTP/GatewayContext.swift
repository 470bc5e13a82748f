import Hummingbird
import Logging
import NIOCore

/// What the router keeps of a request beside the request itself.
struct GatewayContext: RequestContext {
    var coreContext: CoreRequestContextStorage

    init(channel: any Channel, logger: Logger) {
        self.init(source: ApplicationRequestContextSource(channel: channel, logger: logger))
    }

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
    }
}
