package io.servicebreaker.coordination;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.call.CallListener;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.event.Events;
import io.servicebreaker.time.FakeTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntToDoubleFunction;

/** Services that fail at random, second by second, and what is found out about them. */
final class CorrelatedWorld implements AutoCloseable {

    static final FailureCause USUAL = FailureCause.SERVER_ERROR;

    private static final Duration SECOND = Duration.ofSeconds(1);

    final FakeTime time = new FakeTime();
    final Events events = new Events();
    final Set<String> down = new HashSet<>();
    private final List<FailuresCorrelated> told = new CopyOnWriteArrayList<>();
    final FailureCorrelation correlation;

    private final List<CorrelatedService> services;
    private final List<CallListener> listeners;
    private final List<CallRequest> requests;
    private final Random random;
    private double seconds;

    CorrelatedWorld(long seed, List<CorrelatedService> services) {
        this.random = new Random(seed);
        this.services = services;
        this.correlation = new FailureCorrelation(services, CorrelationSettings.DEFAULT, down::contains, time, events);
        this.listeners = services.stream()
                .map(service -> correlation.listenerFor(service.name()))
                .toList();
        this.requests =
                services.stream().map(service -> CallRequest.to(service.name())).toList();
        events.subscribe(FailuresCorrelated.class, told::add);
    }

    /** Services s0, s1, … of different providers on different hosts. */
    static List<CorrelatedService> strangers(int count) {
        List<CorrelatedService> services = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            services.add(new CorrelatedService("s" + i, "p" + i, "h" + i));
        }
        return services;
    }

    int size() {
        return services.size();
    }

    /** Since the beginning. */
    double seconds() {
        return seconds;
    }

    Random random() {
        return random;
    }

    void fail(int service, FailureCause cause) {
        listeners.get(service).finished(requests.get(service), Outcome.failure(cause), 1);
    }

    void fail(int service) {
        fail(service, USUAL);
    }

    /** A second goes by, and what failed in it is looked at. */
    void second() {
        seconds++;
        time.advance(SECOND);
        correlation.analyse();
    }

    /** For some seconds each service fails at its rate, failures a second. */
    void run(int seconds, IntToDoubleFunction rate) {
        for (int i = 0; i < seconds; i++) {
            noise(rate);
            second();
        }
    }

    void noise(IntToDoubleFunction rate) {
        for (int service = 0; service < size(); service++) {
            int failures = poisson(rate.applyAsDouble(service));
            for (int i = 0; i < failures; i++) {
                fail(service);
            }
        }
    }

    int poisson(double mean) {
        if (mean > 30) {
            return (int) Math.max(0, Math.round(mean + Math.sqrt(mean) * random.nextGaussian()));
        }
        int count = 0;
        double left = -Math.log(1 - random.nextDouble());
        while (left < mean) {
            count++;
            left += -Math.log(1 - random.nextDouble());
        }
        return count;
    }

    /** A time that is exponentially distributed. */
    double exponential(double mean) {
        return -mean * Math.log(1 - random.nextDouble());
    }

    /** What has been told until now; ends the telling. */
    List<FailuresCorrelated> told() {
        events.close();
        return told;
    }

    /** The only correlation that goes on. */
    Correlation open() {
        assertThat(correlation.correlations()).filteredOn(Correlation::isOpen).hasSize(1);
        return correlation.correlations().get(0);
    }

    @Override
    public void close() {
        events.close();
    }
}
