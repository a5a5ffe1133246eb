package io.servicebreaker.cost.ledger;

import io.servicebreaker.cost.ledger.Frames.DamagedException;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One file of what a store could not take in time. Immutable.
 *
 * @param writer whose it is
 * @param number which of that writer's it is; those with higher numbers are newer
 */
record SpillFile(Path path, String writer, int number) {

    /** In the order in which a writer has written them. */
    static final Comparator<SpillFile> OLDEST_FIRST = Comparator.comparingInt(SpillFile::number);

    private static final Logger log = LoggerFactory.getLogger(SpillFile.class);
    private static final Pattern NAME = Pattern.compile("([^.]+)\\.(\\d{1,9})\\.spill");
    private static final String DAMAGED = ".damaged";

    /** The one with that number in a directory, whether it is there or not. */
    static SpillFile in(Path directory, String writer, int number) {
        return new SpillFile(directory.resolve(writer + "." + number + ".spill"), writer, number);
    }

    /** What the name of a file says; empty if it is no such file. */
    static Optional<SpillFile> of(Path path) {
        Matcher name = NAME.matcher(path.getFileName().toString());
        return name.matches()
                ? Optional.of(new SpillFile(path, name.group(1), Integer.parseInt(name.group(2))))
                : Optional.empty();
    }

    /** Hands over what is in it up to the first damage; whether there is none. */
    boolean read(Consumer<Written> to) throws IOException {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(path)))) {
            for (Written written = Frames.read(in); written != null; written = Frames.read(in)) {
                to.accept(written);
            }
            return true;
        } catch (DamagedException e) {
            return false;
        }
    }

    /** What could be read of it has been taken. What could not is kept, for people to look at. */
    void dispose(boolean whole) throws IOException {
        if (whole) {
            Files.deleteIfExists(path);
            return;
        }
        Path kept = path.resolveSibling(path.getFileName() + DAMAGED);
        Files.move(path, kept, StandardCopyOption.REPLACE_EXISTING);
        log.error("What calls cost is lost in part: {} cannot be read to its end. It is kept as {}", path, kept);
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
