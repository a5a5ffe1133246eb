package io.servicebreaker.cost;

import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.event.Events;
import io.servicebreaker.time.TimeSource;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The rules on what all services spend, to be asked by each of them. All rules are looked at for a call, and of those in
 * force the strongest decides. Safe for use by many threads; on the way of a call it takes no lock but for one each sixtieth
 * of a rate's window.
 */
public final class CostRules {

    /** The scope of an override for the calls of all services. */
    public static final String ALL_SERVICES = "*";

    /** For budgets to which no rules are given. */
    public static final List<CostRule> DEFAULTS = DefaultRules.ALL;

    private static final Comparator<ActiveRule> STRONGEST_FIRST = Comparator.comparing(
            ActiveRule::rule,
            Comparator.comparing(CostRule::action)
                    .thenComparing(CostRule::priority, Comparator.reverseOrder())
                    .thenComparing(CostRule::id));

    private record Exemption(CostOverride told, long untilNanos) {

        boolean isFor(String service, long now) {
            return now < untilNanos
                    && (told.scope().equals(ALL_SERVICES) || told.scope().equals(service));
        }
    }

    private final Budgets budgets;
    private final TimeSource time;
    private final Events events;
    private final SpendWindow[] windows;
    private final List<ActiveRule> strongestFirst;
    private final ActiveRule[] recovering;
    private final Map<String, RulesByCategory> byOperation = new HashMap<>();
    private final RulesByCategory others;
    private volatile Exemption[] exemptions = {};

    /**
     * Creates them.
     *
     * @param rules in any order
     * @param budgets what is spent
     * @throws InvalidCostRuleException if two have the same id
     */
    public CostRules(List<CostRule> rules, Budgets budgets, TimeSource time, Events events) {
        this.budgets = budgets;
        this.time = time;
        this.events = events;
        checkIds(rules);
        Map<Duration, SpendWindow> byLength = windows(rules, time.nanos());
        this.windows = byLength.values().toArray(SpendWindow[]::new);
        this.strongestFirst = rules.stream()
                .map(rule -> new ActiveRule(
                        rule,
                        new RuleLimit(rule, budgets.limits()),
                        rule.type() == CostRule.Type.RATE ? byLength.get(rule.window()) : null,
                        time,
                        events))
                .sorted(STRONGEST_FIRST)
                .toList();
        this.recovering = strongestFirst.stream()
                .filter(active -> active.limit().hasRecovery())
                .toArray(ActiveRule[]::new);
        names(rules, CostRule::operations).forEach(name -> byOperation.put(name, byCategory(strongestFirst, name)));
        this.others = byCategory(strongestFirst, "");
    }

    private static void checkIds(List<CostRule> rules) {
        Set<String> seen = new HashSet<>();
        for (CostRule rule : rules) {
            if (!seen.add(rule.id())) {
                throw new InvalidCostRuleException(rule.id(), "id", rule.id(), "is the id of another rule");
            }
        }
    }

    private static Map<Duration, SpendWindow> windows(List<CostRule> rules, long now) {
        Map<Duration, SpendWindow> byLength = new LinkedHashMap<>();
        for (CostRule rule : rules) {
            if (rule.type() == CostRule.Type.RATE) {
                byLength.computeIfAbsent(rule.window(), length -> new SpendWindow(length, now));
            }
        }
        return byLength;
    }

    private static Set<String> names(List<CostRule> rules, Function<CostRule, Set<String>> of) {
        return rules.stream().flatMap(rule -> of.apply(rule).stream()).collect(Collectors.toSet());
    }

    /** No rule names the empty operation or category, which therefore stands for all that none of them names. */
    private RulesByCategory byCategory(List<ActiveRule> sorted, String operation) {
        Set<String> categories = names(sorted.stream().map(ActiveRule::rule).toList(), CostRule::categories);
        return new RulesByCategory(
                categories.stream()
                        .collect(Collectors.toUnmodifiableMap(name -> name, name -> ruleSet(sorted, operation, name))),
                ruleSet(sorted, operation, ""));
    }

    private RuleSet ruleSet(List<ActiveRule> sorted, String operation, String category) {
        return new RuleSet(
                sorted.stream()
                        .filter(active ->
                                active.limit().canBeExceeded() && active.rule().isFor(operation, category))
                        .toList(),
                windows);
    }

    RulesByCategory of(String operation) {
        return byOperation.getOrDefault(operation, others);
    }

