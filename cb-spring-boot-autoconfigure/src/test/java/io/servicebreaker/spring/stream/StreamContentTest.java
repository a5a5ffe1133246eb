package io.servicebreaker.spring.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.servicebreaker.provider.StreamContent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.codec.ServerSentEvent;

class StreamContentTest {

    private static final DataBufferFactory BUFFERS = DefaultDataBufferFactory.sharedInstance;

    static final Iterable<Object> CONTENTS = List.of(
            " ",
            "\n",
            new StringBuilder("a"),
            BUFFERS.wrap(" ".getBytes(StandardCharsets.UTF_8)),
            ServerSentEvent.builder("a").build(),
            ServerSentEvent.builder(Map.of("delta", "a")).comment("c").build(),
            ServerSentEvent.builder("a").event("content_block_delta").build(),
            7,
            Map.of());

    static final Iterable<Object> KEEP_ALIVES = List.of(
            "",
            new StringBuilder(),
            BUFFERS.allocateBuffer(16),
            ServerSentEvent.builder().comment("keep-alive").build(),
            ServerSentEvent.builder("").build(),
            ServerSentEvent.builder(Map.of("type", "ping")).event("ping").build(),
            ServerSentEvent.builder("{\"type\":\"keepalive\"}")
                    .event("keepalive")
                    .build());

    private final Stream<StreamContent> judges = Stream.of(new PlainContent(), new EventContent());

    @ParameterizedTest
    @FieldSource("CONTENTS")
    void takesForContent(Object element) {
        assertThat(judges).allMatch(judge -> judge.isContent(element));
    }

    @ParameterizedTest
    @FieldSource("KEEP_ALIVES")
    void takesForAKeepAlive(Object element) {
        assertThat(judges).anyMatch(judge -> !judge.isContent(element));
    }
}
