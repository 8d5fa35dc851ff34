package io.orderstream.monitoring;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.regex.Pattern;

import org.jboss.logmanager.ExtLogRecord;

/**
 * Lets one line of a kind through in a while, of what Kafka's clients and SmallRye warn of. Each of two dozen clients would say
 * the same several times a second, as long as a broker refuses them; those who wait tell of it themselves, once. What is left
 * out is counted, and told with the next line of that kind. Thread safe.
 */
final class RepeatedLines {

    private static final Duration WHILE = Duration.ofMinutes(5);
    private static final int KINDS = 200;
    private static final List<String> TALKATIVE = List.of("org.apache.kafka.", "io.smallrye.reactive.messaging");
    /** Which client says it, and whatever else is another each time. */
    private static final Pattern PARTICULARS = Pattern.compile("\\[[^\\]]*\\]|\\([^)]*\\)|\\S*\\d\\S*");

    private final LongSupplier nanoTime;
    private final Map<String, Kind> kinds = new LinkedHashMap<>(16, 0.75f, true) {

        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Kind> eldest) {
            return size() > KINDS;
        }
    };

    private static final class Kind {

        private long shownNanos;
        private long shownSequence;
        private long lastSequence;
        private long leftOut;
    }

    /** Whether a line is shown, and how many like it were left out before it. */
    record Verdict(boolean isShown, long leftOut) {

        private static final Verdict SHOWN = new Verdict(true, 0);
    }

    RepeatedLines(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** The same line comes once for each handler of the log; only the first time it is said what was left out. */
    Verdict of(ExtLogRecord line, String message) {
        if (line.getLevel().intValue() < Level.WARNING.intValue() || line.getLoggerName() == null || message == null
                || TALKATIVE.stream().noneMatch(line.getLoggerName()::startsWith)) {
            return Verdict.SHOWN;
        }
        String kind = line.getLoggerName() + " " + PARTICULARS.matcher(message).replaceAll("*");
        synchronized (kinds) {
            return verdict(kinds.computeIfAbsent(kind, name -> new Kind()), line.getSequenceNumber());
        }
    }

    private Verdict verdict(Kind kind, long sequence) {
        long now = nanoTime.getAsLong();
        boolean isFirst = kind.lastSequence == 0;
        if (!isFirst && sequence == kind.shownSequence) {
            return Verdict.SHOWN;
        }
        if (isFirst || now - kind.shownNanos >= WHILE.toNanos()) {
            kind.shownNanos = now;
            kind.shownSequence = sequence;
            kind.lastSequence = sequence;
            long leftOut = kind.leftOut;
            kind.leftOut = 0;
            return new Verdict(true, leftOut);
        }
        if (sequence != kind.lastSequence) {
            kind.leftOut++;
            kind.lastSequence = sequence;
        }
        return new Verdict(false, kind.leftOut);
    }
}
