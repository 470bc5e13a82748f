#pragma once

/// Before a loop over elements whose input and output are the same buffer or do not overlap at all. Without it the
/// compiler would test for overlap and take a scalar loop for the same buffer.
#define IN_PLACE_TOO _Pragma("clang loop vectorize(assume_safety)")
