package io.servicebreaker.sample.simulator;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Tells at start-up how to write a replay. */
final class ReplayFailureAnalyzer extends AbstractFailureAnalyzer<InvalidReplayException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, InvalidReplayException cause) {
        return new FailureAnalysis(
                cause.getMessage(),
                "Write --replay=<provider>@<speed> or --replay=<provider>@<speed>:<episode>, for instance"
                        + " --replay=openai@60, with one of the providers " + String.join(", ", Simulator.PROVIDERS),
                cause);
    }
}
