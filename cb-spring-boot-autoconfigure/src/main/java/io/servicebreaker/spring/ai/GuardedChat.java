package io.servicebreaker.spring.ai;

import io.servicebreaker.breaker.Breakers;
import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.spring.ConfiguredServices;
import io.servicebreaker.spring.PromptCounter;
import org.springframework.ai.chat.client.advisor.api.Advisor;

/**
 * Makes advisors that guard what a {@code ChatClient} does, to be given to {@code defaultAdvisors}. A bean. Safe for use
 * by many threads.
 */
public final class GuardedChat {

    private final CallOrchestrator orchestrator;
    private final Breakers breakers;
    private final ConfiguredServices services;
    private final PromptCounter prompts;
    private final InternalFaults faults;

    GuardedChat(
            CallOrchestrator orchestrator,
            Breakers breakers,
            ConfiguredServices services,
            PromptCounter prompts,
            InternalFaults faults) {
        this.orchestrator = orchestrator;
        this.breakers = breakers;
        this.services = services;
        this.prompts = prompts;
        this.faults = faults;
    }

    /**
     * An advisor that makes each question to the model a call of the service, with the model that is asked for, unless it
     * is part of a guarded call of that service. A streamed answer that ends without saying why is a failure, if it is
     * OpenAI's or Anthropic's, or an earlier one of this advisor did say why. It stands next to the model, so that each turn
     * of a conversation with tools is a call of its own.
     *
     * @throws io.servicebreaker.call.UnknownServiceException if the service is not configured
     */
    public Advisor advisor(String service) {
        breakers.breaker(service);
        return new ChatAdvisor(services.streamLimits(service), orchestrator, prompts, faults);
    }
}
