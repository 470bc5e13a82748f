#include "kernels/workspace.h"

#include <pthread.h>
#include <stdlib.h>

static pthread_key_t key;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void make_key(void) {
    if (pthread_key_create(&key, free) != 0) abort();
}

martlet_workspace *martlet_workspace_of_thread(void) {
    pthread_once(&once, make_key);
    martlet_workspace *own = pthread_getspecific(key);
    if (!own) {
        own = aligned_alloc(64, (sizeof(martlet_workspace) + 63) / 64 * 64);
        if (!own || pthread_setspecific(key, own) != 0) abort();
    }
    return own;
}
