package io.servicebreaker.call;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A gate that grants or refuses as it is told, and writes into a common journal what happens to it. */
final class ScriptedGate implements Gate, Permit {

    /** The end of a call, as a permit sees it. */
    record Finish(Outcome outcome, long durationNanos, long nowNanos) {}

    private final String name;
    private final List<String> journal;
    private final @Nullable Rejection rejection;
    private final List<Finish> finishes = new CopyOnWriteArrayList<>();

    private ScriptedGate(String name, List<String> journal, @Nullable Rejection rejection) {
        this.name = name;
        this.journal = journal;
        this.rejection = rejection;
    }

    static ScriptedGate granting(String name, List<String> journal) {
        return new ScriptedGate(name, journal, null);
    }

    static ScriptedGate refusing(String name, List<String> journal, Rejection rejection) {
        return new ScriptedGate(name, journal, rejection);
    }

    @Override
    public Admission admit(CallRequest request, long nowNanos) {
        journal.add(name + " asked");
        return Optional.<Admission>ofNullable(rejection).orElse(this);
    }

    @Override
    public void finish(Outcome outcome, long durationNanos, long nowNanos) {
        journal.add(name + " " + outcome.kind());
        finishes.add(new Finish(outcome, durationNanos, nowNanos));
    }

    List<Finish> finishes() {
        return finishes;
    }

    List<Outcome> outcomes() {
        return finishes.stream().map(Finish::outcome).toList();
    }
}
