package io.servicebreaker.spring.aop;

import io.servicebreaker.annotation.ServiceBreaker;
import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CurrentCall;
import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.FallbackFor;
import io.servicebreaker.call.OngoingCall;
import io.servicebreaker.call.RejectionReason;
import io.servicebreaker.time.FakeTime;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Lazy;

/** Part of a client whose calls take a second each, and fail as a test wants it. */
class LadderClient {

    final FakeTime time;
    final CallOrchestrator orchestrator;
    private final Script script = new Script();

    @Autowired
    @Lazy
    @Nullable
    LadderClient self;

    LadderClient(FakeTime time, CallOrchestrator orchestrator) {
        this.time = time;
        this.orchestrator = orchestrator;
    }

    /** Not a field: a proxy has none of its own. */
    public Script script() {
        return script;
    }

    String answer(String method, String question) throws IOException {
        script.called.add(method);
        OngoingCall call = CurrentCall.get();
        script.fallbacks.add(call != null && call.isFallback());
        time.advance(Duration.ofSeconds(1));
        if (script.broken.contains(method)) {
            throw new IOException(method);
        }
        return method + " " + question;
    }

    @ServiceBreaker(value = "openai", fallback = "shorter, maintained, rest")
    public String caused(@Nullable Exception failure) throws Exception {
        return onlyThrow(failure);
    }

    @ServiceBreaker(value = "openai", fallback = "shorter")
    public String onlyTimeouts(@Nullable Exception failure) throws Exception {
        return onlyThrow(failure);
    }

    private static String onlyThrow(@Nullable Exception failure) throws Exception {
        if (failure != null) {
            throw failure;
        }
        return "fine";
    }

    @FallbackFor(FailureCause.TIMEOUT)
    public String shorter(@Nullable Exception failure) {
        return "shorter";
    }

    @FallbackFor(reasons = {RejectionReason.FORCED_OPEN, RejectionReason.OPEN})
    public String maintained(@Nullable Exception failure, Exception why) {
        return "maintained";
    }

    public String rest(@Nullable Exception failure, Exception why) {
        return "for all: " + why.getMessage();
    }

    /** Opens after two failures, so that refusals follow. */
    @ServiceBreaker(value = "openai", fallback = "again")
    public String endless(int depth) {
        throw new IllegalStateException("endless " + depth);
    }

    public String again(int depth) {
        if (self == null) {
            throw new IllegalStateException("not made by Spring");
        }
        return self.endless(depth + 1);
    }

    /** What happens in a test. */
    static final class Script {
        final Set<String> broken = new HashSet<>();
        final List<String> called = new ArrayList<>();
        final List<Boolean> fallbacks = new ArrayList<>();
        Instant begun = Instant.EPOCH;
    }
}
