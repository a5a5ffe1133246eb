package io.servicebreaker.spring;

import io.servicebreaker.call.CallRequest;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.call.PromptTokens;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Lets the tokens of prompts be counted where it matters what a call will cost, for the adapters of clients. Safe for use
 * by many threads.
 */
public final class PromptCounter {

    private static final Set<String> OPENAI = Set.of("openai", "azure-openai");
    private static final Pattern OPENAI_MODEL = Pattern.compile("(gpt-|chatgpt-|codex-|text-embedding-|o[1-9]).*");

    private final ServiceCosts costs;
    private final ConfiguredServices services;
    private final InternalFaults faults;

    /** Creates it. Where OpenAI's tokens may be counted, what that needs begins to be read, so that no call waits for it. */
    PromptCounter(ServiceCosts costs, ConfiguredServices services, InternalFaults faults) {
        this.costs = costs;
        this.services = services;
        this.faults = faults;
        services.all().stream()
                .filter(service -> costs.limit(service.name()) && isOpenAi(service))
                .findFirst()
                .ifPresent(service -> OpenAiTokens.counter(faults));
    }

    /**
     * A call that knows its prompt, if anything limits what its service spends; otherwise the same.
     *
     * @param reader tells what is sent; asked at most once, and only if nothing better is known of the call's cost
     */
    public CallRequest add(CallRequest request, Consumer<PromptText> reader) {
        return costs.limit(request.service()) ? request.prompt(new Counted(request, reader)) : request;
    }

    private TokenCounter counter(CallRequest request) {
        boolean openAi = OPENAI_MODEL.matcher(request.model()).matches()
                || services.find(request.service())
                        .filter(PromptCounter::isOpenAi)
                        .isPresent();
        return openAi ? OpenAiTokens.counter(faults) : TokenCounter.BY_BYTES;
    }

    private static boolean isOpenAi(ConfiguredService service) {
        return OPENAI.contains(service.provider().id());
    }

    private record Sizes(int input, int mostOutput) {}

    /** Counted once; who asks at the same time may count, too. */
    private final class Counted implements PromptTokens {

        private static final Sizes UNKNOWN = new Sizes(0, 0);

        private final CallRequest request;
        /** Null afterwards, since the call may go on for long. */
        private volatile @Nullable Consumer<PromptText> reader;

        private volatile @Nullable Sizes sizes;

        Counted(CallRequest request, Consumer<PromptText> reader) {
            this.request = request;
            this.reader = reader;
        }

        @Override
        public int input() {
            return sizes().input();
        }

        @Override
        public int mostOutput() {
            return sizes().mostOutput();
        }

        private Sizes sizes() {
            Sizes known = sizes;
            if (known == null) {
                known = count(reader);
                sizes = known;
                reader = null;
            }
            return known;
        }

        /** Without a reader another thread has just been done. */
        private Sizes count(@Nullable Consumer<PromptText> asked) {
            if (asked == null) {
                Sizes others = sizes;
                return others == null ? UNKNOWN : others;
            }
            try {
                PromptText text = new PromptText();
                asked.accept(text);
                return new Sizes(text.input(counter(request)), text.mostOutput());
            } catch (RuntimeException | Error e) {
                faults.record("count of tokens", e);
                return UNKNOWN;
            }
        }
    }
}
