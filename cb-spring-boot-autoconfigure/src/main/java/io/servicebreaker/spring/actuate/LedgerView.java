package io.servicebreaker.spring.actuate;

import io.servicebreaker.cost.ledger.LedgerStatus;
import io.servicebreaker.cost.ledger.LedgerWriter;
import io.servicebreaker.spring.StoreProperties;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Whether it can be kept what calls cost, as people read it. Safe for use by many threads. */
final class LedgerView {

    private final String type;
    private final LedgerWriter writer;

    /**
     * Creates it.
     *
     * @param type the one that is configured; in memory there is no ledger, unless the application brings one
     */
    LedgerView(StoreProperties.Type type, LedgerWriter writer) {
        this.type = type == StoreProperties.Type.MEMORY ? "own" : type.name().toLowerCase(Locale.ROOT);
        this.writer = writer;
    }

    Map<String, Object> detail() {
        LedgerStatus status = writer.status();
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("type", type);
        detail.put("state", status.isUp() ? "UP" : "DOWN");
        if (status.failingSince() != null) {
            detail.put("failingSince", status.failingSince().toString());
        }
        if (status.problem() != null) {
            detail.put("problem", status.problem());
        }
        if (status.unspillable() != null) {
            detail.put("unspillable", status.unspillable());
        }
        detail.put("waiting", status.waiting());
        detail.put("spilled", status.spilled());
        detail.put("unrecorded", status.unrecorded());
        return detail;
    }
}
