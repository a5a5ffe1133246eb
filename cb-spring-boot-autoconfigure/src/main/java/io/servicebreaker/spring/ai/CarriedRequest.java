package io.servicebreaker.spring.ai;

import io.servicebreaker.call.OngoingCall;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.client.ChatClientRequest;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.util.ClassUtils;

/** A request that carries the number of its call, if it goes to OpenAI and somebody will take it off. */
record CarriedRequest(ChatClientRequest request, @Nullable String number, CarriedCalls carried) {

    private static final boolean OPENAI = ClassUtils.isPresent(
            "org.springframework.ai.openai.OpenAiChatOptions", CarriedRequest.class.getClassLoader());

    static CarriedRequest of(ChatClientRequest request, OngoingCall call, CarriedCalls carried) {
        if (!carried.isTakenOff() || !isToOpenAi(request)) {
            return new CarriedRequest(request, null, carried);
        }
        String number = carried.add(call);
        return new CarriedRequest(ToOpenAi.with(number, request), number, carried);
    }

    static boolean isToOpenAi(ChatClientRequest request) {
        return OPENAI && ToOpenAi.is(request);
    }

    /** Nothing more will be asked in the name of this call. */
    void arrived() {
        if (number != null) {
            carried.remove(number);
        }
    }

    /** Apart, since Spring AI's module for OpenAI may be absent. */
    private static final class ToOpenAi {

        static boolean is(ChatClientRequest request) {
            return request.prompt().getOptions() instanceof OpenAiChatOptions;
        }

        static ChatClientRequest with(String number, ChatClientRequest request) {
            OpenAiChatOptions options =
                    (OpenAiChatOptions) Objects.requireNonNull(request.prompt().getOptions());
            Map<String, String> headers = new HashMap<>();
            if (options.getCustomHeaders() != null) {
                headers.putAll(options.getCustomHeaders());
            }
            headers.put(CarriedCalls.HEADER, number);
            Prompt prompt = new Prompt(
                    request.prompt().getInstructions(),
                    options.mutate().customHeaders(headers).build());
            return request.mutate().prompt(prompt).build();
        }
    }
}
