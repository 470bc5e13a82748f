#include <pthread.h>
#include <sched.h>

// glibc declares these only under _GNU_SOURCE, which Swift's importer does not define.
extern int pthread_setname_np(pthread_t thread, const char *name);
enum { CTHREADS_SCHED_BATCH = 3 };

/// Tells the CPU that this is a loop that waits.
static inline void cthreads_spin_hint(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}
