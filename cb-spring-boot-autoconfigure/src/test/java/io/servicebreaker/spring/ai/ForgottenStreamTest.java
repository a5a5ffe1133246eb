package io.servicebreaker.spring.ai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.spring.CallLog;
import io.servicebreaker.spring.Exchanges;
import io.servicebreaker.spring.GuardedWorld;
import io.servicebreaker.spring.LocalProvider;
import io.servicebreaker.spring.LocalProvider.Reply;
import io.servicebreaker.spring.ReportedHeaders;
import java.io.IOException;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.junit.jupiter.api.Test;

/** As a library does that hands a response to nobody, since whoever had asked has gone. */
class ForgottenStreamTest {

    @Test
    void aStreamThatNobodyReadsOrClosesHasBeenGivenUp() throws IOException {
        try (LocalProvider provider = new LocalProvider(Reply.stream())) {
            GuardedWorld.application(provider, SpringAiAutoConfiguration.class).run(context -> {
                GuardedWorld world = new GuardedWorld(context, provider);

                int status = askAndForget(world, provider.url() + "/v1/chat/completions");

                assertThat(status).isEqualTo(200);
                await().untilAsserted(() -> {
                    System.gc();
                    assertThat(world.bean(CallLog.class).ended()).hasSize(1);
                });
                assertThat(world.outcome().cause()).isEqualTo(FailureCause.CANCELLED);
            });
        }
    }

    private static int askAndForget(GuardedWorld world, String url) throws IOException {
        OkHttpClient client = new OkHttpClient.Builder()
                .addInterceptor(new AttemptInterceptor(
                        world.bean(Exchanges.class),
                        world.bean(ReportedHeaders.class),
                        world.bean(InternalFaults.class)))
                .build();
        return client.newCall(new Request.Builder().url(url).build()).execute().code();
    }
}
