package io.servicebreaker.spring;

import io.servicebreaker.call.CallReport;

/** A body that is one JSON text. */
final class WholeJson implements AnswerFormat {

    private final JsonScan scan = new JsonScan();

    @Override
    public void read(byte[] bytes, int from, int to) {
        if (!scan.closed()) {
            scan.read(bytes, from, to);
        }
    }

    @Override
    public void end() {
        scan.finish();
    }

    @Override
    public boolean isComplete() {
        return scan.closed();
    }

    /** Whoever parses it will say so. */
    @Override
    public boolean wasCut() {
        return false;
    }

    @Override
    public CallReport report() {
        return scan.facts().report();
    }
}
