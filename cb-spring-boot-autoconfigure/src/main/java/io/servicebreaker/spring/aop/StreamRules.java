package io.servicebreaker.spring.aop;

import io.servicebreaker.provider.StreamSettings;

/**
 * What holds for the streams of one service. Knows nothing of Reactor, which need not be there.
 *
 * @param waiting how long to wait
 * @param elements what to wait for
 */
record StreamRules(String service, StreamSettings waiting, Elements elements) {}
