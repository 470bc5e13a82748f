import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// Sets up the connections of Hummingbird's server.
///
/// Hummingbird's own connections hand every part of a message from the event loop to a task and back. An inference
/// request is over in less time than that takes, so here a request is gathered on the event loop, and one task, on the
/// same loop, answers it.
struct HTTPConnections<Requests: RequestHandler>: ServerChildChannel {
    struct Value: ServerChildChannelValue {
        let channel: any Channel
    }

    let requests: Requests
    let admission: Admission
    let limits: GatewayConfiguration.Limits
    let executors: EventLoopExecutors

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            var decoding = NIOHTTPDecoderLimitConfiguration()
            decoding.maxHeaderFieldSize = limits.headerBytes
            decoding.maxHeaderListSize = limits.headerBytes
            decoding.maxHeaderFieldCount = 100
            let pipeline = channel.pipeline.syncOperations
            // One request at a time reaches the handler, in order.
            try pipeline.configureHTTPServerPipeline(
                withPipeliningAssistance: true, withErrorHandling: false, withOutboundHeaderValidation: false,
                withEncoderConfiguration: .init(), withDecoderLimitConfiguration: decoding)
            try pipeline.addHandler(IdleStateHandler(allTimeout: TimeAmount(limits.idleTimeout)))
            try pipeline.addHandler(
                HTTPConnection(
                    requests: requests, admission: admission, limits: limits,
                    executor: executors[channel.eventLoop]))
            return Value(channel: channel)
        }
    }

    /// Returns when the connection is closed.
    func handle(value: Value, logger: Logger) async {
        await withTaskCancellationHandler {
            // Closing always succeeds.
            try? await value.channel.closeFuture.get()
        } onCancel: {
            value.channel.close(promise: nil)
        }
    }
}
