/** How good the decisions of breakers are on recorded incidents: a simulation of calls in virtual time. */
@NullMarked
package io.servicebreaker.benchmarks.replay;

import org.jspecify.annotations.NullMarked;
