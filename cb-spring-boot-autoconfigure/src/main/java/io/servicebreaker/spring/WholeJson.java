package io.servicebreaker.spring;

import io.servicebreaker.call.CallReport;

/** A body that is one JSON text. */
final class WholeJson implements AnswerFormat {

    private final JsonScan scan = new JsonScan();
    private boolean cut;

    @Override
    public void read(byte[] bytes, int from, int to) {
        if (!scan.closed()) {
            scan.read(bytes, from, to);
        }
    }

    @Override
    public void end() {
        cut = scan.isOpen();
        scan.finish();
    }

    @Override
    public boolean isComplete() {
        return scan.closed();
    }

    @Override
    public boolean wasCut() {
        return cut;
    }

    @Override
    public CallReport report() {
        return scan.facts().report();
    }
}
