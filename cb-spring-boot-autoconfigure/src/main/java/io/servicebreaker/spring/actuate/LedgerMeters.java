package io.servicebreaker.spring.actuate;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.servicebreaker.cost.ledger.LedgerWriter;

/** How the keeping of records goes, asked for when the registry is read. */
final class LedgerMeters implements MeterBinder {

    private final LedgerWriter writer;

    LedgerMeters(LedgerWriter writer) {
        this.writer = writer;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder(
                        MeterNames.LEDGER_WAITING,
                        writer,
                        ledger -> ledger.status().waiting())
                .description("Records in memory that the store does not have yet")
                .register(registry);
        Gauge.builder(
                        MeterNames.LEDGER_SPILLED,
                        writer,
                        ledger -> ledger.status().spilled())
                .description("Records in local files that the store does not have yet")
                .register(registry);
        FunctionCounter.builder(
                        MeterNames.LEDGER_UNRECORDED,
                        writer,
                        ledger -> ledger.status().unrecorded())
                .description("Calls whose cost is kept, but no record of their own")
                .register(registry);
    }
}
