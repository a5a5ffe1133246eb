package io.servicebreaker.benchmarks.replay;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** Reads episodes from comma-separated values with a head line, compressed or not. Columns may come in any order. */
final class EpisodeFile {

    private final Map<String, Integer> columns = new HashMap<>();
    private final Map<String, Map<String, List<Row>>> episodes = new LinkedHashMap<>();
    private final Path file;

    private EpisodeFile(Path file) {
        this.file = file;
    }

    /**
     * Reads the episodes of a file.
     *
     * @return in the order of the file
     * @throws IllegalArgumentException if it contains something else, with its line
     */
    static List<Episode> read(Path file) throws IOException {
        EpisodeFile reader = new EpisodeFile(file);
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(open(file), StandardCharsets.UTF_8))) {
            String head = lines.readLine();
            if (head == null) {
                throw new IllegalArgumentException(file + " is empty");
            }
            String[] names = head.split(",", -1);
            for (int i = 0; i < names.length; i++) {
                reader.columns.put(names[i].strip(), i);
            }
            int number = 1;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (!line.isBlank()) {
                    reader.add(line.split(",", -1), number);
                }
            }
        }
        return reader.episodes();
    }

    private static InputStream open(Path file) throws IOException {
        InputStream bytes = Files.newInputStream(file);
        return file.toString().endsWith(".gz") ? new GZIPInputStream(bytes) : bytes;
    }

    private void add(String[] cells, int line) {
        try {
            Row row = row(cells);
            episodes.computeIfAbsent(row.episode(), id -> new LinkedHashMap<>())
                    .computeIfAbsent(row.service(), name -> new ArrayList<>())
                    .add(row);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(file + ", line " + line + ": " + e.getMessage(), e);
        }
    }

    private Row row(String[] cells) {
        String hint = cell(cells, "hint_end_s");
        Stretch stretch = new Stretch(
                number(cells, "from_s"),
                number(cells, "to_s"),
                Stretch.Kind.named(cell(cells, "type")),
                number(cells, "p_error"),
                new Stretch.Mix(number(cells, "share_429"), number(cells, "share_500"), number(cells, "share_503")),
                number(cells, "ok_median_s"),
                number(cells, "ok_sigma"),
                number(cells, "error_median_s"),
                hint.isEmpty() ? null : Double.valueOf(hint));
        return new Row(
                cell(cells, "episode"),
                cell(cells, "provider"),
                cell(cells, "service"),
                cell(cells, "affected").equals("1"),
                stretch);
    }

    private double number(String[] cells, String column) {
        return Double.parseDouble(cell(cells, column));
    }

    private String cell(String[] cells, String column) {
        Integer index = columns.get(column);
        if (index == null) {
            throw new IllegalArgumentException("there is no column " + column);
        }
        if (index >= cells.length) {
            throw new IllegalArgumentException("there is nothing in column " + column);
        }
        return cells[index].strip();
    }

    private List<Episode> episodes() {
        return episodes.entrySet().stream()
                .map(episode -> {
                    List<Episode.Service> services = episode.getValue().values().stream()
                            .map(EpisodeFile::service)
                            .toList();
                    String provider =
                            episode.getValue().values().iterator().next().get(0).provider();
                    return new Episode(episode.getKey(), provider, services);
                })
                .toList();
    }

    private static Episode.Service service(List<Row> rows) {
        Row first = rows.get(0);
        return Episode.Service.of(
                first.service(),
                rows.stream().anyMatch(Row::affected),
                rows.stream().map(Row::stretch).toList());
    }

    private record Row(String episode, String provider, String service, boolean affected, Stretch stretch) {}
}
