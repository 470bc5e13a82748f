#ifndef MARTLET_CPROCESS_H
#define MARTLET_CPROCESS_H

#include <sys/types.h>

/// The descriptor of the channel in a started process.
#define MARTLET_PROCESS_CHANNEL 3

/// A process that was started, and this side's ends of what connects it.
struct martlet_process {
    pid_t id;
    /// Becomes readable when the process has ended.
    int end;
    /// What it writes to standard output and to standard error. Do not block.
    int output;
    int errors;
    /// A stream socket, descriptor `MARTLET_PROCESS_CHANNEL` there. Does not block.
    int channel;
    /// The process that ends what is left of the session if this side is gone, and the stream by which it knows.
    pid_t guard;
    int guarding;
};

/// Starts a program in a session of its own, in `directory`, with nothing to read, default signals and no descriptor
/// of ours but the channel. It is killed when the calling thread ends, however that comes, so that thread must stay.
///
/// What the program starts in its turn dies with it: all of one process group, which a guard beside it kills once this
/// process is gone, since the signal for a parent's death reaches children only. What leaves the group leaves the guard.
///
/// Returns 0, or the number of the error (errno). Does what posix_spawn cannot: set the signal for the parent's death.
int martlet_process_start(
    const char *path, char *const arguments[], char *const environment[], const char *directory,
    struct martlet_process *process);

/// Kills what runs of the process and its group, waits for it, and lets the guard go. Gives the status of waitpid(2).
/// The IDs and descriptors mean nothing afterwards.
int martlet_process_finish(const struct martlet_process *process);

#endif
