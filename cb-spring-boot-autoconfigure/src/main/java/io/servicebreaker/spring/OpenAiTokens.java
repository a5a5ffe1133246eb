package io.servicebreaker.spring;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import io.servicebreaker.call.InternalFaults;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;

/**
 * Counts tokens as OpenAI's models of these years do, if jtokkit is there. Its dictionary takes half a second to read and
 * 30 MB of memory; it is read once, on a thread of its own, and until then tokens are counted by bytes.
 */
final class OpenAiTokens {

    private static final boolean JTOKKIT =
            ClassUtils.isPresent("com.knuddels.jtokkit.Encodings", OpenAiTokens.class.getClassLoader());

    private static final AtomicBoolean begun = new AtomicBoolean();
    private static volatile @Nullable TokenCounter dictionary;

    private OpenAiTokens() {}

    /** A counter, which never waits. */
    static TokenCounter counter(InternalFaults faults) {
        TokenCounter known = dictionary;
        if (known == null && JTOKKIT && begun.compareAndSet(false, true)) {
            Thread reader = new Thread(() -> read(faults), "service-breaker-tokens");
            reader.setDaemon(true);
            reader.start();
        }
        return known == null ? TokenCounter.BY_BYTES : known;
    }

    private static void read(InternalFaults faults) {
        try {
            TokenCounter read = Dictionary.read();
            read.count("the first time takes longer");
            dictionary = read;
        } catch (RuntimeException | Error e) {
            faults.record("dictionary of tokens", e);
        }
    }

    /** Apart from the rest, since jtokkit may be absent. */
    private static final class Dictionary {

        static TokenCounter read() {
            Encoding encoding = Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.O200K_BASE);
            return encoding::countTokensOrdinary; // words such as <|endoftext|> are in prompts no commands
        }
    }
}
