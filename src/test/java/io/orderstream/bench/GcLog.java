package io.orderstream.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a JVM allocates, from the log of its garbage collector: costs the JVM nothing, and needs nothing inside of it.
 *
 * @param file where the JVM writes it
 */
record GcLog(Path file) {

    private static final Pattern PAUSE = Pattern.compile("\\[(\\d+\\.\\d+)s\\].* (\\d+)M->(\\d+)M\\(");
    private static final int FEWEST_PAUSES = 4;
    private static final double MEGABYTE = 1024 * 1024;

    /** The option that makes a JVM write it. */
    String option() {
        return "-Xlog:gc:file=" + file.toAbsolutePath() + ":uptime";
    }

    /** How many lines there are now. */
    int lines() {
        return read().size();
    }

    private List<String> read() {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Bytes allocated a second, between the first and the last collection in these lines; unknown if there are few. */
    OptionalDouble bytesPerSecond(int from, int to) {
        List<Matcher> pauses = read().subList(from, to).stream().map(PAUSE::matcher).filter(Matcher::find).toList();
        if (pauses.size() < FEWEST_PAUSES) {
            return OptionalDouble.empty();
        }
        double megabytes = 0;
        for (int i = 1; i < pauses.size(); i++) {
            megabytes += Double.parseDouble(pauses.get(i).group(2)) - Double.parseDouble(pauses.get(i - 1).group(3));
        }
        double seconds = uptime(pauses.get(pauses.size() - 1)) - uptime(pauses.get(0));
        return seconds > 0 ? OptionalDouble.of(megabytes * MEGABYTE / seconds) : OptionalDouble.empty();
    }

    private static double uptime(Matcher pause) {
        return Double.parseDouble(pause.group(1));
    }
}
