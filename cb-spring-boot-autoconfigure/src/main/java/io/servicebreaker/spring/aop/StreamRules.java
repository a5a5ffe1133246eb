package io.servicebreaker.spring.aop;

import io.servicebreaker.spring.StreamLimits;

/**
 * What holds for the streams of one service. Knows nothing of Reactor, which need not be there.
 *
 * @param limits how long to wait
 * @param elements what to wait for
 */
record StreamRules(StreamLimits limits, Elements elements) {}