    /** Reserves an amount in the windows of all rates, or in none. */
    boolean reserve(long amount, long now, Ceilings most) {
        for (int i = 0; i < windows.length; i++) {
            if (!windows[i].reserve(amount, now, most.rate(i))) {
                for (int reservedIn = 0; reservedIn < i; reservedIn++) {
                    windows[reservedIn].correct(-amount, now, now);
                }
                return false;
            }
        }
        return true;
    }

    /** A call that began at some time has cost more, or less if negative, than was reserved for it. */
    void correct(long more, long begun, long now) {
        if (more != 0) {
            for (SpendWindow window : windows) {
                window.correct(more, begun, now);
            }
        }
    }

    /** A call has ended: whatever waits for spending to fall may look. */
    void look(String service, Account account, long now) {
        for (ActiveRule active : recovering) {
            active.look(service, account.page(now), now);
        }
    }

    /**
     * Lets calls pass the rules that {@link CostRule#allowEmergencyOverride() allow it}, and ends by itself. Budgets hold
     * all the same.
     *
     * @param scope the service whose calls, or {@link #ALL_SERVICES}
     * @param reason why, in words for the record
     * @param by who takes the responsibility
     * @param expiry how long; positive
     * @throws IllegalArgumentException if the service has no budget, the time is not positive, or no reason or person is
     *     named
     */
    public CostOverride override(String scope, String reason, String by, Duration expiry) {
        if (!scope.equals(ALL_SERVICES) && !budgets.services().contains(scope)) {
            throw new IllegalArgumentException("no service spends that is named '" + scope + "'");
        }
        if (expiry.isNegative() || expiry.isZero()) {
            throw new IllegalArgumentException("an override for " + expiry + " has ended before it begins");
        }
        if (reason.isBlank() || by.isBlank()) {
            throw new IllegalArgumentException("an override needs a reason and the name of who is responsible");
        }
        long now = time.nanos();
        long until = now + expiry.toNanos();
        CostOverride override = new CostOverride(scope, reason, by, time.at(until));
        add(new Exemption(override, until), now);
        events.publish(new CostRulesOverridden(time.at(now), scope, reason, by, expiry));
        return override;
    }

    /** Those that have not ended, in the order in which they were given. */
    public List<CostOverride> overrides() {
        long now = time.nanos();
        return Arrays.stream(exemptions)
                .filter(exemption -> now < exemption.untilNanos)
                .map(Exemption::told)
                .toList();
    }

    /** All rules, the strongest first. */
    public List<CostRule> rules() {
        return strongestFirst.stream().map(ActiveRule::rule).toList();
    }

    /** Those in force now, the strongest first. None on {@link CostRule.Type#OPERATION}, which meet each call by itself. */
    public List<RuleInForce> inForce() {
        return budgets.services().stream()
                .findAny()
                .map(any -> inForce(any, time.nanos()))
                .orElse(List.of());
    }

    private List<RuleInForce> inForce(String service, long now) {
        Page page = budgets.account(service).page(now);
        return strongestFirst.stream()
                .map(active -> active.inForce(page, now))
                .filter(Objects::nonNull)
                .toList();
    }

    /** What refuses calls of a service now; of several the one that refuses most, and a budget before any rule. */
    public Optional<MoneyLimit> limitOf(String service) {
        long now = time.nanos();
        Spending exhausted = budgets.account(service).page(now).lastWithout(1);
        if (exhausted != null) {
            return Optional.of(new MoneyLimit(RejectionReason.COST_BUDGET, null, exhausted.end()));
        }
        boolean override = isOverridden(service, now);
        return inForce(service, now).stream()
                .filter(inForce -> RuleSet.decides(inForce.rule(), override))
                .min(Comparator.comparing(inForce -> !inForce.rule().isForAll()))
                .map(inForce -> new MoneyLimit(RejectionReason.COST_RULE, inForce.rule(), inForce.until()));
    }

    private synchronized void add(Exemption exemption, long now) {
        exemptions = Stream.concat(
                        Arrays.stream(exemptions).filter(other -> now < other.untilNanos), Stream.of(exemption))
                .toArray(Exemption[]::new);
    }

    boolean isOverridden(String service, long now) {
        for (Exemption exemption : exemptions) {
            if (exemption.isFor(service, now)) {
                return true;
            }
        }
        return false;
    }
}
