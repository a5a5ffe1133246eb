package io.servicebreaker.cost.ledger;

import io.servicebreaker.cost.Money;
import io.servicebreaker.cost.SpendRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** A ledger that can be broken by hand. */
final class MemoryLedger implements SpendLedger {

    private record Reserved(Instant at, Map<String, Money> amounts) {}

    private final Map<String, Map<Long, SpendBatch>> batches = new HashMap<>();
    private final Map<String, Reserved> reserved = new HashMap<>();
    private volatile Runnable whenAsked = () -> {};
    private Predicate<SpendRecord> unwanted = record -> false;
    private boolean broken;
    private int refused;

    synchronized void breakDown() {
        broken = true;
    }

    synchronized void repair() {
        broken = false;
    }

    /** What happens in the thread that asks it for anything, before it answers. */
    void whenAsked(Runnable task) {
        whenAsked = task;
    }

    /** Batches with such a record are never taken. */
    synchronized void refuse(Predicate<SpendRecord> records) {
        unwanted = records;
    }

    /** How often it was asked in vain. */
    synchronized int refused() {
        return refused;
    }

    @Override
    public void open() {
        whenAsked.run();
        checkBroken();
    }

    @Override
    public void append(SpendBatch batch) {
        whenAsked.run();
        keep(batch);
    }

    private synchronized void keep(SpendBatch batch) {
        checkBroken();
        if (batch.records().stream().anyMatch(unwanted)) {
            throw new RefusedException(new IllegalArgumentException("not this"));
        }
        batches.computeIfAbsent(batch.writer(), writer -> new LinkedHashMap<>()).putIfAbsent(batch.number(), batch);
    }

    @Override
    public synchronized void reserve(String writer, Instant at, Map<String, Money> amounts) {
        checkBroken();
        Reserved before = reserved.get(writer);
        if (before != null && before.at.isAfter(at)) {
            return;
        }
        reserved.put(writer, new Reserved(at, Map.copyOf(amounts)));
    }

    @Override
    public synchronized Map<String, Money> spentByOthers(String writer, Instant since) {
        checkBroken();
        Map<String, Money> spent = new HashMap<>();
        batches.forEach((other, own) -> {
            if (!other.equals(writer)) {
                own.values().stream()
                        .flatMap(batch -> batch.records().stream())
                        .filter(record -> !record.bookedAt().isBefore(since))
                        .forEach(record -> spent.merge(record.service(), record.cost(), Money::plus));
            }
        });
        reserved.forEach((other, own) -> {
            if (!other.equals(writer) && !own.at().isBefore(since)) {
                own.amounts().forEach((service, amount) -> spent.merge(service, amount, Money::plus));
            }
        });
        return spent;
    }

    synchronized List<SpendBatch> batches() {
        return batches.values().stream().flatMap(own -> own.values().stream()).toList();
    }

    synchronized List<SpendRecord> records() {
        List<SpendRecord> all = new ArrayList<>();
        batches.values().forEach(own -> own.values().forEach(batch -> all.addAll(batch.records())));
        return all;
    }

    private synchronized void checkBroken() {
        if (broken) {
            refused++;
            throw new IllegalStateException("the store is down");
        }
    }
}
