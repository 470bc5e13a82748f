extension Gateway {
    /// What every request passes, from above, and every answer, from below: of every route, and also where there is none.
    @MiddlewareList var middleware: some Middleware {
        AccessLog(logger: logger)
        AnswerCounts(metrics: metrics)
        RequestIdentity()
        KnownRoutes()
        ShutdownCheck()
        BodyTerms(bytes: configuration.limits.bodyBytes)
        RequestLimit()
    }
}
