package io.servicebreaker.provider;

import io.servicebreaker.call.Admission;
import io.servicebreaker.call.CallListener;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CallReport.Arrival;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.FailureCause;
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
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Refuses a call that what is left of the provider's rate limits would not cover, as its last answers tell. Lock-free,
 * safe for use by many threads.
 *
 * <p>Limits hold for a credential and a model, so each pair has its own. What is unknown refuses nothing, and no refusal
 * lasts longer than the provider's own reset.
 */
public final class RateLimits implements Gate, CallListener {

    /** More pairs than an account uses at a time. */
    private static final int MOST = 200;

    /** To look for room among the pairs takes longer than a call should wait, so it is done now and then. */
    private static final long BETWEEN_SEARCHES = 1_000_000_000;

    /** Of the pairs for which there is no room: refuses nothing and learns nothing. */
    private static final Account NEUTRAL = new Account("", "", List.of());

    private final List<LimitHeaders> limits;
    private final int floor;
    private final TimeSource time;
    private final BooleanSupplier enforced;
    private final DoubleConsumer used;
    private final RateLimitReader reader = new RateLimitReader();
    private final Map<String, Map<String, Account>> byCredential = new ConcurrentHashMap<>();
    private final AtomicInteger places = new AtomicInteger(MOST);
    private final AtomicLong nextSearch = new AtomicLong();

    /**
     * Creates limits of which nothing is known yet.
     *
     * @param enforced asked before a call is refused, once for each call, whether it may be
     * @param used is told after each answer that says so which share of the requests was used up, 0 to 1
     */
    public RateLimits(
            List<LimitHeaders> limits,
            LimitSettings settings,
            TimeSource time,
            BooleanSupplier enforced,
            DoubleConsumer used) {
        this.limits = List.copyOf(limits);
        this.floor = settings.approachingLimitFloor();
        this.time = time;
        this.enforced = enforced;
        this.used = used;
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
        return all;
    }

    /**
     * This gate and another one that is asked after it. A permit of this gate holds nothing that could be given back,
     * because that would cost an object for each call; so whoever may refuse after it has to be here, or
     * {@link #givingBack}.
     */
    public Gate then(Gate next) {
        Gate last = givingBack(next);
        return (request, now) -> {
            Admission admission = admit(request, now);
            return admission instanceof Rejection ? admission : last.admit(request, now);
        };
    }

    /** A gate that is asked later, and gives back what a call has taken here if it refuses it. */
    public Gate givingBack(Gate later) {
        return (request, now) -> {
            Admission admission = later.admit(request, now);
            if (admission instanceof Rejection) {
                giveBack(request, now);
            }
            return admission;
        };
    }

    /** A call that was let through is not made, since somebody else refuses it. */
    public void giveBack(CallRequest request, long nowNanos) {
        account(request, nowNanos).giveBack(request, nowNanos, nowNanos);
    }

    @Override
    public Admission admit(CallRequest request, long nowNanos) {
        Allowance[] allowances = account(request, nowNanos).allowances;
        boolean spared = false;
        for (int i = 0; i < allowances.length; i++) {
            long wait = allowances[i].take(request, floor, nowNanos);
            if (wait == 0) {
                continue;
            }
            if (!spared && enforced.getAsBoolean()) {
                for (int taken = 0; taken < i; taken++) {
                    allowances[taken].giveBack(request, nowNanos, nowNanos);
                }
                return refusal(allowances, i, wait, request, nowNanos);
            }
            spared = true;
            allowances[i].takeAnyway(request, nowNanos);
        }
        return Permit.FREE;
    }

    /** Counts a call that is made whether the limits cover it or not. */
    public void takeAnyway(CallRequest request, long nowNanos) {
        for (Allowance allowance : account(request, nowNanos).allowances) {
            if (allowance.take(request, floor, nowNanos) != 0) {
                allowance.takeAnyway(request, nowNanos);
            }
        }
    }

    /** Of the limits from this one on, that which lasts longest: before its end no retry would pass. */
    private Rejection refusal(Allowance[] allowances, int refusing, long wait, CallRequest request, long now) {
        Allowance longest = allowances[refusing];
        long longestWait = wait;
        for (int i = refusing + 1; i < allowances.length; i++) {
            long other = allowances[i].nanosUntilThere(request, floor, now);
            if (other > longestWait) {
                longest = allowances[i];
                longestWait = other;
            }
        }
        return longest.refusal(longestWait);
    }

