package io.servicebreaker.spring.aop;

import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.CallListener;
import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.ConcurrencyLimit;
import io.servicebreaker.call.Guard;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.OutcomeClassifier;
import io.servicebreaker.call.Rejection;
import io.servicebreaker.coordination.Decisions;
import io.servicebreaker.event.Events;
import io.servicebreaker.provider.Classifiers;
import io.servicebreaker.provider.ExceptionRules;
import io.servicebreaker.time.FakeTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Three services that open after two failures, and a record of what happens to their calls. */
@Configuration(proxyBeanMethods = false)
class GuardedServices {

    static final List<String> NAMES = List.of("lightrag", "openai", "perplexity");

    static ApplicationContextRunner runner() {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(AnnotationAutoConfiguration.class))
                .withUserConfiguration(GuardedServices.class);
    }

    @Bean
    FakeTime time() {
        return new FakeTime();
    }

    @Bean
    Events events() {
        return new Events();
    }

    @Bean
    Decisions decisions(Events events) {
        return new Decisions(events);
    }

    @Bean
    InternalFaults faults(FakeTime time) {
        return new InternalFaults(time);
    }

    @Bean
    Breakers breakers(FakeTime time, Events events) {
        BreakerSettings settings = BreakerSettings.defaults().toBuilder()
                .failureThreshold(2)
                .recoveryTimeout(Duration.ofSeconds(60))
                .recoveryJitter(0.0)
                .halfOpenMaxRequests(1)
                .build();
        Map<String, BreakerSettings> all = new LinkedHashMap<>();
        NAMES.forEach(name -> all.put(name, settings));
        return new Breakers(all, time, events, 5);
    }

    @Bean
    Calls calls() {
        return new Calls();
    }

    @Bean
    CallOrchestrator orchestrator(Breakers breakers, FakeTime time, Events events, InternalFaults faults, Calls calls) {
        OutcomeClassifier classifier =
                Classifiers.generic(Duration.ofSeconds(30), ExceptionRules.NONE, List.of(), time);
        Map<String, Guard> guards = new LinkedHashMap<>();
        NAMES.forEach(name ->
                guards.put(name, new Guard(List.of(calls.underWay, breakers.breaker(name)), classifier, calls)));
        return new CallOrchestrator(guards, time, events, faults, false);
    }

    /** What became of the calls, in order; and how many permits are out. */
    static final class Calls implements CallListener {

        final List<String> outcomes = new ArrayList<>();
        final List<Outcome> ends = new ArrayList<>();
        final List<CallRequest> requests = new ArrayList<>();
        final List<Duration> durations = new ArrayList<>();
        private final ConcurrencyLimit underWay = new ConcurrencyLimit(1000, Duration.ofMinutes(10));

        int underWay() {
            return underWay.underWay();
        }

        @Override
        public synchronized void finished(CallRequest request, Outcome outcome, long durationNanos) {
            requests.add(request);
            ends.add(outcome);
            durations.add(Duration.ofNanos(durationNanos));
            outcomes.add(request.service() + " "
                    + (outcome.cause() == null ? outcome.kind() : outcome.kind() + " " + outcome.cause()));
        }

        @Override
        public synchronized void rejected(CallRequest request, Rejection rejection) {
            requests.add(request);
            outcomes.add(request.service() + " REFUSED " + rejection.reason());
        }
    }
}
