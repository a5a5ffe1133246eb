package io.servicebreaker.cost.ledger;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A writer's local files for what its store could not take in time, and a lock while it lives, so that those of one that has
 * died can be told and taken over. Nothing is created before something is written. A file that cannot be used is told of and
 * left alone. Safe for use by many threads.
 */
final class SpillFiles {

    private static final Logger log = LoggerFactory.getLogger(SpillFiles.class);

    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");

    private final Path directory;
    private final String writer;
    private final Path lockPath;
    private final Deque<Own> all = new ArrayDeque<>();
    private @Nullable FileChannel lock;
    private @Nullable FileChannel open;
    private int number;

    /** A file that this writer has written, and how much of it has not been handed over. */
    private static final class Own {

        final SpillFile file;
        long records;
        long bytes;
        long handedOver;

        Own(SpillFile file) {
            this.file = file;
        }
    }

    SpillFiles(Path directory, String writer) {
        this.directory = directory;
        this.writer = writer;
        this.lockPath = lockPath(directory, writer);
    }

    static Path lockPath(Path directory, String writer) {
        return directory.resolve(writer + ".lock");
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
        all.getLast().records += written.size();
        all.getLast().bytes += frame.capacity();
    }

    /** Keeps apart what the store will never take, as a file of its own; where. */
    Path setAside(Written written) throws IOException {
        createDirectory();
        SpendBatch batch = written.batch();
        Path file = directory.resolve(batch.writer() + "." + batch.number() + ".refused");
        Files.write(file, Frames.write(written).array());
        return file;
    }

    /** For this user only, where that can be said: records tell who has asked for what. */
    private void createDirectory() throws IOException {
        if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(PRIVATE));
        } else {
            Files.createDirectories(directory);
        }
    }

    private FileChannel begin() throws IOException {
        createDirectory();
        lock();
        SpillFile name = SpillFile.in(directory, writer, number);
        FileChannel file = FileChannel.open(name.path(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        number++;
        all.addLast(new Own(name));
        open = file;
        return file;
    }

    /** Again where the lock has been cleaned away, as temporary files are: others would take this writer for dead. */
    private void lock() throws IOException {
        FileChannel before = lock;
        if (before != null && Files.exists(lockPath)) {
            return;
        }
        lock = null;
        if (before != null) {
            before.close();
        }
        FileChannel channel = FileChannel.open(lockPath, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (tryLock(channel) == null) {
            channel.close();
            throw new IOException(lockPath + " is locked by somebody else");
        }
        lock = channel;
    }

    /** Null if somebody holds it. */
    static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) { // held by this process
            return null;
        }
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
        open = null;
        if (file != null) {
            try {
                file.close();
            } catch (IOException e) {
                log.warn("{} could not be closed", all.getLast().file, e);
            }
        }
    }

    /** How many records this writer has written that have not been handed over. */
    synchronized long size() {
        return all.stream().mapToLong(each -> each.records - each.handedOver).sum();
    }

    /** How large the files are of what has not been handed over. */
    synchronized long bytes() {
        return all.stream().mapToLong(each -> each.bytes).sum();
    }

    /** Whether this writer has written nothing that has not been handed over. */
    synchronized boolean isEmpty() {
        return all.isEmpty();
    }

    /** Hands over what this writer has written so far, and deletes what has been taken. */
    void replay(Consumer<Written> to) {
        end();
        for (Own next = first(); next != null; next = first()) {
            replay(next, to);
            synchronized (this) {
                all.removeFirst();
            }
        }
    }

    private void replay(Own own, Consumer<Written> to) {
        count(own, -own.handedOver);
        try {
            boolean whole = own.file.read(written -> {
                to.accept(written);
                count(own, written.size());
            });
            own.file.dispose(whole);
        } catch (IOException e) {
            log.error("What calls cost may be lost: {} cannot be used any more, and is left alone", own.file, e);
        }
    }

    private synchronized void count(Own own, long more) {
        own.handedOver += more;
    }

    /** What is open is not for replay, until it has ended. */
    private synchronized @Nullable Own first() {
        return all.size() == 1 && open != null ? null : all.peekFirst();
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
            if (all.isEmpty()) {
                Files.deleteIfExists(lockPath);
            }
        } catch (IOException e) {
            log.warn("The lock of {} could not be given back", directory, e);
        }
    }
}
