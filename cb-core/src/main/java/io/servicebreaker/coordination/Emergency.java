package io.servicebreaker.coordination;

import java.time.Instant;

/**
 * An emergency: only essential calls, probes and the cache are let through. It ends by itself.
 *
 * @param automatic whether it was declared without a command
 * @param reason why
 * @param by who declared it
 * @param since when
 * @param until when it ends at the latest
 */
public record Emergency(boolean automatic, String reason, String by, Instant since, Instant until) {}
