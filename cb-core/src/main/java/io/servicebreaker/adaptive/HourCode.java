package io.servicebreaker.adaptive;

import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How the minutes of one service and its models are written: each number as its distance from the mean of those before it, in the
 * same place. Models come first, and of the service what they leave: with one model that is nothing. Places with zeros alone are
 * left out.
 */
final class HourCode {

    private static final int VERSION = 1;

    /** Contexts of what is not counts. */
    private static final int HEAD = 0;

    private static final int NAMES = 1;
    private static final int PLACES = 2;
    private static final int PRESENT = 4;
    private static final int FIRST = 6;

    /** Means that are about as large are taken for equal. */
    private static final int SIZES = 28;

    private static final int KINDS = 4;
    private static final int CONTEXTS = FIRST + KINDS * SIZES;

    private static final double NEWEST = 1 / 16.0;

    private final NumberCoder coder;
    private final String[] models;
    private final int[][] places;
    private final double[][] means;
    private final int[] met;

    /** One in which a service and some models are. */
    private HourCode(NumberCoder coder, String[] models) {
        this.coder = coder;
        this.models = models;
        this.places = new int[models.length][];
        this.means = new double[models.length][MinuteNumbers.ALL];
        this.met = new int[models.length];
    }

    /**
     * Writes minutes.
     *
     * @param minutes rows of numbers by their models, by the number of the minute in the hour
     */
    static byte[] write(NavigableMap<Integer, Map<String, long[]>> minutes) {
        TreeSet<String> names = new TreeSet<>();
        names.add("");
        minutes.values().forEach(minute -> names.addAll(minute.keySet()));
        String[] models = names.descendingSet().toArray(String[]::new);
        NumberCoder coder = NumberCoder.writer(CONTEXTS);
        HourCode code = new HourCode(coder, head(coder, models));
        code.codePlaces(minutes);
        int next = 0;
        for (Map.Entry<Integer, Map<String, long[]>> minute : minutes.entrySet()) {
            coder.number(HEAD, minute.getKey() - next + 1);
            code.minute(minute.getValue());
            next = minute.getKey() + 1;
        }
        coder.number(HEAD, 0);
        return coder.toBytes();
    }

    /** Reads what was written. */
    static NavigableMap<Integer, Map<String, long[]>> read(byte[] written) {
        NumberCoder coder = NumberCoder.reader(written, CONTEXTS);
        HourCode code = new HourCode(coder, head(coder, new String[0]));
        code.codePlaces(new TreeMap<>());
        NavigableMap<Integer, Map<String, long[]>> minutes = new TreeMap<>();
        int next = 0;
        for (int step = coder.number(HEAD, 0); step > 0; step = coder.number(HEAD, 0)) {
            Map<String, long[]> minute = new TreeMap<>();
            code.minute(minute);
            minutes.put(next + step - 1, minute);
            next += step;
        }
        return minutes;
    }

    private static String[] head(NumberCoder coder, String[] given) {
        if (coder.number(HEAD, VERSION) != VERSION) {
            throw new IllegalArgumentException("what became of calls was written by a later version");
        }
        String[] models = Arrays.copyOf(given, coder.number(HEAD, given.length));
        for (int i = 0; i < models.length; i++) {
            models[i] = name(coder, models[i] == null ? "" : models[i]);
        }
        return models;
    }

    private static String name(NumberCoder coder, String given) {
        char[] name = Arrays.copyOf(given.toCharArray(), coder.number(NAMES, given.length()));
        for (int i = 0; i < name.length; i++) {
            name[i] = (char) coder.number(NAMES, name[i]);
        }
        return new String(name);
    }

    /** Which places have anything else than zeros in them. */
    private void codePlaces(NavigableMap<Integer, Map<String, long[]>> minutes) {
        for (int i = 0; i < models.length; i++) {
            boolean[] used = new boolean[MinuteNumbers.ALL];
            for (Map<String, long[]> minute : minutes.values()) {
                long[] numbers = i == models.length - 1 ? rest(minute) : minute.get(models[i]);
                for (int place = 0; numbers != null && place < used.length; place++) {
                    used[place] |= numbers[place] != 0;
                }
            }
            places[i] = codePlaces(used);
        }
    }

    private int[] codePlaces(boolean[] used) {
        int[] found = new int[used.length];
        int number = 0;
        int before = 0;
        for (int place = 0; place < used.length; place++) {
            before = coder.number(PLACES + before, used[place] ? 1 : 0);
            if (before != 0) {
                found[number++] = place;
            }
        }
        return Arrays.copyOf(found, number);
    }

    private void minute(Map<String, long[]> minute) {
        int last = models.length - 1;
        long[] others = new long[MinuteNumbers.ALL];
        for (int i = 0; i <= last; i++) {
            boolean present = coder.number(PRESENT + (i == last ? 1 : 0), minute.containsKey(models[i]) ? 1 : 0) != 0;
            if (present) {
                long[] numbers = minute.computeIfAbsent(models[i], model -> new long[MinuteNumbers.ALL]);
                numbers(i, numbers, others);
            }
        }
    }

    /**
     * Writes numbers, or reads them into the same array.
     *
     * @param before sum of those of the models before, to which these are added
     */
    private void numbers(int model, long[] numbers, long[] before) {
        boolean ofService = model == models.length - 1;
        if (ofService && coder.reads()) {
            System.arraycopy(before, 0, numbers, 0, numbers.length);
        }
        double[] mean = means[model];
        double newest = Math.max(NEWEST, 1.0 / ++met[model]);
        for (int place : places[model]) {
            long other = ofService ? before[place] : 0;
            long expected = Math.round(mean[place]);
            int context = context(place, ofService, mean[place]);
            long number = expected + coder.signed(context, numbers[place] - other - expected);
            mean[place] += newest * (number - mean[place]);
            numbers[place] = other + number;
            before[place] += number;
        }
    }

    private static int context(int place, boolean ofService, double mean) {
        int size = Math.min(SIZES - 1, Math.getExponent(Math.abs(mean) * 8 + 1));
        int kind = place == MinuteNumbers.COST ? 3 : place >= MinuteNumbers.FAILURES ? 2 : ofService ? 1 : 0;
        return FIRST + kind * SIZES + size;
    }

    private long[] rest(Map<String, long[]> minute) {
        long[] all = minute.get("");
        if (all == null) {
            return new long[MinuteNumbers.ALL];
        }
        long[] others = modelsOf(minute);
        long[] rest = new long[MinuteNumbers.ALL];
        Arrays.setAll(rest, i -> all[i] - others[i]);
        return rest;
    }

    private static long[] modelsOf(Map<String, long[]> minute) {
        long[] sum = new long[MinuteNumbers.ALL];
        minute.forEach((model, numbers) -> {
            if (!model.isEmpty()) {
                Arrays.setAll(sum, i -> sum[i] + numbers[i]);
            }
        });
        return sum;
    }
}
