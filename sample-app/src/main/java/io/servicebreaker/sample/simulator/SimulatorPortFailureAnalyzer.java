package io.servicebreaker.sample.simulator;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Tells at start-up which port is taken: there are two. */
final class SimulatorPortFailureAnalyzer extends AbstractFailureAnalyzer<SimulatorPortTakenException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, SimulatorPortTakenException cause) {
        return new FailureAnalysis(
                cause.getMessage(),
                "End what listens there, or give the simulator another port with --simulator.port=8082; 0 takes any"
                        + " free one.",
                cause);
    }
}
