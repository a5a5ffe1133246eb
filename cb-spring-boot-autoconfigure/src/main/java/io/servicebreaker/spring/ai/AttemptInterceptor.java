package io.servicebreaker.spring.ai;

import io.servicebreaker.call.CallReport;
import io.servicebreaker.call.CurrentCall;
import io.servicebreaker.call.InternalFaults;
import io.servicebreaker.spring.AnswerReader;
import io.servicebreaker.spring.AnswerStream;
import io.servicebreaker.spring.ErrorReport;
import io.servicebreaker.spring.Exchange;
import io.servicebreaker.spring.ExchangeSource;
import io.servicebreaker.spring.Exchanges;
import io.servicebreaker.spring.JsonRequest;
import io.servicebreaker.spring.ReportedHeaders;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.util.Objects;
import okhttp3.Headers;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.BufferedSink;
import okio.Okio;

/**
 * Makes each request that a model sends and waits for an exchange, the repeated ones too. A request whose answer is to be
 * streamed comes on another thread than its call: it is left alone, unless it is one of {@link StreamThreads}.
 */
final class AttemptInterceptor implements Interceptor {

    /** For streams that nobody reads or closes, since whoever had asked for them had gone before they began. */
    private static final Cleaner FORGOTTEN = Cleaner.create();

    private final Exchanges exchanges;
    private final ExchangeSource<Request> source;
    private final ReportedHeaders reported;
    private final InternalFaults faults;

    AttemptInterceptor(Exchanges exchanges, ReportedHeaders reported, InternalFaults faults) {
        this.exchanges = exchanges;
        this.source = exchanges.byAddress(request -> request.url().uri(), AttemptInterceptor::json);
        this.reported = reported;
        this.faults = faults;
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        return isOfAnUnknownCall(chain.request()) ? chain.proceed(chain.request()) : proceed(chain, chain.request());
    }

    private static boolean isOfAnUnknownCall(Request request) {
        return "text/event-stream".equals(request.header("Accept")) && !StreamThreads.isOne();
    }

    private Response proceed(Chain chain, Request request) throws IOException {
        Exchange exchange = source.begin(request, CurrentCall.get());
        if (exchange == null) {
            return chain.proceed(request);
        }
        Response response;
        try {
            response = chain.proceed(request);
        } catch (Throwable e) {
            exchange.failed(e);
            throw e;
        }
        return heard(response, exchange);
    }

    private Response heard(Response response, Exchange exchange) {
        try {
            return response.code() < 400 ? answered(response, exchange) : refused(response, exchange);
        } catch (RuntimeException | Error e) {
            faults.record("response of OkHttp", e);
            exchange.completed();
            return response;
        }
    }

    private Response answered(Response response, Exchange exchange) {
        exchange.began(reported.addTo(
                CallReport.ofStatus(response.code()), response.headers().names(), response.headers()::get));
        return withReader(response, AnswerReader.of(exchange, response.header("Content-Type"), faults));
    }

    private Response refused(Response response, Exchange exchange) {
        exchange.refused(error(response));
        return exchanges.isRepeatable(exchange)
                ? response
                : response.newBuilder().header("X-Should-Retry", "false").build(); // the SDK would wait for nothing
    }

    private CallReport error(Response response) {
        Headers headers = response.headers();
        try {
            return ErrorReport.of(response.code(), headers.names(), headers::get, beginning(response), reported)
                    .orElse(CallReport.EMPTY);
        } catch (RuntimeException | Error e) {
            faults.record("error of OkHttp", e);
            return CallReport.ofStatus(response.code());
        }
    }

    private static byte[] beginning(Response response) {
        try {
            return response.peekBody(ErrorReport.LONGEST_BODY).bytes();
        } catch (IOException e) {
            return new byte[0]; // the SDK meets the same
        }
    }

    private static Response withReader(Response response, AnswerReader reader) {
        ResponseBody body = Objects.requireNonNull(response.body()); // an interceptor's responses have one
        AnswerStream stream = new AnswerStream(body.byteStream(), reader);
        if (reader.isStreamed()) {
            FORGOTTEN.register(stream, () -> {
                reader.closed();
                body.close();
            });
        }
        ResponseBody heard =
                ResponseBody.create(Okio.buffer(Okio.source(stream)), body.contentType(), body.contentLength());
        return response.newBuilder().body(heard).build();
    }

    private static JsonRequest json(Request request) {
        RequestBody body = request.body();
        if (body == null || body.isOneShot()) {
            return JsonRequest.UNKNOWN;
        }
        MediaType type = body.contentType();
        return JsonRequest.of(type == null ? null : type.toString(), lengthOf(body), to -> {
            BufferedSink sink = Okio.buffer(Okio.sink(to));
            body.writeTo(sink);
            sink.flush();
        });
    }

    private static long lengthOf(RequestBody body) {
        try {
            return body.contentLength();
        } catch (IOException e) {
            return -1;
        }
    }
}
