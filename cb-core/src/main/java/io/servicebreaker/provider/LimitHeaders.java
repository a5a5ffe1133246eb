package io.servicebreaker.provider;

/**
 * The response headers in which a provider tells of one of its rate limits.
 *
 * @param remaining name of the header that says how much is left in the present window
 * @param reset name of the header that says when all of it is there again
 */
public record LimitHeaders(String remaining, String reset) {}
