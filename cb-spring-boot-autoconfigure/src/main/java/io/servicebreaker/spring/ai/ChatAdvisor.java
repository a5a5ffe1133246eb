package io.servicebreaker.spring.ai;

import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.CurrentCall;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.call.OngoingCall;
import io.servicebreaker.spring.PromptCounter;
import io.servicebreaker.spring.StreamLimits;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.client.ChatClientRequest;
import org.springframework.ai.chat.client.ChatClientResponse;
import org.springframework.ai.chat.client.advisor.api.CallAdvisor;
import org.springframework.ai.chat.client.advisor.api.CallAdvisorChain;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisor;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisorChain;
import org.springframework.ai.chat.prompt.ChatOptions;
import reactor.core.publisher.Flux;
import reactor.util.context.ContextView;

/** Makes each question to a model a guarded call. */
final class ChatAdvisor implements CallAdvisor, StreamAdvisor {

    /** Behind all others, but before Spring AI's own, which ask the model. */
    private static final int ORDER = LOWEST_PRECEDENCE - 100;

    private final StreamLimits limits;
    private final String service;
    private final CallOrchestrator orchestrator;
    private final PromptCounter prompts;
    private final InternalFaults faults;
    /** Whether its model says at the end of a stream why it stops. */
    private final AtomicBoolean tellsReasons = new AtomicBoolean();

    /**
     * Creates it.
     *
     * @param limits of the service whose calls it guards
     */
    ChatAdvisor(StreamLimits limits, CallOrchestrator orchestrator, PromptCounter prompts, InternalFaults faults) {
        this.limits = limits;
        this.service = limits.service();
        this.orchestrator = orchestrator;
        this.prompts = prompts;
        this.faults = faults;
    }

    @Override
    public String getName() {
        return "service-breaker " + service;
    }

    @Override
    public int getOrder() {
        return ORDER;
    }

    @Override
    public ChatClientResponse adviseCall(ChatClientRequest request, CallAdvisorChain chain) {
        OngoingCall around = CurrentCall.get();
        if (around != null && isOurs(around)) {
            return within(around, request, chain);
        }
        OngoingCall call = orchestrator.begin(requestFor(request));
        OngoingCall outer = CurrentCall.enter(call);
        ChatClientResponse response;
        try {
            response = chain.nextCall(request);
        } catch (Throwable e) {
            call.failed(e);
            throw e;
        } finally {
            CurrentCall.leave(outer);
        }
        call.succeeded(ChatReport.of(ChatReport.of(response, faults), call));
        return response;
    }

    /** What the HTTP exchange has told already is not told again. */
    private ChatClientResponse within(OngoingCall call, ChatClientRequest request, CallAdvisorChain chain) {
        CallReport before = call.told();
        ChatClientResponse response = chain.nextCall(request);
        if (call.told().usage().equals(before.usage())) {
            call.told(ChatReport.of(response, faults));
        }
        return response;
    }

    @Override
    public Flux<ChatClientResponse> adviseStream(ChatClientRequest request, StreamAdvisorChain chain) {
        return Flux.deferContextual(context -> {
            OngoingCall around = around(context);
            return around != null && isOurs(around)
                    ? streamWithin(around, request, chain)
                    : watch(request).over(call -> streamWithin(call, request, chain));
        });
    }

    private StreamWatch watch(ChatClientRequest request) {
        if (Provider.tellsReasons(request)) {
            tellsReasons.set(true);
        }
        return new StreamWatch(orchestrator.begin(requestFor(request)), limits, tellsReasons, faults);
    }

    private static Flux<ChatClientResponse> streamWithin(
            OngoingCall call, ChatClientRequest request, StreamAdvisorChain chain) {
        return new SubscribedWithin<>(chain.nextStream(request), call)
                .contextWrite(context -> context.put(CurrentCall.KEY, call));
    }

    private static @Nullable OngoingCall around(ContextView context) {
        OngoingCall known = context.getOrDefault(CurrentCall.KEY, null);
        return known == null ? CurrentCall.get() : known;
    }

    private boolean isOurs(OngoingCall call) {
        return call.request().service().equals(service);
    }

    private CallRequest requestFor(ChatClientRequest request) {
        String model = modelOf(request);
        CallRequest call = CallRequest.to(service).operation("chat");
        return prompts.add(model == null ? call : call.model(model), text -> ChatPrompt.add(request.prompt(), text));
    }

    private @Nullable String modelOf(ChatClientRequest request) {
        try {
            ChatOptions options = request.prompt().getOptions();
            return options == null ? null : options.getModel();
        } catch (RuntimeException | Error e) {
            faults.record("options of Spring AI", e);
            return null;
        }
    }
}
