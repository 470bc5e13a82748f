#pragma once

#include <stdbool.h>
#include <stdint.h>

/// Whether allocations are counted: with glibc, and without a sanitizer, which has an allocator of its own.
bool martlet_allocations_are_counted(void);

/// Does not count from now on what this library, part of whose path is given, asks for by itself. To be called once.
void martlet_leave_out_allocations(const char *library);

/// Blocks of memory that the calling thread has asked for since it began, by whatever function of the C library.
uint64_t martlet_allocations(void);
