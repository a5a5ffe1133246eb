package io.servicebreaker.call;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what it is told. Safe for use by many threads. */
final class RecordingListener implements CallListener {

    /** The end of a call, as a listener sees it. */
    record Finished(CallRequest request, Outcome outcome, long durationNanos) {}

    private final List<Finished> finished = new CopyOnWriteArrayList<>();
    private final List<Rejection> rejections = new CopyOnWriteArrayList<>();

    @Override
    public void finished(CallRequest request, Outcome outcome, long durationNanos) {
        finished.add(new Finished(request, outcome, durationNanos));
    }

    @Override
    public void rejected(CallRequest request, Rejection rejection) {
        rejections.add(rejection);
    }

    List<Finished> finished() {
        return finished;
    }

    List<Rejection> rejections() {
        return rejections;
    }
}
