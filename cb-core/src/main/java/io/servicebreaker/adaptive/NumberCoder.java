package io.servicebreaker.adaptive;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * Writes numbers in hardly more bits than they surprise, and reads them again. For use by one thread.
 *
 * <p>A binary arithmetic coder with adaptive probabilities: M. Mahoney, Data Compression Explained (2013), 3.2 and 4.1. A
 * number is its length in bits, one by one, then its bits from the highest; each but the lower ones with a probability of
 * its context, learned from the numbers before. Reading and writing are the same steps, so that both always know the same.
 */
final class NumberCoder {

    /** What a number takes of a context's probabilities: 65 for its length, then three for the bits after the highest. */
    private static final int OF_CONTEXT = 260;

    private static final int LENGTHS = Long.SIZE + 1;
    private static final int LEARNED_BITS = 2;
    private static final int OF_LENGTH = 3;

    private static final int HALF = 1 << 15;
    private static final int SCALE_BITS = 16;

    private static final int SURE = (1 << SCALE_BITS) - (1 << 5);

    /** A probability changes by a smaller part of what it was wrong each time, in 65,536ths. */
    private static final int[] STEPS = new int[60];

    static {
        Arrays.setAll(STEPS, times -> (int) ((1 << SCALE_BITS) / (times + 1.5)));
    }

    private static final long HIGHEST = 0xFFFF_FFFFL;
    private static final int TOP_SHIFT = 24;

    /** How much more likely than not a 0 is, in 65,536ths: at first it is neither. */
    private final short[] zero;

    private final byte[] seen;

    /** Where it is written to; empty while it is read. */
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);

    private final byte[] in;
    private final boolean reads;
    private int next;
    private long low;
    private long high = HIGHEST;
    private long read;

    private NumberCoder(byte[] in, boolean reads, int contexts) {
        this.in = in;
        this.reads = reads;
        this.zero = new short[contexts * OF_CONTEXT];
        this.seen = new byte[contexts * OF_CONTEXT];
        for (int i = 0; reads && i < Integer.BYTES; i++) {
            read = (read << Byte.SIZE) | nextByte();
        }
    }

    /**
     * One that writes.
     *
     * @param contexts number of them
     */
    static NumberCoder writer(int contexts) {
        return new NumberCoder(new byte[0], false, contexts);
    }

    /**
     * One that reads.
     *
     * @param contexts as many as when it was written
     */
    static NumberCoder reader(byte[] written, int contexts) {
        return new NumberCoder(written, true, contexts);
    }

    /** Whether it reads, so that what it is given does not matter. */
    boolean reads() {
        return reads;
    }

    /** What has been written. To be called once, at the end. */
    byte[] toBytes() {
        out.write((int) (low >>> TOP_SHIFT) + 1); // with zeros after it, this is between low and high
        return out.toByteArray();
    }

    /** The number that was read, or else the one that is written. */
    int number(int context, int value) {
        return (int) number(context, (long) value);
    }

    /** As {@link #number(int, int)}, of a number that may be negative and is short then, too. */
    long signed(int context, long value) {
        long zigzag = number(context, (value << 1) ^ (value >> (Long.SIZE - 1)));
        return (zigzag >>> 1) ^ -(zigzag & 1);
    }

    /** As {@link #number(int, int)}, of an unsigned number. */
    long number(int context, long value) {
        int base = context * OF_CONTEXT;
        int wanted = Long.SIZE - Long.numberOfLeadingZeros(value);
        int length = 0;
        while (length < Long.SIZE && bit(base + length, wanted > length ? 1 : 0) != 0) {
            length++;
        }
        if (length == 0) {
            return 0;
        }
        long bits = 1;
        int node = base + LENGTHS + OF_LENGTH * length;
        for (int place = length - 2; place >= 0; place--) {
            int bit = (int) ((value >>> place) & 1);
            int known = length - 2 - place;
            boolean isLearned = known < LEARNED_BITS;
            int learned = node + (known == 0 ? 0 : 1 + (int) (bits & 1));
            bits = (bits << 1) | (isLearned ? bit(learned, bit) : even(bit));
        }
        return bits;
    }

    private int bit(int node, int bit) {
        int probability = HALF + zero[node];
        int coded = code(probability, bit);
        int times = seen[node];
        int target = coded == 0 ? SURE : (1 << SCALE_BITS) - SURE;
        zero[node] += (short) (((long) (target - probability) * STEPS[times]) >> SCALE_BITS);
        if (times < STEPS.length - 1) {
            seen[node]++;
        }
        return coded;
    }

    /** One as likely as the other. */
    private int even(int bit) {
        return code(HALF, bit);
    }

    private int code(int probability, int given) {
        long middle = low + ((high - low) >>> SCALE_BITS) * probability;
        int found = read <= middle ? 0 : 1;
        int bit = reads ? found : given;
        if (bit == 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
        while (((low ^ high) >>> TOP_SHIFT) == 0) {
            if (reads) {
                read = ((read << Byte.SIZE) & HIGHEST) | nextByte();
            } else {
                out.write((int) (high >>> TOP_SHIFT));
            }
            low = (low << Byte.SIZE) & HIGHEST;
            high = ((high << Byte.SIZE) & HIGHEST) | 0xFF;
        }
        return bit;
    }

    private int nextByte() {
        return next < in.length ? in[next++] & 0xFF : 0;
    }
}
