package io.servicebreaker.provider;

import io.servicebreaker.call.Admission;
import io.servicebreaker.call.CallListener;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Gate;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Permit;
import io.servicebreaker.call.Rejection;
import io.servicebreaker.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Refuses a call that what is left of the provider's rate limits would not cover, as its last answers tell. Lock-free,
 * safe for use by many threads.
 *
 * <p>Limits hold for a credential and a model, so each pair has its own. What is unknown refuses nothing, and no refusal
 * lasts longer than the provider's own reset.
 */
public final class RateLimits implements Gate, CallListener {

    /** More pairs than an account uses; what comes after them shares one. */
    private static final int MOST = 200;

    private final List<LimitHeaders> limits;
    private final int floor;
    private final TimeSource time;
    private final BooleanSupplier enforced;
    private final RateLimitReader reader = new RateLimitReader();
    private final Map<String, Map<String, Account>> byCredential = new ConcurrentHashMap<>();
    private final AtomicInteger known = new AtomicInteger();
    private final Account shared;

    /**
     * Creates limits of which nothing is known yet.
     *
     * @param enforced asked before a call is refused, whether it may be
     */
    public RateLimits(List<LimitHeaders> limits, LimitSettings settings, TimeSource time, BooleanSupplier enforced) {
        this.limits = List.copyOf(limits);
        this.floor = settings.approachingLimitFloor();
        this.time = time;
        this.enforced = enforced;
        this.shared = new Account("", "", this.limits);
    }

    /** Resets named by the provider that made no sense and were ignored. */
    public long ignoredTimes() {
        return reader.ignored();
    }

    /** What is known of each limit now. */
    public List<LimitSnapshot> snapshot() {
        long now = time.nanos();
        List<LimitSnapshot> all = new ArrayList<>();
        byCredential.values().forEach(byModel -> byModel.values().forEach(account -> account.addTo(all, now)));
        shared.addTo(all, now);
        return all;
    }

    /**
     * This gate and another one that is asked after it. A permit of this gate holds nothing that could be given back,
     * because that would cost an object for each call; so whoever may refuse after it has to be here.
     */
    public Gate then(Gate next) {
        return (request, now) -> {
            Admission admission = admit(request, now);
            if (admission instanceof Rejection) {
                return admission;
            }
            Admission later = next.admit(request, now);
            if (later instanceof Rejection) {
                account(request).giveBack(request);
            }
            return later;
        };
    }

    @Override
    public Admission admit(CallRequest request, long nowNanos) {
        Allowance[] allowances = account(request).allowances;
        for (int i = 0; i < allowances.length; i++) {
            long wait = allowances[i].take(request, floor, nowNanos);
            if (wait > 0 && enforced.getAsBoolean()) {
                for (int taken = 0; taken < i; taken++) {
                    allowances[taken].giveBack(request);
                }
                return allowances[i].refusal(wait);
            }
            if (wait > 0) {
                allowances[i].takeAnyway(request, nowNanos);
            }
        }
        return Permit.FREE;
    }

    @Override
    public void finished(CallRequest request, Outcome outcome, long durationNanos) {
        Account account = account(request);
        for (Allowance allowance : account.allowances) {
            allowance.end(request);
        }
        if (outcome.report() != null) {
            learn(account, request, outcome.report(), durationNanos);
        }
    }

    private void learn(Account account, CallRequest request, CallReport report, long durationNanos) {
        long nowNanos = time.nanos();
        Instant now = time.at(nowNanos);
        Duration duration = Duration.ofNanos(durationNanos);
        for (Allowance allowance : account.allowances) {
            RateLimit said = reader.read(report, allowance.headers(), duration, nowNanos, now);
            if (said != null) {
                allowance.learn(said, request, nowNanos - durationNanos, nowNanos);
            }
        }
    }

    @Override
    public void rejected(CallRequest request, Rejection rejection) {}

    private Account account(CallRequest request) {
        Map<String, Account> byModel = byCredential.get(request.credential());
        Account account = byModel == null ? null : byModel.get(request.model());
        return account == null ? add(request.credential(), request.model()) : account;
    }

    private Account add(String credential, String model) {
        if (known.incrementAndGet() > MOST) {
            known.decrementAndGet();
            return shared;
        }
        Account account = new Account(credential, model, limits);
        Account before = byCredential
                .computeIfAbsent(credential, name -> new ConcurrentHashMap<>())
                .putIfAbsent(model, account);
        if (before != null) {
            known.decrementAndGet();
            return before;
        }
        return account;
    }

    /** The limits of one credential and model. */
    private static final class Account {

        private final String credential;
        private final String model;
        private final Allowance[] allowances;

        Account(String credential, String model, List<LimitHeaders> limits) {
            this.credential = credential;
            this.model = model;
            this.allowances = limits.stream().map(Allowance::new).toArray(Allowance[]::new);
        }

        void giveBack(CallRequest request) {
            for (Allowance allowance : allowances) {
                allowance.giveBack(request);
            }
        }

        void addTo(List<LimitSnapshot> all, long now) {
            for (Allowance allowance : allowances) {
                LimitSnapshot snapshot = allowance.snapshot(credential, model, now);
                if (snapshot != null) {
                    all.add(snapshot);
                }
            }
        }
    }
}