    @Override
    public void finished(CallRequest request, Outcome outcome, long durationNanos) {
        long now = time.nanos();
        CallReport report = outcome.report();
        Arrival arrival = report == null ? null : report.arrival();
        long began = arrival == null ? now - durationNanos : arrival.begunNanos(); // a stream's duration is not all
        Account account = account(request, now);
        if (isAnswered(outcome)) {
            account.end(request, began, now);
        } else {
            account.giveBack(request, began, now);
        }
        if (report != null && tellsOfLimits(report)) {
            learn(account, request, report, began, now);
        }
    }

    /** Whether the provider knows of the call. Of a call that was given up without a sign from it we take it that not. */
    private boolean isAnswered(Outcome outcome) {
        FailureCause cause = outcome.cause();
        boolean unheard = cause == FailureCause.CONNECTION
                || cause == FailureCause.CANCELLED
                || cause == FailureCause.LOCAL_ERROR
                || outcome.kind() == Outcome.Kind.NOT_RUN;
        return !unheard || outcome.remark() == Outcome.Remark.ANSWER_BEGUN || tellsOfAnAnswer(outcome.report());
    }

    private boolean tellsOfAnAnswer(@Nullable CallReport report) {
        return report != null && (report.status().isPresent() || report.usage().isPresent() || tellsOfLimits(report));
    }

    private boolean tellsOfLimits(CallReport report) {
        for (int i = 0; i < limits.size(); i++) { // an iterator would be an allocation for each call
            if (report.header(limits.get(i).remaining()).isPresent()) {
                return true;
            }
        }
        return false;
    }

    private void learn(Account account, CallRequest request, CallReport report, long began, long now) {
        Arrival arrival = report.arrival();
        long heard = arrival == null ? now : arrival.nanos();
        Instant heardAt = time.at(heard);
        Duration duration = Duration.ofNanos(heard - began);
        for (Allowance allowance : account.allowances) {
            RateLimit said = reader.read(report, allowance.headers(), duration, heard, heardAt);
            if (said != null) {
                allowance.learn(said, request, began, now);
                tell(allowance.headers().unit(), said, now);
            }
        }
    }

    private void tell(LimitUnit unit, RateLimit said, long now) {
        if (unit == LimitUnit.REQUESTS && said.limit() != RateLimit.UNKNOWN && !said.isOver(now)) {
            used.accept((double) (said.limit() - said.remaining()) / said.limit());
        }
    }

    /** As new, but for the calls that are under way. */
    public void forget() {
        byCredential.values().forEach(byModel -> byModel.values().forEach(Account::forget));
    }

    @Override
    public void rejected(CallRequest request, Rejection rejection) {}

    private Account account(CallRequest request, long now) {
        Map<String, Account> byModel = byCredential.get(request.credential());
        Account account = byModel == null ? null : byModel.get(request.model());
        return account == null ? add(request.credential(), request.model(), now) : account;
    }

    private Account add(String credential, String model, long now) {
        if (!reserve() && !(makeRoom(now) && reserve())) {
            return NEUTRAL;
        }
        Account account = new Account(credential, model, limits);
        Map<String, Account> byModel = byCredential.compute(credential, (name, known) -> {
            Map<String, Account> accounts = known == null ? new ConcurrentHashMap<>() : known;
            accounts.putIfAbsent(model, account); // in here, lest the map is dropped as empty meanwhile
            return accounts;
        });
        Account kept = byModel.getOrDefault(model, NEUTRAL);
        if (kept != account) {
            places.incrementAndGet();
        }
        return kept;
    }

    private boolean reserve() {
        if (places.decrementAndGet() >= 0) {
            return true;
        }
        places.incrementAndGet();
        return false;
    }

    /** Drops the accounts of which there is nothing to remember. */
    private boolean makeRoom(long now) {
        long next = nextSearch.get();
        if (now < next || !nextSearch.compareAndSet(next, now + BETWEEN_SEARCHES)) {
            return false;
        }
        for (String credential : byCredential.keySet()) {
            byCredential.computeIfPresent(credential, (name, accounts) -> {
                int before = accounts.size();
                accounts.values().removeIf(account -> account.isIdle(now));
                places.addAndGet(before - accounts.size());
                return accounts.isEmpty() ? null : accounts;
            });
        }
        return true;
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

        void giveBack(CallRequest request, long began, long now) {
            for (Allowance allowance : allowances) {
                allowance.giveBack(request, began, now);
            }
        }

        void end(CallRequest request, long began, long now) {
            for (Allowance allowance : allowances) {
                allowance.end(request, began, now);
            }
        }

        void forget() {
            for (Allowance allowance : allowances) {
                allowance.forget();
            }
        }

        boolean isIdle(long now) {
            for (Allowance allowance : allowances) {
                if (!allowance.isIdle(now)) {
                    return false;
                }
            }
            return true;
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
