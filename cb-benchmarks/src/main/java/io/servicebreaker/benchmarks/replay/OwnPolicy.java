package io.servicebreaker.benchmarks.replay;

import io.servicebreaker.breaker.Breaker;
import io.servicebreaker.breaker.BreakerSettings;
import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.CallListener;
import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.Guard;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.call.OngoingCall;
import io.servicebreaker.event.Events;
import io.servicebreaker.provider.CooldownSettings;
import io.servicebreaker.provider.ExceptionRules;
import io.servicebreaker.provider.ProfileClassifier;
import io.servicebreaker.provider.ProviderProfiles;
import java.net.SocketTimeoutException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Our own breaker in its default configuration: whole calls, as the starter guards them. */
final class OwnPolicy implements Policy {

    private static final int PROBES = 5;

    private final long seed;

    OwnPolicy(long seed) {
        this.seed = seed;
    }

    @Override
    public Map<String, Gatekeeper> guard(String provider, Collection<String> services, VirtualClock clock) {
        Map<String, BreakerSettings> settings =
                services.stream().collect(Collectors.toMap(Function.identity(), name -> BreakerSettings.defaults()));
        Events events = new Events();
        SplittableRandom luck = new SplittableRandom(seed);
        Breakers breakers = new Breakers(settings, Map.of(), clock, events, PROBES, luck::nextDouble);
        Map<String, Guard> guards = new LinkedHashMap<>();
        breakers.all().forEach(breaker -> guards.put(breaker.service(), guard(breaker, clock)));
        CallOrchestrator orchestrator = new CallOrchestrator(guards, clock, events, new InternalFaults(clock), false);
        return services.stream()
                .collect(
                        Collectors.toMap(Function.identity(), name -> new Guarded(orchestrator, CallRequest.to(name))));
    }

    private static Guard guard(Breaker breaker, VirtualClock clock) {
        ProfileClassifier classifier = new ProfileClassifier(
                ProviderProfiles.bundled().of(ProviderProfiles.GENERIC),
                breaker.snapshot().settings(),
                CooldownSettings.DEFAULTS,
                ExceptionRules.NONE,
                List.of(),
                clock);
        return new Guard(List.of(breaker), classifier, CallListener.NONE);
    }

    private record Guarded(CallOrchestrator orchestrator, CallRequest request) implements Gatekeeper {

        @Override
        public @Nullable Attempt begin(Losses now) {
            try {
                OngoingCall call = orchestrator.begin(request);
                return (answer, retryAfter) -> end(call, answer, retryAfter);
            } catch (CallRejectedException refused) {
                return null;
            }
        }

        private static void end(OngoingCall call, Answer answer, long retryAfter) {
            switch (answer.kind()) {
                case OK -> call.succeeded();
                case TIMEOUT -> call.failed(new SocketTimeoutException("no answer"));
                case RATE_LIMITED, BROKEN, OVERLOADED -> {
                    CallReport report = CallReport.ofStatus(answer.kind().status());
                    call.succeeded(retryAfter > 0 ? report.header("Retry-After", Long.toString(retryAfter)) : report);
                }
            }
        }
    }
}
