// What memory shared between processes needs of Linux and of the CPU, and Swift cannot say: anonymous memory files,
// futexes, process descriptors, and atomic access to words inside such memory.
#ifndef MARTLET_CSHAREDMEMORY_H
#define MARTLET_CSHAREDMEMORY_H

#include <stddef.h>
#include <stdint.h>

/// A memory file without a name, of this many bytes, all reserved, whose size nobody can change. Its descriptor, or
/// minus the error number.
int martlet_memory_create(size_t bytes);

/// A descriptor that becomes readable when the process ends, or minus the error number.
int martlet_process_open(int32_t process);

/// Whether a descriptor of `martlet_process_open` says that the process has ended.
int martlet_process_has_ended(int descriptor);

/// Sleeps while *word is `expected`, for at most this long. May return early for no reason.
void martlet_futex_wait(const uint32_t *word, uint32_t expected, int64_t nanoseconds);

/// Wakes every thread of every process that sleeps on the word.
void martlet_futex_wake(const uint32_t *word);

/// The core that the calling thread runs on.
uint32_t martlet_current_core(void);

static inline uint32_t martlet_load(const uint32_t *word) { return __atomic_load_n(word, __ATOMIC_SEQ_CST); }

static inline void martlet_store(uint32_t *word, uint32_t value) { __atomic_store_n(word, value, __ATOMIC_SEQ_CST); }

/// Stores `value` if the word is 0.
static inline void martlet_store_first(uint32_t *word, uint32_t value) {
    uint32_t expected = 0;
    __atomic_compare_exchange_n(word, &expected, value, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

/// Tells the CPU that this is a loop that waits.
static inline void martlet_spin_hint(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

#endif
