#define _GNU_SOURCE
#include "allocations.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define HAS_SANITIZER 1
#endif
#endif

#if defined(__GLIBC__) && !defined(HAS_SANITIZER)

#include <link.h>

/* These take the place of the C library's functions in the whole program, for the linker and the loader look into the
   program first. glibc lets that happen if all of them are replaced, and keeps its own under these names; see
   "Replacing malloc" in its manual. */

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *block);

static _Thread_local uint64_t allocations;
/* Where the library that is left out lies. */
static uintptr_t left_out, left_out_size;

static void note(const void *caller) { allocations += (uintptr_t)caller - left_out >= left_out_size; }

static int find(struct dl_phdr_info *library, size_t size, void *name) {
    (void)size;
    if (!strstr(library->dlpi_name, name)) return 0;
    left_out = library->dlpi_addr;
    for (int index = 0; index < library->dlpi_phnum; index++) {
        uintptr_t end = library->dlpi_phdr[index].p_vaddr + library->dlpi_phdr[index].p_memsz;
        if (library->dlpi_phdr[index].p_type == PT_LOAD && end > left_out_size) left_out_size = end;
    }
    return 1;
}

void martlet_leave_out_allocations(const char *library) {
    dl_iterate_phdr(find, (void *)(uintptr_t)library);
}

void *malloc(size_t size) {
    note(__builtin_return_address(0));
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
    note(__builtin_return_address(0));
    return __libc_calloc(count, size);
}

void *realloc(void *block, size_t size) {
    note(__builtin_return_address(0));
    return __libc_realloc(block, size);
}

void *memalign(size_t alignment, size_t size) {
    note(__builtin_return_address(0));
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    note(__builtin_return_address(0));
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **block, size_t alignment, size_t size) {
    if (alignment % sizeof(void *) != 0 || (alignment & (alignment - 1)) != 0 || alignment == 0) return EINVAL;
    note(__builtin_return_address(0));
    void *found = __libc_memalign(alignment, size);
    if (!found) return ENOMEM;
    *block = found;
    return 0;
}

void free(void *block) { __libc_free(block); }

bool martlet_allocations_are_counted(void) { return true; }
uint64_t martlet_allocations(void) { return allocations; }

#else

bool martlet_allocations_are_counted(void) { return false; }
void martlet_leave_out_allocations(const char *library) { (void)library; }
uint64_t martlet_allocations(void) { return 0; }

#endif
