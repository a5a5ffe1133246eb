package io.servicebreaker.spring.ai;

import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.call.OngoingCall;
import io.servicebreaker.call.Usage;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.client.ChatClientResponse;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;

/** What an answer of Spring AI says about the call. */
final class ChatReport {

    private ChatReport() {}

    /** Nothing if that cannot be read: models and what they return are written by many. */
    static CallReport of(ChatClientResponse answer, InternalFaults faults) {
        try {
            return of(answer);
        } catch (RuntimeException | Error e) {
            faults.record("answer of Spring AI", e);
            return CallReport.EMPTY;
        }
    }

    private static CallReport of(ChatClientResponse answer) {
        ChatResponse response = answer.chatResponse();
        if (response == null) {
            return CallReport.EMPTY;
        }
        ChatResponseMetadata metadata = response.getMetadata();
        CallReport report = CallReport.EMPTY;
        if (metadata.getModel() != null && !metadata.getModel().isEmpty()) {
            report = report.model(metadata.getModel());
        }
        Usage usage = usage(metadata.getUsage());
        return usage == null ? report : report.usage(usage);
    }

    /** What Spring AI tells of a call, with the tokens that were heard below it, which are the provider's own words. */
    static CallReport of(CallReport told, OngoingCall call) {
        return call.told().usage().map(told::usage).orElse(told);
    }

    /** All pieces of a stream but the last say that nothing was used. */
    static @Nullable Usage usage(org.springframework.ai.chat.metadata.@Nullable Usage told) {
        if (told == null) {
            return null;
        }
        int fresh = atLeastZero(told.getPromptTokens());
        int read = atLeastZero(told.getCacheReadInputTokens());
        int written = atLeastZero(told.getCacheWriteInputTokens());
        int output = atLeastZero(told.getCompletionTokens());
        int input = promptIsFresh(told, fresh, read)
                ? (int) Math.min(Integer.MAX_VALUE, (long) fresh + read + written)
                : fresh;
        return input == 0 && output == 0 ? null : new Usage(input, output, Math.min(input, read));
    }

    /** Whether the prompt's tokens are told without those of the cache: by Anthropic's model, and by any of which there are fewer. */
    private static boolean promptIsFresh(org.springframework.ai.chat.metadata.Usage told, int prompt, int read) {
        Object provider = told.getNativeUsage();
        return read > prompt
                || (provider != null && provider.getClass().getName().startsWith("com.anthropic."));
    }

    private static int atLeastZero(@Nullable Number tokens) {
        return tokens == null ? 0 : (int) Math.max(0, Math.min(Integer.MAX_VALUE, tokens.longValue()));
    }

    /** Whether there is anything in it that a user would see, or a tool that is to be called. */
    static boolean hasContent(ChatClientResponse piece) {
        ChatResponse response = piece.chatResponse();
        return response != null && hasContent(response);
    }

    static boolean hasContent(ChatResponse piece) {
        return piece.getResults().stream().anyMatch(ChatReport::hasContent);
    }

    private static boolean hasContent(Generation generation) {
        AssistantMessage message = generation.getOutput();
        if (message == null) {
            return false;
        }
        String text = message.getText();
        return (text != null && !text.isEmpty())
                || message.hasToolCalls()
                || !message.getMedia().isEmpty();
    }

    /** Whether the model says in it why it stops. */
    static boolean isFinished(ChatClientResponse piece) {
        ChatResponse response = piece.chatResponse();
        return response != null && response.getResults().stream().anyMatch(ChatReport::isFinished);
    }

    private static boolean isFinished(Generation generation) {
        String reason = generation.getMetadata().getFinishReason();
        return reason != null && !reason.isEmpty() && !reason.startsWith("_");
    }
}
