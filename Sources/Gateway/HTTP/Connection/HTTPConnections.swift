import Foundation
import HummingbirdCore
import Logging
import NIOCore
import Wire

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
            guard let executor = executors[channel.eventLoop] else {
                throw Failure(.internal, "a connection came on an event loop that is none of the server's")
            }
            // What is read behind a request waits in memory: no more of it than one read brings.
            try channel.syncOptions?.setOption(.maxMessagesPerRead, value: 1)
            // The system takes no more of an answer than this beyond what the client's has room for. Otherwise it would
            // hold megabytes for a client that does not read, on nobody's account, while the next answer is made.
            try channel.syncOptions?.setOption(
                .tcpOption(NIOBSDSocket.Option(rawValue: TCP_NOTSENT_LOWAT)), value: limits.unsentBytes)
            try channel.pipeline.syncOperations.addHandler(
                HTTPConnection(
                    requests: requests, admission: admission, limits: limits, executor: executor))
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
