#include <pthread.h>
#include <sched.h>

// glibc declares these only under _GNU_SOURCE, which Swift's importer does not define.
extern int pthread_setname_np(pthread_t thread, const char *name);
enum { CTHREADS_SCHED_BATCH = 3 };
