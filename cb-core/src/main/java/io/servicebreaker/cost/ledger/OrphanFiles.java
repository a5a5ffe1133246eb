package io.servicebreaker.cost.ledger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files that writers have left behind in a directory. What cannot be used, as that of another user, is told of once and left
 * alone: it must not keep what others cost from the store. For one thread.
 */
final class OrphanFiles {

    private static final Logger log = LoggerFactory.getLogger(OrphanFiles.class);

    private final Path directory;
    private final String heir;
    private final Set<Object> told = new HashSet<>();

    OrphanFiles(Path directory, String heir) {
        this.directory = directory;
        this.heir = heir;
    }

    /**
     * Hands over what writers have left behind that live no longer, and deletes what has been taken.
     *
     * @param lastOfWriter is given the newest of each writer once again, after all others
     */
    void takeOver(Consumer<Written> to, Consumer<Written> lastOfWriter) {
        byWriter().forEach((writer, files) -> {
            if (!writer.equals(heir)) {
                try {
                    takeOverIfDead(writer, files, to, lastOfWriter);
                } catch (IOException e) {
                    tell(writer, e);
                }
            }
        });
    }

    private Map<String, List<SpillFile>> byWriter() {
        if (!Files.isDirectory(directory)) {
            return Map.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(SpillFile::of)
                    .flatMap(Optional::stream)
                    .sorted(SpillFile.OLDEST_FIRST)
                    .collect(Collectors.groupingBy(SpillFile::writer, TreeMap::new, Collectors.toList()));
        } catch (IOException | UncheckedIOException e) {
            tell(directory, e);
            return Map.of();
        }
    }

    private void takeOverIfDead(
            String writer, List<SpillFile> files, Consumer<Written> to, Consumer<Written> lastOfWriter)
            throws IOException {
        Path lockPath = SpillFiles.lockPath(directory, writer);
        try (FileChannel channel = FileChannel.open(lockPath, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = SpillFiles.tryLock(channel)) {
            if (held == null) {
                return;
            }
            log.info("Taking over {} files that a process left behind which lives no longer", files.size());
            if (takeOver(files, to, lastOfWriter)) {
                Files.deleteIfExists(lockPath);
            }
        }
    }

    /** Whether all of them could be. */
    private boolean takeOver(List<SpillFile> files, Consumer<Written> to, Consumer<Written> lastOfWriter)
            throws IOException {
        AtomicReference<@Nullable Written> last = new AtomicReference<>();
        Map<SpillFile, Boolean> taken = new LinkedHashMap<>();
        List<SpillFile> existing = new ArrayList<>(files);
        existing.removeIf(file -> Files.notExists(file.path()));
        for (SpillFile file : existing) {
            try {
                boolean whole = file.read(written -> {
                    to.accept(written);
                    last.set(written);
                });
                taken.put(file, whole);
            } catch (IOException e) {
                tell(file, e);
            }
        }
        Written newest = last.get();
        if (newest != null) {
            lastOfWriter.accept(newest);
        }
        for (Map.Entry<SpillFile, Boolean> file : taken.entrySet()) {
            file.getKey().dispose(file.getValue());
        }
        return taken.size() == existing.size();
    }

    private void tell(Object what, Exception e) {
        if (told.add(what)) {
            log.error(
                    "What calls cost may be lost: files of {} in {} cannot be used, and are left alone",
                    what,
                    directory,
                    e);
        }
    }
}
