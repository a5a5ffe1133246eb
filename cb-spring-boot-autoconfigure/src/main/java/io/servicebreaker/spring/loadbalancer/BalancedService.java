package io.servicebreaker.spring.loadbalancer;

import io.servicebreaker.breaker.Instances;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.CurrentCall;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.call.OngoingCall;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.OutcomeClassifier;
import io.servicebreaker.call.Permit;
import io.servicebreaker.call.RejectionScope;
import io.servicebreaker.spring.ReportedHeaders;
import io.servicebreaker.time.TimeSource;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.ResponseData;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;

/**
 * A service of ours that a load balancer knows by the same name. Its methods never throw: where they fail, the balancer
 * does what it would do without us. Safe for use by many threads.
 */
final class BalancedService {

    /** Above it there is none that HTTP knows. */
    private static final int HIGHEST_STATUS = 599;

    private final Instances instances;
    private final OutcomeClassifier classifier;
    private final ReportedHeaders reported;
    private final TimeSource time;
    private final InternalFaults faults;
    private final CallRequest call;

    BalancedService(
            String name,
            Instances instances,
            OutcomeClassifier classifier,
            ReportedHeaders reported,
            TimeSource time,
            InternalFaults faults) {
        this.instances = instances;
        this.classifier = classifier;
        this.reported = reported;
        this.time = time;
        this.faults = faults;
        this.call = CallRequest.to(name);
    }

    /** Those that may be called, or all of them if none may. */
    List<ServiceInstance> callable(List<ServiceInstance> listed) {
        try {
            return instances.callable(listed, BalancedService::id, BalancedService::url);
        } catch (RuntimeException | Error e) {
            faults.record("choice of instances", e);
            return listed;
        }
    }

    /** The request to an instance is about to be made. */
    Ongoing begin(ServiceInstance chosen) {
        try {
            return new Ongoing(instances.begin(id(chosen)), time.nanos(), namesCredential());
        } catch (RuntimeException | Error e) {
            faults.record("request to an instance", e);
            return new Ongoing(Permit.FREE, 0, false);
        }
    }

    /**
     * It has ended, with an error or with the head of an answer.
     *
     * @param response what the client calls its answer; of another kind than HTTP's, it is a success
     */
    void end(Ongoing ongoing, @Nullable Throwable error, @Nullable Object response) {
        if (ongoing.permit == Permit.FREE) {
            return;
        }
        long now = ongoing.begunNanos;
        Outcome outcome = Outcome.NOT_RUN;
        try {
            now = time.nanos();
            Outcome judged = judged(error, response, now - ongoing.begunNanos);
            boolean isOfAnother = ongoing.namesCredential && judged.scope() == RejectionScope.CREDENTIAL;
            outcome = isOfAnother ? Outcome.NOT_RUN : judged.of(RejectionScope.SERVICE); // no instance knows of models
        } catch (RuntimeException | Error e) {
            faults.record("end of a request to an instance", e);
        }
        ongoing.permit.finish(outcome, now - ongoing.begunNanos, now);
    }

    /** What one of several credentials is refused for is not the instance's fault. */
    private static boolean namesCredential() {
        OngoingCall around = CurrentCall.get();
        return around != null && !around.request().credential().isEmpty();
    }

    private Outcome judged(@Nullable Throwable error, @Nullable Object response, long durationNanos) {
        if (error != null) {
            return classifier.failed(call, error, null);
        }
        if (!(response instanceof ResponseData answer)) {
            return classifier.answered(call, null, durationNanos);
        }
        HttpStatusCode status = answer.getHttpStatus();
        return status == null || status.value() > HIGHEST_STATUS
                ? Outcome.NOT_RUN
                : classifier.answered(call, report(status.value(), answer.getHeaders()), durationNanos);
    }

    private CallReport report(int status, HttpHeaders headers) {
        return reported.addTo(CallReport.ofStatus(status), headers.headerNames(), headers::getFirst);
    }

    /** Not all registries give ids. */
    private static String id(ServiceInstance instance) {
        String id = instance.getInstanceId();
        return id == null || id.isEmpty() ? instance.getHost() + ":" + instance.getPort() : id;
    }

    private static URI url(ServiceInstance instance) {
        String scheme = instance.isSecure() ? "https" : "http";
        return URI.create(scheme + "://" + instance.getHost() + ":" + instance.getPort());
    }

    /**
     * A request under way.
     *
     * @param begunNanos when it was made
     * @param namesCredential whether the call around it names one of several credentials
     */
    record Ongoing(Permit permit, long begunNanos, boolean namesCredential) {}
}
