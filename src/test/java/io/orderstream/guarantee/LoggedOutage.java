package io.orderstream.guarantee;

import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An outage as the application has told of it in its log.
 *
 * @param cause what it says was down
 * @param time when it says so, to a few milliseconds; it ends never if there is no word of its end
 */
record LoggedOutage(String cause, Outage time) {

    private static final Pattern LINE = Pattern.compile("^(\\S+ \\S+) .* outage (begins|ends): pipeline=orders cause=(\\S+)");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss,SSS");

    /** The outages in these lines, in the order of their ends. */
    static List<LoggedOutage> in(List<String> lines) {
        List<LoggedOutage> outages = new ArrayList<>();
        Map<String, Long> begun = new HashMap<>();
        for (String line : lines) {
            Matcher outage = LINE.matcher(line);
            if (outage.find()) {
                long nanos = nanos(outage.group(1));
                String cause = outage.group(3);
                if (outage.group(2).equals("begins")) {
                    begun.put(cause, nanos);
                } else {
                    outages.add(new LoggedOutage(cause, new Outage(begun.remove(cause), nanos)));
                }
            }
        }
        begun.forEach((cause, nanos) -> outages.add(new LoggedOutage(cause, new Outage(nanos, Long.MAX_VALUE))));
        return outages;
    }

    private static long nanos(String time) {
        long millis = LocalDateTime.parse(time, TIME).atZone(ZoneId.systemDefault()).toInstant().toEpochMilli();
        return System.nanoTime() - Duration.ofMillis(System.currentTimeMillis() - millis).toNanos();
    }

    boolean hasEnded() {
        return time.end() != Long.MAX_VALUE;
    }

    Duration duration() {
        return Duration.ofNanos(time.end() - time.begin());
    }
}
