package io.servicebreaker.spring.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.NettyDataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

/** The body of an error that is longer than what is judged of it. */
class ErrorHeadTest {

    @Test
    void givesAllOfTheBody() {
        Flux<DataBuffer> body = Flux.range(0, 40).map(number -> piece(1024, (char) ('a' + number % 26)));

        String read = DataBufferUtils.join(head(body).body())
                .map(all -> all.toString(StandardCharsets.UTF_8))
                .block();

        assertThat(read).hasSize(40 * 1024).startsWith("aaa").endsWith("nnn");
    }

    @Test
    void aClientThatGivesUpAtTheBeginningCancelsTheRest() {
        AtomicBoolean cancelled = new AtomicBoolean();
        Flux<DataBuffer> body = Flux.range(0, 20)
                .<DataBuffer>map(number -> piece(1024, 'x'))
                .concatWith(Flux.never())
                .doOnCancel(() -> cancelled.set(true));

        List<DataBuffer> read = readOne(head(body));

        assertThat(read).hasSize(1);
        assertThat(cancelled).isTrue();
    }

    @Test
    void whatAClientThatGivesUpHasNotReadIsReleased() {
        List<NettyDataBuffer> pieces = new ArrayList<>();
        Flux<DataBuffer> body = Flux.range(0, 17)
                .map(number -> piece(1024, 'x'))
                .doOnNext(pieces::add)
                .cast(DataBuffer.class)
                .concatWith(Flux.never());

        List<DataBuffer> read = readOne(head(body));
        read.forEach(DataBufferUtils::release);

        assertThat(pieces).hasSize(17).noneMatch(NettyDataBuffer::isAllocated);
    }

    @Test
    void aPieceThatArrivesWhileItIsReleasedIsReleasedToo() {
        AtomicReference<Subscriber<? super DataBuffer>> upstream = new AtomicReference<>();
        Flux<DataBuffer> body = Flux.from(subscriber -> {
            upstream.set(subscriber);
            subscriber.onSubscribe(new Unheeding());
        });
        Disposable reading = ErrorHead.of(body).subscribe();
        NettyDataBuffer late = piece(10, 'x');

        reading.dispose();
        upstream.get().onNext(late);

        assertThat(late.isAllocated()).isFalse();
    }

    private static ErrorHead head(Flux<DataBuffer> body) {
        return ErrorHead.of(body).blockOptional().orElseThrow();
    }

    private static List<DataBuffer> readOne(ErrorHead head) {
        List<DataBuffer> read = new ArrayList<>();
        head.body().subscribe(new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                request(1);
            }

            @Override
            protected void hookOnNext(DataBuffer piece) {
                read.add(piece);
                cancel();
            }
        });
        return read;
    }

    private static NettyDataBuffer piece(int size, char letter) {
        NettyDataBuffer piece = new NettyDataBufferFactory(UnpooledByteBufAllocator.DEFAULT).allocateBuffer(size);
        piece.write(String.valueOf(letter).repeat(size).getBytes(StandardCharsets.UTF_8));
        return piece;
    }

    /** One whose piece is under way when it is cancelled. */
    private static final class Unheeding implements Subscription {
        @Override
        public void request(long count) {}

        @Override
        public void cancel() {}
    }
}
