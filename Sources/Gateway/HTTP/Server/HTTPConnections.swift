import Foundation
import NIOCore
import Wire

/// Sets up connections.
///
/// To hand every part of a message from the event loop to a task and back takes longer than an inference request does. So a
/// request is gathered on the event loop, and one task, on the same loop, answers it.
struct HTTPConnections: Sendable {
    let pipeline: RequestPipeline
    let admission: AdmissionControl
    let limits: GatewayConfiguration.Limits
    let executors: EventLoopExecutors

    func setUp(_ channel: any Channel) -> EventLoopFuture<Void> {
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
                HTTPConnection(pipeline: pipeline, admission: admission, limits: limits, executor: executor))
        }
    }
}
