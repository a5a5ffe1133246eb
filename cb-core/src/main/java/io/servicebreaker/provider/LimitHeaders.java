package io.servicebreaker.provider;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The response headers in which a provider tells of one of its rate limits.
 *
 * @param unit what it counts
 * @param limit name of the header that says how much there is when nothing is used, if there is one
 * @param remaining name of the header that says how much is left
 * @param reset name of the header that says when all of it is there again
 */
public record LimitHeaders(LimitUnit unit, @Nullable String limit, String remaining, String reset) {

    /** The names of the headers. */
    public List<String> names() {
        return limit == null ? List.of(remaining, reset) : List.of(limit, remaining, reset);
    }
}
