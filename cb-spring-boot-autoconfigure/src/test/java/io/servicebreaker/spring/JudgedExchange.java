package io.servicebreaker.spring;

import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.CallListener;
import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Guard;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Permit;
import io.servicebreaker.call.Rejection;
import io.servicebreaker.coordination.CoordinatedService;
import io.servicebreaker.cost.BudgetLimits;
import io.servicebreaker.cost.PriceList;
import io.servicebreaker.event.Events;
import io.servicebreaker.provider.CooldownSettings;
import io.servicebreaker.provider.ExceptionRules;
import io.servicebreaker.provider.LimitSettings;
import io.servicebreaker.provider.PriceTable;
import io.servicebreaker.provider.ProfileClassifier;
import io.servicebreaker.provider.ProviderProfile;
import io.servicebreaker.provider.ProviderProfiles;
import io.servicebreaker.provider.StreamSettings;
import io.servicebreaker.time.FakeTime;
import java.time.ZoneOffset;
import java.util.Currency;
import java.util.List;
import java.util.Map;

/** A call of its own to OpenAI, of which one sees how it went on and how it ended. */
final class JudgedExchange implements CallListener {

    private static final ProviderProfile OPENAI =
            ProviderProfiles.bundled().find("openai").orElseThrow();

    private static final Events EVENTS = new Events();

    private static final CostSettings UNLIMITED = new CostSettings(
            Currency.getInstance("USD"),
            ZoneOffset.UTC,
            BudgetLimits.NONE,
            Map.of(),
            List.of(),
            null,
            CostProperties.OnFailure.ALLOW);

    private final FakeTime time = new FakeTime();
    private final InternalFaults faults = new InternalFaults(time);
    private final Exchange exchange;
    private int pieces;
    private Outcome outcome;

    JudgedExchange() {
        this(StreamSettings.UNLIMITED, new ReactorClock(new ManualScheduler()));
    }

    JudgedExchange(StreamSettings streams, StreamClock clock) {
        ProfileClassifier classifier = new ProfileClassifier(
                OPENAI, BreakerSettings.defaults(), CooldownSettings.DEFAULTS, ExceptionRules.NONE, List.of(), time);
        Guard guard = new Guard(List.of((request, now) -> new CountingPermit()), classifier, this);
        CallOrchestrator orchestrator = new CallOrchestrator(Map.of("openai", guard), time, EVENTS, faults, false);
        Breakers breakers = new Breakers(Map.of("openai", BreakerSettings.defaults()), time, EVENTS, 1);
        ConfiguredServices services = openAi(streams);
        ServiceCosts costs = new ServiceCosts(UNLIMITED, services, time, EVENTS, null, () -> null);
        PromptCounter prompts = new PromptCounter(costs, services, faults);
        ProviderKnowledge knowledge =
                new ProviderKnowledge(services, breakers, new ServiceSignals(services, time), time);
        ServiceBackends backends = new ServiceBackends(services, breakers, costs, knowledge, false);
        Hops hops = Hops.of(time, faults, null, costs, 8);
        this.exchange = new Exchanges(orchestrator, breakers, backends, services, clock, prompts, hops, faults)
                .begin("openai", null, () -> JsonRequest.UNKNOWN);
    }

    private static ConfiguredServices openAi(StreamSettings streams) {
        return new ConfiguredServices(List.of(new ConfiguredService(
                "openai",
                OPENAI,
                List.of(),
                BreakerSettings.defaults(),
                Map.of(),
                CooldownSettings.DEFAULTS,
                LimitSettings.DEFAULTS,
                0,
                ExceptionRules.NONE,
                streams,
                new Pricing(true, PriceList.EMPTY, PriceTable.EMPTY, true),
                CoordinatedService.of("openai"),
                List.of(),
                FallbackSettings.DEFAULTS,
                true)));
    }

    AnswerReader reader(String contentType) {
        return AnswerReader.of(exchange, contentType, faults);
    }

    /** For a stream of which nothing can be learned. */
    AnswerReader blindReader() {
        return new AnswerReader(exchange, AnswerFormat.UNKNOWN, true, faults);
    }

    /** How many pieces of content were reported. */
    int pieces() {
        return pieces;
    }

    boolean hasEnded() {
        return outcome != null;
    }

    /** In a word: that of the kind, and the cause of a failure. */
    String verdict() {
        if (outcome == null) {
            return "none";
        }
        FailureCause cause = outcome.cause();
        return cause == null ? outcome.kind().name() : outcome.kind() + " " + cause;
    }

    CallReport report() {
        return outcome == null || outcome.report() == null ? CallReport.EMPTY : outcome.report();
    }

    long faults() {
        return faults.count();
    }

    /** Everything that can be seen of it. */
    @Override
    public String toString() {
        return pieces + " pieces, " + verdict() + ", " + report();
    }

    @Override
    public void finished(CallRequest request, Outcome end, long durationNanos) {
        outcome = end;
    }

    @Override
    public void rejected(CallRequest request, Rejection rejection) {
        throw new AssertionError("nothing here refuses");
    }

    private final class CountingPermit implements Permit {

        @Override
        public void finish(Outcome end, long durationNanos, long nowNanos) {}

        @Override
        public void progressed() {
            pieces++;
        }
    }
}
