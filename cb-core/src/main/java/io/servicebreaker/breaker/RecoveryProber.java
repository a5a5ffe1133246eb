package io.servicebreaker.breaker;

import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallRejectedException;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.UnknownServiceException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the {@link ProbeCall}s of services whose breakers wait for a probe. To be run from time to time.
 *
 * <p>A probe call takes the way of every other call, so the limits on probes hold for it too, and recovery does not
 * depend on it: if it is never run, the next call of the application probes.
 */
public final class RecoveryProber implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(RecoveryProber.class);

    private final CallOrchestrator orchestrator;
    private final Executor executor;
    private final List<Target> targets = new ArrayList<>();

    /**
     * Creates a prober.
     *
     * @param executor where probe calls run; they may take as long as any call
     * @throws UnknownServiceException if a probe call names a service that is not configured
     */
    public RecoveryProber(
            Collection<? extends ProbeCall> probes,
            Breakers breakers,
            CallOrchestrator orchestrator,
            Executor executor) {
        this.orchestrator = orchestrator;
        this.executor = executor;
        for (ProbeCall probe : probes) {
            targets.add(new Target(probe, breakers.breaker(probe.service()), new AtomicBoolean()));
        }
    }

    /** Starts a probe call for each service that waits for one and has none under way. */
    @Override
    public void run() {
        for (Target target : targets) {
            if (target.breaker.awaitsProbe() && target.underWay.compareAndSet(false, true)) {
                start(target);
            }
        }
    }

    private void start(Target target) {
        try {
            executor.execute(() -> probe(target));
        } catch (RejectedExecutionException | Error e) { // no thread to be had is an Error
            target.underWay.set(false);
            log.warn("No thread to probe {}", target.probe.service(), e);
        }
    }

    private void probe(Target target) {
        String service = target.probe.service();
        try {
            orchestrator.call(CallRequest.to(service).operation("probe"), () -> {
                target.probe.probe();
                return service;
            });
        } catch (CallRejectedException e) {
            log.debug("Not probing: {}", e.getMessage());
        } catch (Exception e) {
            log.debug("Probe of {} failed", service, e);
        } finally {
            target.underWay.set(false);
        }
    }

    private record Target(ProbeCall probe, Breaker breaker, AtomicBoolean underWay) {}
}
