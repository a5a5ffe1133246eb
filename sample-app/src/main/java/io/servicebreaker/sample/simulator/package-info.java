/**
 * A simulator of the AI services that the sample calls.
 *
 * <p>It speaks the wire formats of OpenAI, Perplexity and LightRAG over real HTTP and fails on demand, or as a recorded
 * history says. {@link io.servicebreaker.sample.simulator.Simulator} is the way in.
 */
@NullMarked
package io.servicebreaker.sample.simulator;

import org.jspecify.annotations.NullMarked;
