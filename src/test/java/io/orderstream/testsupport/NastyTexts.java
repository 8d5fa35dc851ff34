package io.orderstream.testsupport;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Texts with which a sender would forge a log line, hide one, or make one without an end. */
public final class NastyTexts {

    /** What a forged line says. */
    public static final String FORGED = "[forged]";

    private static final Pattern UNSAFE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]");
    private static final String LINE = "2026-01-01 00:00:00,000 ERROR " + FORGED + " all orders lost";

    private NastyTexts() {
    }

    /** Each of them begins with an x. */
    public static Stream<String> all() {
        return Stream.concat(breaks(), Stream.of("x\u001b[2J\u001b[1;31m" + FORGED, "x\u0000y", "x\u009b2J", "x\u007f\b\b\b",
                "x\u202edegrof\u2066", "x\u200f\ufeff", "x\ud800y", "x=1 kind=exhausted topic=other", "x\" kind=\"exhausted",
                "x\\", "x] WARN  " + FORGED, "x\u00a0kind=poison", "x".repeat(800_000), "x\n".repeat(400_000),
                "x\" a=b ".repeat(100_000), "x{\"level\":\"ERROR\"}"));
    }

    private static Stream<String> breaks() {
        return List.of("\n", "\r\n", "\r", "\u0085", "\u2028", "\u2029", "\u000b", "\f").stream().map(end -> "x" + end + LINE);
    }

    /** Whether a line that was printed has nothing in it that moves the cursor, breaks the line or changes its direction. */
    public static boolean isSafe(String line) {
        return !UNSAFE.matcher(line).find();
    }
}
