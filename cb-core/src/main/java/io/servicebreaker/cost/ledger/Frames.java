package io.servicebreaker.cost.ledger;

import io.servicebreaker.call.FailureCause;
import io.servicebreaker.call.Outcome;
import io.servicebreaker.call.Usage;
import io.servicebreaker.cost.Money;
import io.servicebreaker.cost.SpendRecord;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The format of spill files: a frame for each time something was written. It has a head of its length, the checksum of its
 * content and the checksum of these two, so that a frame that is cut off, as the last is where a process was killed, can be
 * told from a length that is wrong.
 */
final class Frames {

    private static final int VERSION = 1;

    /** What the checksum of the head is of. */
    private static final int NUMBERS = Integer.BYTES + Integer.BYTES;

    private static final int HEAD = NUMBERS + Integer.BYTES;

    /** Far more than a batch takes: only damage asks for more. */
    private static final int LONGEST = 1 << 26;

    private Frames() {}

    static ByteBuffer write(Written written) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.write(new byte[HEAD]);
        writeContent(written, out);
        ByteBuffer frame = ByteBuffer.wrap(bytes.toByteArray());
        int length = frame.capacity() - HEAD;
        frame.putInt(0, length);
        frame.putInt(Integer.BYTES, checksum(frame.array(), HEAD, length));
        frame.putInt(NUMBERS, checksum(frame.array(), 0, NUMBERS));
        return frame;
    }

    /**
     * The next frame; null at the end, also if that is in the middle of one.
     *
     * @throws DamagedException if what is there was never written so
     */
    static @Nullable Written read(DataInputStream in) throws IOException {
        byte[] head = in.readNBytes(HEAD);
        if (head.length < HEAD) {
            return null;
        }
        ByteBuffer numbers = ByteBuffer.wrap(head);
        int length = numbers.getInt();
        int expected = numbers.getInt();
        if (length <= 0 || length > LONGEST || checksum(head, 0, NUMBERS) != numbers.getInt()) {
            throw new DamagedException();
        }
        byte[] content = in.readNBytes(length);
        if (content.length < length) {
            return null;
        }
        if (checksum(content, 0, length) != expected) {
            throw new DamagedException();
        }
        return decode(content);
    }

    /** What the checksum does not tell is what other versions write, or what was damaged before it was written. */
    private static Written decode(byte[] content) throws DamagedException {
        try {
            return readContent(new DataInputStream(new ByteArrayInputStream(content)));
        } catch (IOException | RuntimeException e) {
            throw new DamagedException();
        }
    }

    private static int checksum(byte[] bytes, int from, int length) {
        CRC32 sum = new CRC32();
        sum.update(bytes, from, length);
        return (int) sum.getValue();
    }

    private static void writeContent(Written written, DataOutputStream out) throws IOException {
        out.writeByte(VERSION);
        out.writeUTF(written.batch().writer());
        out.writeLong(written.batch().number());
        write(written.at(), out);
        out.writeInt(written.reserved().size());
        for (Map.Entry<String, Money> reserved : written.reserved().entrySet()) {
            out.writeUTF(reserved.getKey());
            out.writeLong(reserved.getValue().billionths());
        }
        out.writeInt(written.size());
        for (SpendRecord record : written.batch().records()) {
            write(record, out);
        }
    }

    private static Written readContent(DataInputStream in) throws IOException {
        if (in.readByte() != VERSION) {
            throw new DamagedException();
        }
        String writer = in.readUTF();
        long number = in.readLong();
        Instant at = readInstant(in);
        Map<String, Money> reserved = new LinkedHashMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            reserved.put(in.readUTF(), new Money(in.readLong()));
        }
        List<SpendRecord> records = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            records.add(readRecord(in));
        }
        return new Written(new SpendBatch(writer, number, records), at, reserved);
    }

    private static void write(SpendRecord record, DataOutputStream out) throws IOException {
        write(record.bookedAt(), out);
        write(record.endedAt(), out);
        out.writeUTF(record.service());
        out.writeUTF(record.model());
        out.writeUTF(record.operation());
        out.writeUTF(record.category());
        out.writeUTF(record.correlation());
        out.writeUTF(record.outcome().name());
        FailureCause cause = record.cause();
        out.writeUTF(cause == null ? "" : cause.name());
        Usage usage = record.usage();
        out.writeBoolean(usage != null);
        if (usage != null) {
            out.writeInt(usage.input());
            out.writeInt(usage.output());
            out.writeInt(usage.cachedInput());
            out.writeInt(usage.searches());
        }
        out.writeLong(record.estimated().billionths());
        out.writeLong(record.cost().billionths());
    }

    private static SpendRecord readRecord(DataInputStream in) throws IOException {
        return new SpendRecord(
                readInstant(in),
                readInstant(in),
                in.readUTF(),
                in.readUTF(),
                in.readUTF(),
                in.readUTF(),
                in.readUTF(),
                Outcome.Kind.valueOf(in.readUTF()),
                readCause(in),
                in.readBoolean() ? readUsage(in) : null,
                new Money(in.readLong()),
                new Money(in.readLong()));
    }

    private static Usage readUsage(DataInputStream in) throws IOException {
        return new Usage(in.readInt(), in.readInt(), in.readInt(), in.readInt());
    }

    private static @Nullable FailureCause readCause(DataInputStream in) throws IOException {
        String name = in.readUTF();
        return name.isEmpty() ? null : FailureCause.valueOf(name);
    }

    private static void write(Instant instant, DataOutputStream out) throws IOException {
        out.writeLong(instant.getEpochSecond());
        out.writeInt(instant.getNano());
    }

    private static Instant readInstant(DataInputStream in) throws IOException {
        return Instant.ofEpochSecond(in.readLong(), in.readInt());
    }

    /** What is read was never written so. */
    static final class DamagedException extends IOException {

        private static final long serialVersionUID = 1L;

        DamagedException() {
            super("the file is damaged");
        }
    }
}
