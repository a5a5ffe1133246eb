package io.servicebreaker.coordination;

/**
 * How much of this process's resources is used up. Read by one thread now and then, off the path of calls. What is not
 * known is {@link Double#NaN} or negative, and means nothing.
 */
public interface LocalLoad {

    /** Share of the heap that was still in use after its last collection, 0 to 1: garbage is no load. */
    double heap();

    /** How many collections {@link #heap()} can come from there have been. */
    long collections();

    /** Share of the processors' time that this process has used of late, 0 to 1. It need not be smooth. */
    double cpu();
}
