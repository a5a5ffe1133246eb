package io.servicebreaker.sample.simulator;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** Reads the recorded episodes; the README beside the file names their source and the columns. */
final class RecordedHistory {

    private static final String FILE = "/replay/episodes.csv.gz";

    private RecordedHistory() {}

    static List<Episode> load() {
        try (InputStream file = RecordedHistory.class.getResourceAsStream(FILE)) {
            if (file == null) {
                throw new IllegalStateException("The class path lacks " + FILE);
            }
            return read(new BufferedReader(new InputStreamReader(new GZIPInputStream(file), StandardCharsets.UTF_8)));
        } catch (IOException ex) {
            throw new UncheckedIOException("Cannot read " + FILE, ex);
        }
    }

    private static List<Episode> read(BufferedReader reader) throws IOException {
        Columns columns = new Columns(reader.readLine());
        Map<String, List<Stretch>> stretches = new LinkedHashMap<>();
        Map<String, String> sources = new LinkedHashMap<>();
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            Row row = new Row(columns, line.split(",", -1));
            String id = row.text("episode");
            sources.putIfAbsent(id, row.text("provider") + " " + row.text("service"));
            stretches.computeIfAbsent(id, key -> new ArrayList<>()).add(row.stretch());
        }
        return stretches.entrySet().stream()
                .map(entry -> new Episode(entry.getKey(), sources.getOrDefault(entry.getKey(), ""), entry.getValue()))
                .toList();
    }

    private static final class Columns {

        private final List<String> names;

        Columns(String header) {
            this.names = List.of(header.split(","));
        }

        int indexOf(String name) {
            return names.indexOf(name);
        }
    }

    private static final class Row {

        private final Columns columns;
        private final String[] cells;

        Row(Columns columns, String[] cells) {
            this.columns = columns;
            this.cells = cells;
        }

        String text(String column) {
            return cells[columns.indexOf(column)];
        }

        Stretch stretch() {
            return new Stretch(
                    number("from_s"),
                    number("to_s"),
                    Stretch.Type.valueOf(text("type")),
                    number("p_error"),
                    shares(),
                    number("ok_median_s"),
                    number("ok_sigma"),
                    number("error_median_s"),
                    optional("hint_end_s"));
        }

        private Map<Fault, Double> shares() {
            Map<Fault, Double> shares = new LinkedHashMap<>();
            shares.put(Fault.RATE_LIMIT, number("share_429"));
            shares.put(Fault.SERVER_ERROR, number("share_500"));
            shares.put(Fault.OVERLOAD, number("share_503"));
            shares.put(Fault.GATEWAY_TIMEOUT, number("share_timeout"));
            return shares;
        }

        private double number(String column) {
            return Double.parseDouble(text(column));
        }

        private @Nullable Double optional(String column) {
            return text(column).isEmpty() ? null : number(column);
        }
    }
}
