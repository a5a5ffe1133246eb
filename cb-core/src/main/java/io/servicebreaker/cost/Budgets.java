package io.servicebreaker.cost;

import io.servicebreaker.event.Events;
import io.servicebreaker.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What all services together and each of them may spend and have spent, by day and by month. A call touches up to four
 * budgets and reserves its cost in all of them or in none. Safe for use by many threads.
 */
public final class Budgets {

    private static final int REMEMBERED = 4;

    private final ZoneId zone;
    private final TimeSource time;
    private final Events events;
    private final BudgetLimits total;
    private final Map<String, BudgetLimits> services;
    /** That of now, and before it days to which a clock that was wrong may return. */
    private final AtomicReference<List<Calendar>> calendars;

    private final Map<String, Account> accounts = new LinkedHashMap<>();

    /**
     * Creates them, with nothing spent.
     *
     * @param total of all services together
     * @param services limits of each service that spends
     * @param zone whose days and months are meant
     * @param lease how long a reservation holds that nobody settles; longer than any call should take
     * @param events are told when a budget is nearly spent
     */
    public Budgets(
            BudgetLimits total,
            Map<String, BudgetLimits> services,
            ZoneId zone,
            TimeSource time,
            Duration lease,
            Events events) {
        this.total = total;
        this.services = new LinkedHashMap<>(services);
        this.zone = zone;
        this.time = time;
        this.events = events;
        this.calendars = new AtomicReference<>(List.of(new Calendar(time.now(), List.of())));
        long now = time.nanos();
        services.keySet().forEach(name -> accounts.put(name, new Account(name, this, lease.toNanos(), now)));
    }

    Account account(String service) {
        return Objects.requireNonNull(accounts.get(service), service);
    }

    /** What all services may spend. */
    BudgetLimits limits() {
        return total;
    }

    /**
     * A page for the calls of a service that begin from now on, all in the same day.
     *
     * @param mostNanos how long it may last
     */
    Page page(String service, long nowNanos, long mostNanos) {
        Instant now = time.now();
        Calendar day = at(now);
        long left = Math.max(1, Duration.between(now, day.end).toNanos());
        return new Page(day.of(service), now, nowNanos, nowNanos + Math.min(left, mostNanos));
    }

    private Calendar current() {
        return at(time.now());
    }

    /** A clock may be set, also back: no day begins twice. */
    private Calendar at(Instant now) {
        while (true) {
            List<Calendar> seen = calendars.get();
            Calendar latest = seen.get(0);
            if (latest.contains(now)) {
                return latest;
            }
            Calendar next = new Calendar(now, seen);
            calendars.compareAndSet(
                    seen,
                    Stream.concat(Stream.of(next), seen.stream())
                            .limit(REMEMBERED)
                            .toList());
        }
    }

    /** Gives back what was reserved for calls that nobody has ended in time; whether there was any. */
    boolean expire(long now) {
        boolean any = false;
        for (Account account : accounts.values()) {
            any |= account.expire(now);
        }
        return any;
    }

    /** The budgets of all services together. */
    public BudgetView total(Period period) {
        return view(total.of(period), current().total(period));
    }

    /** The budgets of one service. */
    public BudgetView service(String service, Period period) {
        BudgetLimits limits = Objects.requireNonNull(services.get(service), service);
        return view(limits.of(period), current().service(service, period));
    }

    /** The services that spend. */
    public Collection<String> services() {
        return List.copyOf(services.keySet());
    }

    /** When the period of now began. */
    public Instant begin(Period period) {
        return begin(current().total(period));
    }

    private Instant begin(Spending spending) {
        return spending.period().begin(spending.end().minusNanos(1), zone);
    }

    /** What is reserved for calls of a service that have not ended. */
    public Money reserved(String service) {
        return new Money(account(service).reserved());
    }

    /**
     * What others have spent from the same budgets until now: this application before it was started again, or its other
     * instances. It counts like what is spent here, and replaces what was said before. To be called by one thread at a
     * time.
     *
     * @param begin of the period; what is said of one that has ended is ignored
     * @param spent by service, also by such as are not known here
     * @param known whether the events about budgets that are nearly spent because of it have been published before
     */
    public void others(Period period, Instant begin, Map<String, Money> spent, boolean known) {
        Calendar calendar = current();
        if (!begin(calendar.total(period)).equals(begin)) {
            return;
        }
        long sum = spent.values().stream().mapToLong(Money::billionths).reduce(0, Money::sum);
        calendar.total(period).others(sum, known);
        for (String service : services.keySet()) {
            long own = spent.getOrDefault(service, Money.ZERO).billionths();
            calendar.service(service, period).others(own, known);
        }
    }

    private BudgetView view(@Nullable Money limit, Spending spending) {
        long reserved = accounts.values().stream()
                .mapToLong(account -> account.reserved(spending))
                .sum();
        long spent = Math.max(0, spending.get() - reserved); // what was released in between is in the second only
        return new BudgetView(limit, new Money(spent), new Money(reserved), begin(spending), spending.end());
    }

    /** What is spent in the periods of one day. */
    private final class Calendar {

        private final Map<Period, Spending> totals = new EnumMap<>(Period.class);
        private final Map<String, Map<Period, Spending>> byService = new LinkedHashMap<>();
        private final Instant begin;
        private final Instant end;

        /** Periods that have begun in another go on. */
        Calendar(Instant now, List<Calendar> others) {
            this.begin = Period.DAILY.begin(now, zone);
            this.end = Period.DAILY.end(now, zone);
            for (Period period : Period.values()) {
                Calendar same = others.stream()
                        .filter(other -> other.total(period).end().equals(period.end(now, zone)))
                        .findFirst()
                        .orElse(null);
                totals.put(period, same == null ? fresh("", period, now, total) : same.total(period));
                services.forEach((name, limits) -> byService
                        .computeIfAbsent(name, service -> new EnumMap<>(Period.class))
                        .put(period, same == null ? fresh(name, period, now, limits) : same.service(name, period)));
            }
        }

        boolean contains(Instant now) {
            return now.isBefore(end) && !now.isBefore(begin);
        }

        private Spending fresh(String name, Period period, Instant now, BudgetLimits limits) {
            Money most = limits.of(period);
            long limit = most == null ? Spending.UNLIMITED : most.billionths();
            Instant periodEnd = period.end(now, zone);
            long endNanos = time.nanos() + Duration.between(now, periodEnd).toNanos();
            return new Spending(period, periodEnd, endNanos, limit, new BudgetMarks(name, period, limit, time, events));
        }

        Spending total(Period period) {
            return Objects.requireNonNull(totals.get(period));
        }

        Spending service(String name, Period period) {
            return Objects.requireNonNull(
                    Objects.requireNonNull(byService.get(name), name).get(period));
        }

        List<Spending> of(String service) {
            List<Spending> all = new ArrayList<>(totals.values());
            all.addAll(Objects.requireNonNull(byService.get(service), service).values());
            return all;
        }
    }
}
