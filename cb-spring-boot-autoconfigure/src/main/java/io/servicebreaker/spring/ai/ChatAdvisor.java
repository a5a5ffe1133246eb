package io.servicebreaker.spring.ai;

import io.servicebreaker.call.CallOrchestrator;
import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.CurrentCall;
import io.servicebreaker.call.OngoingCall;
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

    private final String service;
    private final CallOrchestrator orchestrator;
    private final CarriedCalls carried;

    ChatAdvisor(String service, CallOrchestrator orchestrator, CarriedCalls carried) {
        this.service = service;
        this.orchestrator = orchestrator;
        this.carried = carried;
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
        call.succeeded(ChatReport.of(response));
        return response;
    }

    /** What the HTTP exchange has told already is not told again. */
    private static ChatClientResponse within(OngoingCall call, ChatClientRequest request, CallAdvisorChain chain) {
        CallReport before = call.told();
        ChatClientResponse response = chain.nextCall(request);
        if (call.told().usage().equals(before.usage())) {
            call.told(ChatReport.of(response));
        }
        return response;
    }

    @Override
    public Flux<ChatClientResponse> adviseStream(ChatClientRequest request, StreamAdvisorChain chain) {
        return Flux.deferContextual(context -> {
            OngoingCall around = around(context);
            return around != null && isOurs(around)
                    ? carrying(around, request, chain)
                    : new StreamWatch(orchestrator.begin(requestFor(request)))
                            .over(call -> carrying(call, request, chain));
        });
    }

    private Flux<ChatClientResponse> carrying(OngoingCall call, ChatClientRequest request, StreamAdvisorChain chain) {
        CarriedRequest own = CarriedRequest.of(request, call, carried);
        return new SubscribedWithin<>(chain.nextStream(own.request()), call)
                .doFinally(end -> own.arrived())
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
        ChatOptions options = request.prompt().getOptions();
        String model = options == null ? null : options.getModel();
        CallRequest call = CallRequest.to(service).operation("chat");
        return model == null ? call : call.model(model);
    }
}
