package io.servicebreaker.cost;

import io.servicebreaker.event.Event;
import java.math.BigDecimal;
import java.time.Instant;

/**
 * A service spends far more than usual. Told at most once an hour; nothing is refused because of it.
 *
 * @param observed what it spent in a minute, by the last one and a half
 * @param expected what it usually spends in a minute, by the last day
 * @param factor how many times as much it is
 */
public record SpendAnomaly(Instant at, String service, Money observed, Money expected, BigDecimal factor)
        implements Event {}
