#define _GNU_SOURCE
#include "CProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int start(
    const char *path, char *const arguments[], char *const environment[], const char *directory, int output,
    int channel, pid_t *id) {
    sigset_t all, before, none;
    sigfillset(&all);
    sigemptyset(&none);
    // No handler of ours may run in the child, which shares our memory until it executes the program.
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t parent = getpid();
    volatile int failure = 0;
    // Not fork: the libraries' handlers for it take locks that other threads may hold.
    pid_t child = vfork();
    if (child == 0) {
        struct sigaction standard = {.sa_handler = SIG_DFL};
        for (int signal = 1; signal < NSIG; signal++) sigaction(signal, &standard, NULL);
        int nothing = -1;
        if (setsid() < 0 || prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || chdir(directory) != 0
            || (nothing = open("/dev/null", O_RDONLY)) < 0 || dup2(nothing, 0) < 0 || dup2(output, 1) < 0
            || dup2(output, 2) < 0 || dup2(channel, MARTLET_PROCESS_CHANNEL) < 0
            || fcntl(MARTLET_PROCESS_CHANNEL, F_SETFD, 0) != 0
            || close_range(MARTLET_PROCESS_CHANNEL + 1, ~0U, 0) != 0) {
            failure = errno;
            _exit(127);
        }
        // The parent may have ended before the signal for that was set.
        if (getppid() != parent) _exit(127);
        sigprocmask(SIG_SETMASK, &none, NULL);
        execve(path, arguments, environment);
        failure = errno;
        _exit(127);
    }
    int error = child < 0 ? errno : failure;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (child > 0 && error != 0) waitpid(child, NULL, 0);
    *id = child;
    return error;
}

int martlet_process_start(
    const char *path, char *const arguments[], char *const environment[], const char *directory,
    struct martlet_process *process) {
    int output[2] = {-1, -1}, channel[2] = {-1, -1};
    int error = 0;
    if (pipe2(output, O_CLOEXEC) != 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, channel) != 0) {
        error = errno;
    } else {
        error = start(path, arguments, environment, directory, output[1], channel[1], &process->id);
    }
    if (output[1] >= 0) close(output[1]);
    if (channel[1] >= 0) close(channel[1]);
    if (error == 0) {
        process->end = (int)syscall(SYS_pidfd_open, process->id, 0);
        if (process->end >= 0) {
            fcntl(output[0], F_SETFL, O_NONBLOCK);
            fcntl(channel[0], F_SETFL, O_NONBLOCK);
            process->output = output[0];
            process->channel = channel[0];
            return 0;
        }
        error = errno;
        kill(process->id, SIGKILL);
        waitpid(process->id, NULL, 0);
    }
    if (output[0] >= 0) close(output[0]);
    if (channel[0] >= 0) close(channel[0]);
    return error;
}
