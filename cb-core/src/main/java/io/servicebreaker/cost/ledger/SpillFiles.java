package io.servicebreaker.cost.ledger;

import io.servicebreaker.cost.ledger.Frames.DamagedException;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Local files for what a store could not take in time. Each writer has its own, and a lock while it lives, so that those of
 * one that has died can be told and taken over. Nothing is created before something is written. Safe for use by many
 * threads.
 */
final class SpillFiles {

    private static final Logger log = LoggerFactory.getLogger(SpillFiles.class);
    private static final String SPILL = ".spill";
    private static final String LOCK = ".lock";
    private static final String DAMAGED = ".damaged";

    private final Path directory;
    private final String writer;
    private final Deque<Path> full = new ArrayDeque<>();
    private @Nullable FileChannel lock;
    private @Nullable Path path;
    private @Nullable FileChannel open;
    private long number;
    private long records;

    SpillFiles(Path directory, String writer) {
        this.directory = directory;
        this.writer = writer;
    }

    /** Writes it to the end of the current file, or nothing of it. It is safe from the end of this process afterwards. */
    synchronized void write(Written written) throws IOException {
        ByteBuffer frame = Frames.write(written);
        FileChannel file = open == null ? begin() : open;
        long before = file.position();
        try {
            while (frame.hasRemaining()) {
                file.write(frame);
            }
        } catch (IOException e) {
            cut(file, before);
            throw e;
        }
        records += written.size();
    }

    private FileChannel begin() throws IOException {
        Files.createDirectories(directory);
        if (lock == null) {
            lock = locked(directory.resolve(writer + LOCK));
        }
        Path name = directory.resolve(writer + "." + number + SPILL);
        FileChannel file = FileChannel.open(name, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        number++;
        path = name;
        open = file;
        return file;
    }

    private static FileChannel locked(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (tryLock(channel) == null) {
            channel.close();
            throw new IOException(file + " is locked by somebody else");
        }
        return channel;
    }

    /** Behind a frame that is not whole, nothing can be read. */
    private void cut(FileChannel file, long length) {
        try {
            file.truncate(length);
        } catch (IOException e) {
            end();
        }
    }

    private synchronized void end() {
        FileChannel file = open;
        Path name = path;
        if (file != null && name != null) {
            full.addLast(name);
            open = null;
            try {
                file.close();
            } catch (IOException e) {
                log.warn("{} could not be closed", name, e);
            }
        }
    }

    private synchronized void count(int more) {
        records += more;
    }

    /** How many records this writer has written that have not been handed over. */
    synchronized long size() {
        return full.isEmpty() && open == null ? 0 : Math.max(0, records);
    }

    /** Whether this writer has written anything that has not been handed over. */
    synchronized boolean isEmpty() {
        return open == null && full.isEmpty();
    }

    /** Hands over what this writer has written so far, and deletes what has been taken. */
    void replay(Consumer<Written> to) throws IOException {
        end();
        for (Path file = first(); file != null; file = first()) {
            replay(file, written -> {
                to.accept(written);
                count(-written.size());
            });
            synchronized (this) {
                full.removeFirst();
            }
        }
    }

    private synchronized @Nullable Path first() {
        return full.peekFirst();
    }

    /** Hands over what writers have left behind that live no longer, and deletes what has been taken. */
    void replayOrphans(Consumer<Written> to) throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        for (Map.Entry<String, List<Path>> files : byWriter().entrySet()) {
            if (!files.getKey().equals(writer)) {
                replayIfDead(files.getKey(), files.getValue(), to);
            }
        }
    }

    private Map<String, List<Path>> byWriter() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().endsWith(SPILL))
                    .sorted()
                    .collect(Collectors.groupingBy(SpillFiles::writerOf, TreeMap::new, Collectors.toList()));
        }
    }

    private static String writerOf(Path file) {
        String name = file.getFileName().toString();
        return name.substring(0, name.indexOf('.'));
    }

    private void replayIfDead(String other, List<Path> files, Consumer<Written> to) throws IOException {
        Path lockFile = directory.resolve(other + LOCK);
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = tryLock(channel)) {
            if (held == null) {
                return;
            }
            log.info("Taking over {} files that a process left behind which lives no longer", files.size());
            for (Path file : files) {
                if (Files.exists(file)) {
                    replay(file, to);
                }
            }
            Files.deleteIfExists(lockFile);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) { // held by this process
            return null;
        }
    }

    private static void replay(Path file, Consumer<Written> to) throws IOException {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            for (Written written = Frames.read(in); written != null; written = Frames.read(in)) {
                to.accept(written);
            }
        } catch (DamagedException e) {
            Path kept = file.resolveSibling(file.getFileName() + DAMAGED);
            Files.move(file, kept);
            log.error("What calls cost is lost in part: {} cannot be read to its end. It is kept as {}", file, kept);
            return;
        }
        Files.delete(file);
    }

    /** Leaves what has not been handed over to whoever comes next. */
    synchronized void close() {
        end();
        FileChannel held = lock;
        lock = null;
        if (held == null) {
            return;
        }
        try {
            held.close();
            if (full.isEmpty()) {
                Files.deleteIfExists(directory.resolve(writer + LOCK));
            }
        } catch (IOException e) {
            log.warn("The lock of {} could not be given back", directory, e);
        }
    }
}
