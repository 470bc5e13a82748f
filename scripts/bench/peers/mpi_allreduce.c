// All-reduce with MPI. Prints for each size the median time of one all-reduce in place and the bus bandwidth,
// 2 (ranks - 1) / ranks x bytes / time, as nccl-tests defines it. Sizes and repetitions are those of
// `martlet bench allreduce`.
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>

static int ascending(const void *a, const void *b) {
    double difference = *(const double *)a - *(const double *)b;
    return (difference > 0) - (difference < 0);
}

int main(int argc, char **argv) {
    MPI_Init(&argc, &argv);
    int rank, ranks;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    const long sizes[] = {256, 4096, 65536, 1 << 20, 4 << 20, 16 << 20};
    for (size_t size = 0; size < sizeof sizes / sizeof *sizes; size++) {
        long count = sizes[size];
        float *values = calloc((size_t)count, sizeof *values);
        // Touches every page, so that none is mapped while the time runs.
        for (long i = 0; i < count; i++) values[i] = 0;
        long repetitions = (32L << 20) / count;
        repetitions = repetitions < 5 ? 5 : repetitions > 200 ? 200 : repetitions;
        double seconds[200];
        for (long round = -5; round < repetitions; round++) {
            if (round == 0) MPI_Barrier(MPI_COMM_WORLD);
            double start = MPI_Wtime();
            MPI_Allreduce(MPI_IN_PLACE, values, (int)count, MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD);
            if (round >= 0) seconds[round] = MPI_Wtime() - start;
        }
        qsort(seconds, (size_t)repetitions, sizeof *seconds, ascending);
        double median = seconds[repetitions / 2];
        if (rank == 0)
            printf("openmpi world=%d bytes=%ld median=%.2fus busbw=%.2fGB/s\n", ranks, 4 * count, median * 1e6,
                   2.0 * (ranks - 1) / ranks * 4 * (double)count / median / 1e9);
        free(values);
    }
    MPI_Finalize();
}
