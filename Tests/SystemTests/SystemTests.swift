import Testing

/// Everything that starts real processes: one cluster after the other, for the machine may have two cores.
@Suite(.serialized, .timeLimit(.minutes(10))) struct SystemTests {}
