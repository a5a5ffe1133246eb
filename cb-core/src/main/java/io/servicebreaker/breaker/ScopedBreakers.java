package io.servicebreaker.breaker;

import io.servicebreaker.call.Admission;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Gate;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Permit;
import io.servicebreaker.call.Rejection;
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
 * The breakers of one service's models and credentials, made when a call first names one. Safe for use by many threads.
 *
 * <p>What was never called is taken to work. There is a bound, so that names from outside cannot fill the memory: what
 * comes after it is judged with the service alone.
 */
public final class ScopedBreakers implements Gate {

    /** More models than any account can call. */
    static final int MOST = 200;

    private static final Logger log = LoggerFactory.getLogger(ScopedBreakers.class);

    private final String service;
    private final Function<BreakerScope, Breaker> make;
    private final Map<String, Breaker> models = new ConcurrentHashMap<>();
    private final Map<String, Breaker> credentials = new ConcurrentHashMap<>();

    ScopedBreakers(String service, Function<BreakerScope, Breaker> make) {
        this.service = service;
        this.make = make;
    }

    @Override
    public Admission admit(CallRequest request, long nowNanos) {
        Admission model = ask(models, request.model(), BreakerScope::model, request, nowNanos);
        if (model instanceof Rejection) {
            return model;
        }
        Permit granted = (Permit) model;
        Admission credential = ask(credentials, request.credential(), BreakerScope::credential, request, nowNanos);
        if (credential instanceof Rejection) {
            granted.finish(Outcome.NOT_RUN, 0, nowNanos);
            return credential;
        }
        return granted.and((Permit) credential);
    }

    private Admission ask(
            Map<String, Breaker> known,
            String id,
            Function<String, BreakerScope> scope,
            CallRequest request,
            long now) {
        if (id.isEmpty()) {
            return Permit.FREE;
        }
        Breaker breaker = known.get(id);
        if (breaker == null) {
            breaker = add(known, id, scope);
        }
        return breaker == null ? Permit.FREE : breaker.admit(request, now);
    }

    private @Nullable Breaker add(Map<String, Breaker> known, String id, Function<String, BreakerScope> scope) {
        if (known.size() < MOST) {
            return known.computeIfAbsent(id, name -> make.apply(scope.apply(name)));
        }
        log.debug("More than {} models or credentials of {}: {} is judged with the service alone", MOST, service, id);
        return null;
    }

    Stream<Breaker> notClosed() {
        return Stream.concat(models.values().stream(), credentials.values().stream())
                .filter(breaker -> breaker.state() != BreakerState.CLOSED);
    }

    void forget() {
        models.clear();
        credentials.clear();
    }

    /** The breakers of the models that were called. */
    public Collection<Breaker> models() {
        return Collections.unmodifiableCollection(models.values());
    }

    /** The breakers of the credentials that were named. */
    public Collection<Breaker> credentials() {
        return Collections.unmodifiableCollection(credentials.values());
    }
}
