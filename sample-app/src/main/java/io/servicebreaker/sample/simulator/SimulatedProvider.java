package io.servicebreaker.sample.simulator;

import java.time.Duration;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** A provider, how it is doing and what it has served. A fault set by hand goes before a replay. */
final class SimulatedProvider {

    private final String name;
    private final ProviderApi api;
    private final Supplier<Duration> usualLatency;
    private final @Nullable Replay replay;
    private final RandomGenerator random;
    private final Traffic traffic = new Traffic();
    private volatile FaultSetting setting = FaultSetting.NONE;

    SimulatedProvider(
            String name,
            ProviderApi api,
            Supplier<Duration> usualLatency,
            @Nullable Replay replay,
            RandomGenerator random) {
        this.name = name;
        this.api = api;
        this.usualLatency = usualLatency;
        this.replay = replay;
        this.random = random;
    }

    String name() {
        return name;
    }

    ProviderApi api() {
        return api;
    }

    Traffic traffic() {
        return traffic;
    }

    void set(FaultSetting newSetting) {
        setting = newSetting;
    }

    Fate nextFate(Request request) {
        FaultSetting current = setting;
        if (current.strikes(request.text("model"), random)) {
            return current.fate(usualLatency.get());
        }
        if (replay != null && current.changesNothing()) {
            return replay.nextFate();
        }
        return Fate.success(usualLatency.get());
    }

    ObjectNode describe() {
        ObjectNode node = Json.object();
        setting.describe(node);
        traffic.describe(node);
        if (replay != null) {
            node.set("replay", replay.describe());
        }
        return node;
    }
}
