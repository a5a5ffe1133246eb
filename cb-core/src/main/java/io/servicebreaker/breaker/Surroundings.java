package io.servicebreaker.breaker;

import io.servicebreaker.event.Events;
import io.servicebreaker.time.TimeSource;
import java.util.function.DoubleSupplier;

/**
 * What all breakers share.
 *
 * @param places bounds the probes of services
 * @param luck numbers from 0 inclusive to 1 exclusive
 */
record Surroundings(TimeSource time, Events events, ProbePlaces places, DoubleSupplier luck) {}
