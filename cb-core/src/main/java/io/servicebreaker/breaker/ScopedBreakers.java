package io.servicebreaker.breaker;

import io.servicebreaker.breaker.State.Disabled;
import io.servicebreaker.breaker.State.Observing;
import io.servicebreaker.call.Admission;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Gate;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Permit;
import io.servicebreaker.call.Rejection;
import io.servicebreaker.call.RejectionScope;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The breakers of the models and credentials of one service, or of one of its backends, made when a call first names one. Safe for use by many threads.
 *
 * <p>What was never called is taken to work. An operator's command for the service holds for them too. There is a bound,
 * so that names from outside cannot fill the memory: those that work are forgotten first, and only if as many are in
 * trouble at once is a new one not watched.
 */
public final class ScopedBreakers implements Gate {

    /** More models or credentials than any account has. */
    public static final int MOST = 200;

    private static final Logger log = LoggerFactory.getLogger(ScopedBreakers.class);

    private final Breaker service;
    private final Map<String, BreakerSettings> ofModels;
    private final BreakerSettings narrowed;
    private final Surroundings surroundings;
    private final Known models = new Known();
    private final Known credentials = new Known();

    /**
     * Creates the breakers of a service.
     *
     * @param ofModels settings of models that differ from the others
     */
    ScopedBreakers(Breaker service, Map<String, BreakerSettings> ofModels, Surroundings surroundings) {
        this.service = service;
        this.ofModels = ofModels;
        this.narrowed = service.scope().isService() ? service.settings().narrowed() : service.settings(); // only once
        this.surroundings = surroundings;
    }

    @Override
    public Admission admit(CallRequest request, long nowNanos) {
        if (request.model().isEmpty() && request.credential().isEmpty()) {
            return Permit.FREE;
        }
        State commanded = service.commanded(nowNanos);
        if (commanded instanceof Disabled) {
            return Permit.FREE;
        }
        Admission admission = ask(request, nowNanos);
        if (admission instanceof Rejection && commanded instanceof Observing) {
            service.countUnenforced();
            return Permit.FREE;
        }
        return admission;
    }

    private Admission ask(CallRequest request, long now) {
        Admission model = ask(models, request.model(), BreakerScope::model, request, now);
        if (model instanceof Rejection) {
            return model;
        }
        Permit granted = (Permit) model;
        Admission credential = ask(credentials, request.credential(), BreakerScope::credential, request, now);
        if (credential instanceof Rejection) {
            granted.finish(Outcome.NOT_RUN, 0, now);
            return credential;
        }
        return granted.and((Permit) credential);
    }

    private Admission ask(Known known, String id, Function<String, BreakerScope> scope, CallRequest request, long now) {
        if (id.isEmpty()) {
            return Permit.FREE;
        }
        Breaker breaker = known.byId.get(id);
        if (breaker == null) {
            breaker = add(known, id, scope);
        }
        return breaker == null ? Permit.FREE : breaker.admit(request, now);
    }

    private @Nullable Breaker add(Known known, String id, Function<String, BreakerScope> scope) {
        Map<String, Breaker> byId = known.growing();
        if (byId.size() >= MOST) {
            byId.values().removeIf(ScopedBreakers::works);
        }
        if (byId.size() < MOST) {
            return byId.computeIfAbsent(id, name -> breaker(scope.apply(name).within(service.scope())));
        }
        log.warn("{} models or credentials of {} are in trouble: {} is not watched", MOST, service.service(), id);
        return null;
    }

    private Breaker breaker(BreakerScope scope) {
        BreakerSettings own = scope.level() == RejectionScope.MODEL ? ofModels.get(scope.id()) : null;
        return new Breaker(service.service(), scope, own == null ? narrowed : own, null, surroundings);
    }

    /** Whether the breaker of the model or credential that the call names is open. */
    public boolean areOpenFor(CallRequest request) {
        return isOpen(models, request.model()) || isOpen(credentials, request.credential());
    }

    private static boolean isOpen(Known known, String id) {
        Breaker breaker = known.byId.get(id);
        return breaker != null && breaker.state() == BreakerState.OPEN;
    }

    Map<String, BreakerSettings> ofModels() {
        return ofModels;
    }

    private static boolean works(Breaker breaker) {
        return breaker.state() == BreakerState.CLOSED && breaker.snapshot().failedCalls() == 0;
    }

    private Stream<Breaker> all() {
        return Stream.concat(models.byId.values().stream(), credentials.byId.values().stream());
    }

    long notPermitted() {
        return all().mapToLong(Breaker::notPermitted).sum();
    }

    void close(String reason) {
        all().filter(breaker -> breaker.state() != BreakerState.CLOSED)
                .forEach(breaker -> OperatorCommand.CLOSE.giveToo(breaker, reason));
    }

    void forget() {
        models.byId = Map.of();
        credentials.byId = Map.of();
    }

    /** The breakers of the models that were called. */
    public Collection<Breaker> models() {
        return Collections.unmodifiableCollection(models.byId.values());
    }

    /** The breakers of the credentials that were named. */
    public Collection<Breaker> credentials() {
        return Collections.unmodifiableCollection(credentials.byId.values());
    }

    /** Breakers of one level by id. Most services never name any, so the map is made by the first that is named. */
    private static final class Known {

        private volatile Map<String, Breaker> byId = Map.of();

        synchronized Map<String, Breaker> growing() {
            Map<String, Breaker> map = byId;
            if (!(map instanceof ConcurrentHashMap)) {
                map = new ConcurrentHashMap<>();
                byId = map;
            }
            return map;
        }
    }
}
