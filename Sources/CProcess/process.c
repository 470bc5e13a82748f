#define _GNU_SOURCE
#include "CProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/// What a child of vfork becomes.
struct child {
    const char *path;
    char *const *arguments;
    char *const *environment;
    const char *directory;
    /// For descriptors 0, 1, 2 and `MARTLET_PROCESS_CHANNEL`; -1: /dev/null, or none for the channel.
    int descriptors[4];
    /// Whether it is killed when the thread that starts it ends.
    int dies_along;
};

/// Starts a child in a session of its own. Returns 0 or the number of the error.
static int start(const struct child *child, pid_t *id) {
    sigset_t all, before, none;
    sigfillset(&all);
    sigemptyset(&none);
    // No handler of ours may run in the child, which shares our memory until it executes the program.
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t parent = getpid();
    volatile int failure = 0;
    // Not fork: the libraries' handlers for it take locks that other threads may hold.
    pid_t started = vfork();
    if (started == 0) {
        struct sigaction standard = {.sa_handler = SIG_DFL};
        for (int signal = 1; signal < NSIG; signal++) sigaction(signal, &standard, NULL);
        int last = child->descriptors[MARTLET_PROCESS_CHANNEL] < 0 ? 2 : MARTLET_PROCESS_CHANNEL;
        int failed = setsid() < 0 || chdir(child->directory) != 0;
        if (!failed && child->dies_along) failed = prctl(PR_SET_PDEATHSIG, SIGKILL) != 0;
        for (int number = 0; number <= last && !failed; number++) {
            int source = child->descriptors[number];
            if (source < 0) source = open("/dev/null", O_RDWR | O_CLOEXEC);
            failed = source < 0 || dup2(source, number) < 0 || fcntl(number, F_SETFD, 0) != 0;
        }
        if (failed || close_range(last + 1, ~0U, 0) != 0) {
            failure = errno;
            _exit(127);
        }
        // The parent may have ended before the signal for that was set.
        if (getppid() != parent) _exit(127);
        sigprocmask(SIG_SETMASK, &none, NULL);
        execve(child->path, child->arguments, child->environment);
        failure = errno;
        _exit(127);
    }
    int error = started < 0 ? errno : failure;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (started > 0 && error != 0) waitpid(started, NULL, 0);
    *id = started;
    return error;
}

/// Waits for a line on standard input; at its end without one, kills the group. A shell, as it needs nothing of us: our
/// memory would be kept twice by a copy of us that waits.
static const char guard_script[] = "read -r over || kill -s KILL -- \"-$1\"";

/// Starts the guard of a process group, which ends when it reads a line from `input`.
static int start_guard(pid_t group, int input, pid_t *id) {
    char number[16];
    snprintf(number, sizeof number, "%d", (int)group);
    char *const arguments[] = {"sh", "-c", (char *)guard_script, "sh", number, NULL};
    char *const environment[] = {NULL};
    struct child guard = {
        .path = "/bin/sh", .arguments = arguments, .environment = environment, .directory = "/",
        .descriptors = {input, -1, -1, -1}};
    return start(&guard, id);
}

static int wait_for(pid_t id) {
    int status = 0;
    while (waitpid(id, &status, 0) < 0 && errno == EINTR) {}
    return status;
}

static void close_if_open(int descriptor) {
    if (descriptor >= 0) close(descriptor);
}

int martlet_process_start(
    const char *path, char *const arguments[], char *const environment[], const char *directory,
    struct martlet_process *process) {
    int output[2] = {-1, -1}, errors[2] = {-1, -1}, channel[2] = {-1, -1}, guarding[2] = {-1, -1};
    int error = 0, end = -1;
    pid_t id = -1, guard = -1;
    if (pipe2(output, O_CLOEXEC) != 0 || pipe2(errors, O_CLOEXEC) != 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, guarding) != 0
        || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, channel) != 0) {
        error = errno;
    } else {
        struct child child = {
            .path = path, .arguments = arguments, .environment = environment, .directory = directory,
            .descriptors = {-1, output[1], errors[1], channel[1]}, .dies_along = 1};
        error = start(&child, &id);
        if (error == 0) {
            end = (int)syscall(SYS_pidfd_open, id, 0);
            error = end < 0 ? errno : start_guard(id, guarding[0], &guard);
            if (error != 0) {
                kill(-id, SIGKILL);
                wait_for(id);
            }
        }
    }
    close_if_open(output[1]);
    close_if_open(errors[1]);
    close_if_open(channel[1]);
    close_if_open(guarding[0]);
    if (error != 0) {
        close_if_open(output[0]);
        close_if_open(errors[0]);
        close_if_open(channel[0]);
        close_if_open(guarding[1]);
        close_if_open(end);
        return error;
    }
    fcntl(output[0], F_SETFL, O_NONBLOCK);
    fcntl(errors[0], F_SETFL, O_NONBLOCK);
    fcntl(channel[0], F_SETFL, O_NONBLOCK);
    *process = (struct martlet_process){
        .id = id, .end = end, .output = output[0], .errors = errors[0], .channel = channel[0], .guard = guard,
        .guarding = guarding[1]};
    return 0;
}

int martlet_process_finish(const struct martlet_process *process) {
    // Not waited for yet, so nobody else can have got its ID.
    kill(-process->id, SIGKILL);
    // Before its ID is free: from here on the guard has nobody to kill.
    if (send(process->guarding, "\n", 1, MSG_NOSIGNAL) < 0) kill(process->guard, SIGKILL);
    wait_for(process->guard);
    int status = wait_for(process->id);
    close(process->guarding);
    close(process->output);
    close(process->errors);
    close(process->channel);
    close(process->end);
    return status;
}
