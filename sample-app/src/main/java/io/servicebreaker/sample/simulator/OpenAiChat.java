package io.servicebreaker.sample.simulator;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Chat completions as OpenAI answers them. */
final class OpenAiChat {

    private final Ids ids;
    private final InstantSource time;

    OpenAiChat(Ids ids, InstantSource time) {
        this.ids = ids;
        this.time = time;
    }

    /** The text that answers a question, the same in every format. */
    static String text(ChatRequest chat, Fault fault) {
        return fault == Fault.EMPTY
                ? ""
                : Prose.about(chat.question(), "%s is best understood by what it is meant to achieve.");
    }

    Answer answer(ChatRequest chat, Fault fault) {
        String text = text(chat, fault);
        ObjectNode usage = ChatFormat.usage(chat.promptTokens(), Tokens.count(text));
        usage.putObject("prompt_tokens_details").put("cached_tokens", 0);
        usage.putObject("completion_tokens_details").put("reasoning_tokens", 0);
        ChatFormat format = new ChatFormat(
                ids.next("chatcmpl-"),
                OpenAiModels.served(chat.model()),
                time.instant().getEpochSecond());
        if (!chat.stream()) {
            return Answer.json(200, format.completion(text, usage));
        }
        Answer whole = Answer.events(chunks(format, chat, text, usage));
        return switch (fault) {
            case STREAM_ERROR -> whole.failing(error());
            case STREAM_ERROR_BILLED -> whole.failing(bill(format, chat, usage) + error());
            default -> whole;
        };
    }

    private static List<ObjectNode> chunks(ChatFormat format, ChatRequest chat, String text, ObjectNode usage) {
        List<ObjectNode> chunks = new ArrayList<>(format.chunks(text));
        if (chat.includeUsage()) {
            chunks.forEach(chunk -> chunk.putNull("usage"));
            chunks.add(format.usageChunk(usage));
        }
        return chunks;
    }

    /** Bills all of the answer, though not all of it arrives. */
    private static String bill(ChatFormat format, ChatRequest chat, ObjectNode usage) {
        return chat.includeUsage() ? Answer.event(format.usageChunk(usage)) : "";
    }

    private static String error() {
        return Answer.event(OpenAiErrors.serverError());
    }
}
