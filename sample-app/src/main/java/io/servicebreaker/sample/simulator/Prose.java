package io.servicebreaker.sample.simulator;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Writes answers: the same question always gets the same plausible sentences. */
final class Prose {

    private static final Set<String> FILLERS = Set.of(
            ("a about an and any are be can could did do does explain for from give has have how i in is it me my of on or"
                            + " please should tell than that the their them there this to was we were what when where which"
                            + " who why will with would you your")
                    .split(" "));
    private static final List<String> BODY = List.of(
            "Most of the work on %s starts from a simple model and adds detail only where measurements ask for it.",
            "The main difficulty with %s is that its costs show up much later than its benefits.",
            "In practice, %s is judged by a few numbers that can be checked every day.",
            "There are two schools of thought on %s, and they differ mostly in what they hold constant.",
            "The history of %s explains several of its odd details.",
            "A common mistake with %s is to treat the average case as the only case.",
            "What is known about %s holds for ordinary conditions; extremes deserve a closer look.");
    private static final int MAX_TOPIC_WORDS = 6;
    private static final int WORDS_PER_PIECE = 3;

    private Prose() {}

    /** An answer of three sentences that opens in the given manner, with {@code %s} for the topic. */
    static String about(String question, String opening) {
        String topic = topic(question);
        int choice = Math.floorMod(question.hashCode(), BODY.size());
        String text = String.join(" ", opening, BODY.get(choice), BODY.get((choice + 3) % BODY.size()));
        return capitalised(text.replace("%s", topic));
    }

    /** The text in the small pieces in which models stream it. */
    static List<String> pieces(String text) {
        List<String> pieces = new ArrayList<>();
        int from = 0;
        int words = 0;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == ' ' && ++words % WORDS_PER_PIECE == 0) {
                pieces.add(text.substring(from, i));
                from = i;
            }
        }
        if (from < text.length()) {
            pieces.add(text.substring(from));
        }
        return pieces;
    }

    private static String topic(String question) {
        String topic = Arrays.stream(question.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}-]+"))
                .filter(word -> !word.isEmpty() && !FILLERS.contains(word))
                .limit(MAX_TOPIC_WORDS)
                .collect(Collectors.joining(" "));
        return topic.isEmpty() ? "this question" : topic;
    }

    private static String capitalised(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }
}
