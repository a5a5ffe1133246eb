package io.servicebreaker.spring.actuate;

import io.servicebreaker.provider.LimitSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What is left of a provider's rate limit, as the endpoint shows it.
 *
 * @param header name of the header that said so
 * @param limit how much there is when nothing is used, if it is known
 * @param remaining less what calls have taken since it was said, plus what has come back
 * @param resetsAt when all of it is there again; absent when it is
 */
record QuotaView(
        @Nullable String credential,
        @Nullable String model,
        String unit,
        String header,
        @Nullable Long limit,
        long remaining,
        @Nullable Duration resetsIn,
        @Nullable Instant resetsAt) {

    /** Null if nothing is known. */
    static @Nullable List<QuotaView> of(List<LimitSnapshot> limits, Instant now) {
        return limits.isEmpty()
                ? null
                : limits.stream().map(limit -> of(limit, now)).toList();
    }

    private static QuotaView of(LimitSnapshot limit, Instant now) {
        return new QuotaView(
                limit.credential().isEmpty() ? null : limit.credential(),
                limit.model().isEmpty() ? null : limit.model(),
                limit.unit().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                limit.header(),
                limit.limit(),
                limit.remaining(),
                limit.resetsIn(),
                limit.resetsIn() == null ? null : now.plus(limit.resetsIn()));
    }
}
