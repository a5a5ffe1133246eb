package io.servicebreaker.provider;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is left of a rate limit at one moment, as far as the provider's headers and the calls since tell.
 *
 * @param credential name of the credential, or empty
 * @param model id of the model, or empty
 * @param unit what is counted
 * @param header name of the header that said how much is left
 * @param limit how much there is when nothing is used, if it is known
 * @param remaining how much is left, 0 or more
 * @param resetsIn time until all of it is there again; absent when it is
 */
public record LimitSnapshot(
        String credential,
        String model,
        LimitUnit unit,
        String header,
        @Nullable Long limit,
        long remaining,
        @Nullable Duration resetsIn) {}
