package io.servicebreaker.spring.ai;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.spring.CallLog;
import io.servicebreaker.spring.Exchanges;
import io.servicebreaker.spring.GuardedWorld;
import io.servicebreaker.spring.LocalProvider;
import io.servicebreaker.spring.LocalProvider.Reply;
import io.servicebreaker.spring.ReportedHeaders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import org.junit.jupiter.api.Test;

/** Which bodies are read before they are sent. */
class AttemptBodiesTest {

    private static final byte[] QUESTION = "{\"model\":\"gpt-5\"}".getBytes(StandardCharsets.UTF_8);

    @Test
    void ofAJsonTextTheModelIsKnown() {
        send("application/json; charset=utf-8", (world, written) -> {
            assertThat(world.bean(CallLog.class).ended().get(0).request().model())
                    .isEqualTo("gpt-5");
            assertThat(written).isEqualTo(2);
        });
    }

    @Test
    void nothingElseIsReadIntoTheMemory() {
        send("audio/wav", (world, written) -> assertThat(written).isEqualTo(1));
    }

    @FunctionalInterface
    private interface Sent {

        void check(GuardedWorld world, int written);
    }

    private static void send(String type, Sent sent) {
        try (LocalProvider provider = new LocalProvider(Reply.chat())) {
            GuardedWorld.application(provider, SpringAiAutoConfiguration.class).run(context -> {
                GuardedWorld world = new GuardedWorld(context, provider);
                AtomicInteger written = new AtomicInteger();
                Request request = new Request.Builder()
                        .url(provider.url() + "/v1/chat/completions")
                        .post(counted(MediaType.get(type), written))
                        .build();

                try (Response response = client(world).newCall(request).execute()) {
                    assertThat(response.code()).isEqualTo(200);
                }

                sent.check(world, written.get());
            });
        }
    }

    private static OkHttpClient client(GuardedWorld world) {
        return new OkHttpClient.Builder()
                .addInterceptor(new AttemptInterceptor(
                        world.bean(Exchanges.class),
                        world.bean(ReportedHeaders.class),
                        world.bean(InternalFaults.class)))
                .build();
    }

    private static RequestBody counted(MediaType type, AtomicInteger written) {
        return new RequestBody() {
            @Override
            public MediaType contentType() {
                return type;
            }

            @Override
            public void writeTo(BufferedSink sink) throws IOException {
                written.incrementAndGet();
                sink.write(QUESTION);
            }
        };
    }
}
