package io.servicebreaker.breaker;

import io.servicebreaker.breaker.State.Closed;
import io.servicebreaker.breaker.State.Disabled;
import io.servicebreaker.breaker.State.Observing;
import io.servicebreaker.breaker.State.Open;
import io.servicebreaker.call.Backend;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Permit;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The instances of one service between which somebody else chooses, such as a load balancer, each with a breaker of its
 * own. Lock-free on the way of a call, safe for use by many threads.
 *
 * <p>They come and go: one is known once it has been listed, and forgotten when it has not been listed for ten minutes.
 * There is a bound, so that lists from outside cannot fill the memory; what is beyond it is not watched.
 */
public final class Instances extends Parts {

    /** More than any service has here. */
    static final int MOST = 500;

    /** A list may be one of some instances only, as of those in a zone, and one that restarts comes back. */
    static final Duration KEPT = Duration.ofMinutes(10);

    private static final long BETWEEN_SWEEPS = KEPT.dividedBy(10).toNanos();

    private static final Logger log = LoggerFactory.getLogger(Instances.class);

    private final Breaker service;
    private final BreakerSettings settings;
    private final Surroundings surroundings;
    private final CallRequest call;
    private final Map<String, Instance> byId = new ConcurrentHashMap<>();
    private final AtomicBoolean told = new AtomicBoolean();
    private final AtomicLong nextSweep;

    Instances(Breaker service, Surroundings surroundings) {
        this.service = service;
        this.settings = service.settings().narrowed();
        this.surroundings = surroundings;
        this.call = CallRequest.to(service.service());
        this.nextSweep = new AtomicLong(surroundings.time().nanos() + BETWEEN_SWEEPS);
    }

    /**
     * Those of a list that may be called: whose breakers would let a call through now, as a probe or otherwise. If it is
     * none of them, or if an operator's command lets all calls of the service through, these are all.
     *
     * @param listed the instances that there are, at least as far as this call may go to them
     * @param id of an instance
     * @param url where an instance is, which is asked for once
     */
    public <T> List<T> callable(List<T> listed, Function<T, String> id, Function<T, URI> url) {
        long now = surroundings.time().nanos();
        List<T> callable = null; // of all of them no list is made
        for (int i = 0; i < listed.size(); i++) {
            Instance known = listed(listed.get(i), id, url, now);
            boolean may = known == null || known.isCallable(surroundings.luck().getAsDouble(), now);
            if (!may && callable == null) {
                callable = new ArrayList<>(listed.subList(0, i));
            } else if (may && callable != null) {
                callable.add(listed.get(i));
            }
        }
        forgetOld(now);
        return callable == null || callable.isEmpty() || letsAllThrough(now) ? listed : callable;
    }

    /** Looked for after those of this list have been noted, of which some may have been unlisted for as long. */
    private void forgetOld(long now) {
        long due = nextSweep.get();
        if (now - due >= 0 && nextSweep.compareAndSet(due, now + BETWEEN_SWEEPS)) {
            byId.values().removeIf(instance -> now - instance.listedAt > KEPT.toNanos());
        }
    }

    private boolean letsAllThrough(long now) {
        State commanded = service.commanded(now);
        return commanded instanceof Disabled || commanded instanceof Observing;
    }

    private <T> @Nullable Instance listed(T one, Function<T, String> id, Function<T, URI> url, long now) {
        String name = id.apply(one);
        Instance known = byId.get(name);
        if (known != null) {
            known.listed(now);
            return known;
        }
        if (byId.size() >= MOST) {
            if (told.compareAndSet(false, true)) {
                log.warn("{} has more than {} instances: further ones are not watched", service.service(), MOST);
            }
            return null;
        }
        return byId.computeIfAbsent(
                name, unknown -> new Instance(new Backend(name, url.apply(one)), breaker(name), now));
    }

    private Breaker breaker(String id) {
        return new Breaker(service.service(), BreakerScope.backend(id), settings, null, surroundings);
    }

    /**
     * Begins a call to an instance that has been chosen. It is not refused any more: one that its breaker would not let
     * through, since all are down, says nothing.
     */
    public Permit begin(String id) {
        long now = surroundings.time().nanos();
        Instance known = byId.get(id);
        if (known == null || service.commanded(now) instanceof Disabled) {
            return Permit.FREE;
        }
        return known.breaker.admit(call, now) instanceof Permit permit ? permit : Permit.FREE;
    }

    @Override
    void close(String reason) {
        byId.values().forEach(instance -> OperatorCommand.CLOSE.giveToo(instance.breaker, reason));
    }

    @Override
    void reset(String reason) {
        byId.values().forEach(instance -> OperatorCommand.RESET.giveToo(instance.breaker, reason));
    }

    /** Each known instance as it is now, in the order of their ids. Shares are those of a fair choice. */
    public List<BackendSnapshot> snapshot() {
        List<Instance> all = byId.values().stream()
                .sorted(Comparator.comparing(instance -> instance.backend.id()))
                .toList();
        long callable = all.stream().filter(Instance::isCalled).count();
        return all.stream()
                .map(instance -> new BackendSnapshot(
                        instance.backend,
                        instance.breaker.snapshot(),
                        null,
                        callable == 0 || instance.isCalled() ? 1.0 / (callable == 0 ? all.size() : callable) : 0,
                        null,
                        null,
                        null))
                .toList();
    }

    /** One of them. */
    private static final class Instance {

        /** So rarely that the note is in the caches of all processors. */
        private static final long BETWEEN_NOTES = KEPT.dividedBy(10).toNanos();

        final Backend backend;
        final Breaker breaker;
        volatile long listedAt;

        Instance(Backend backend, Breaker breaker, long now) {
            this.backend = backend;
            this.breaker = breaker;
            this.listedAt = now;
        }

        void listed(long now) {
            if (now - listedAt > BETWEEN_NOTES) {
                listedAt = now;
            }
        }

        /** Asks what the breaker would do, which changes nothing. */
        boolean isCallable(double luck, long now) {
            State state = breaker.commanded(now);
            if (state instanceof Closed closed && now >= closed.rampUntil()) {
                return true; // nearly always, and asking the rules is an allocation
            }
            if (state instanceof Open open && now < open.until()) {
                return false;
            }
            return breaker.machine().admit(state, now, luck).rejection() == null;
        }

        boolean isCalled() {
            return breaker.state() == BreakerState.CLOSED || breaker.awaitsProbe();
        }
    }
}
