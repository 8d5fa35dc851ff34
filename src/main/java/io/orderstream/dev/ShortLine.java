package io.orderstream.dev;

import java.util.regex.Pattern;

import io.orderstream.order.Order;
import io.orderstream.record.Delivery;
import io.orderstream.support.LogText;

/**
 * What has become of a record, in columns and fit for one line of a terminal: made of the line the pipeline logs about it.
 *
 * @param what what has become of it
 * @param record the record
 * @param parameters those of the pipeline's line, the last of which is the record
 */
record ShortLine(What what, Delivery<?> record, Object[] parameters) {

    private static final int WORD_WIDTH = 11;
    private static final int ID_WIDTH = 12;
    private static final int PRODUCT_WIDTH = 14;
    private static final int LONGEST_LABEL = 120;
    private static final int LONGEST_REASON = 160;
    private static final double SECOND_MILLIS = 1_000;
    private static final String CUT = "..";
    private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{2}([0-9a-f]{10})");
    private static final String UUID_END = CUT + "$2";

    /** What may become of a record; the order is that in which a summary names them. */
    enum What {
        PROCESSED("processed", "processed", "32"),
        RETRY("retry", "retries", "33"),
        DEAD_LETTER("dead letter", "dead letters", "31");

        private final String words;
        private final String plural;
        private final String colour;

        /** @param colour a parameter of the control sequence SGR: green, yellow, red */
        What(String words, String plural, String colour) {
            this.words = words;
            this.plural = plural;
            this.colour = colour;
        }

        /** So many of them. */
        String counted(int count) {
            return "%,d %s".formatted(count, count == 1 ? words : plural);
        }
    }

    /** Returns what a line of the pipeline says, or null if it is about something else than the fate of a record. */
    static ShortLine of(String format, Object[] parameters) {
        if (format == null || parameters == null || parameters.length == 0
                || !(parameters[parameters.length - 1] instanceof Delivery<?> record)) {
            return null;
        }
        for (What what : What.values()) {
            if (format.startsWith(what.words + ": ")) {
                return new ShortLine(what, record, parameters);
            }
        }
        return null;
    }

    /** The totals so far, as the pipeline says them; empty unless the record was processed. */
    String totals() {
        // processed: label, partition, offset, attempt, summary
        return what == What.PROCESSED ? LogText.line(text(4), LONGEST_LABEL).replace('=', ' ') : "";
    }

    /**
     * The line.
     *
     * @param attempts how many a record has
     * @param isColoured whether the terminal has colours
     */
    String text(int attempts, boolean isColoured) {
        String word = column(what.words, WORD_WIDTH);
        return (isColoured ? "\u001b[" + what.colour + "m" + word + "\u001b[0m" : word) + "  " + subject() + "  "
                + known(attempts);
    }

    private String known(int attempts) {
        if (what == What.PROCESSED) {
            return totals() + (record.attempt() > 1 ? ", with attempt " + record.attempt() : "");
        }
        // dead letter: kind, label, topic, partition, offset, attempts, reason
        return what == What.RETRY ? retry(attempts) : text(0) + ": " + reason(6);
    }

    private String retry(int attempts) {
        int attempt = record.attempt() + 1;
        // What was tried in an outage does not count.
        String which = "attempt " + attempt + (attempt <= attempts ? " of " + attempts : "");
        // retry: label, attempt, and in place delay and reason
        return parameters.length <= 3 ? which
                : which + " after %.1f s: ".formatted(((Number) parameters[2]).longValue() / SECOND_MILLIS) + reason(3);
    }

    /** Which record it is. */
    private String subject() {
        if (record.value() instanceof Order order) {
            return "%s  %s %9.2f".formatted(column(end(order.getOrderId(), ID_WIDTH), ID_WIDTH),
                    column(beginning(order.getProduct(), PRODUCT_WIDTH), PRODUCT_WIDTH), order.getPrice());
        }
        String label = text(what == What.DEAD_LETTER ? 1 : 0);
        return label.isEmpty() ? record.topic() + "-" + record.partition() + "-" + record.offset()
                : shortIds(LogText.line(label, LONGEST_LABEL));
    }

    private String reason(int parameter) {
        return LogText.line(shortIds(text(parameter)), LONGEST_REASON);
    }

    private String text(int parameter) {
        return String.valueOf(parameters[parameter]);
    }

    private static String shortIds(String text) {
        return UUID.matcher(text).replaceAll(UUID_END);
    }

    private static String column(String text, int width) {
        return text + " ".repeat(width - text.length());
    }

    /** The end of a text, which is what differs in ids. */
    private static String end(String text, int longest) {
        String end = LogText.line(text.substring(Math.max(0, text.length() - longest)));
        return text.length() <= longest && end.length() <= longest ? end
                : CUT + end.substring(end.length() - longest + CUT.length());
    }

    private static String beginning(String text, int longest) {
        String beginning = LogText.line(text.substring(0, Math.min(text.length(), longest)));
        return text.length() <= longest && beginning.length() <= longest ? beginning
                : beginning.substring(0, longest - CUT.length()) + CUT;
    }
}
