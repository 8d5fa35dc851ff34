package io.orderstream.bench;

import java.time.Instant;

/**
 * What the id of an order in the benchmark says of it. The contenders that are projects of their own get a copy of this class.
 *
 * @param kind what is to become of the order
 * @param micros when it is written, in microseconds since 1970; 0 if nobody asks
 * @param partition of its topic, if it is chosen
 */
public record OrderId(Kind kind, long micros, int partition) {

    private static final String REST = "-0123456789abcdef";
    private static final long THIRTEEN_DIGITS = 1_000_000_000_000L;
    private static final long MICROS = 1_000_000;

    /** What is to become of an order. The first letter of its name begins the id. */
    public enum Kind {
        ORDINARY,
        /** Two attempts fail. */
        TRANSIENT,
        POISON,
        /** Ordinary, but not measured. */
        WARMING_UP
    }

    /** @param number different ones for different orders */
    public String text(long number) {
        return Character.toLowerCase(kind.name().charAt(0)) + "-" + micros + "-" + partition + "-" + (THIRTEEN_DIGITS + number)
                + REST;
    }

    /** What an id says. */
    public static OrderId of(String text) {
        int partition = text.indexOf('-', 2);
        int number = text.indexOf('-', partition + 1);
        Kind kind = switch (text.charAt(0)) {
            case 't' -> Kind.TRANSIENT;
            case 'p' -> Kind.POISON;
            case 'w' -> Kind.WARMING_UP;
            default -> Kind.ORDINARY;
        };
        return new OrderId(kind, Long.parseLong(text, 2, partition, 10),
                Integer.parseInt(text, partition + 1, number, 10));
    }

    /** Whether somebody asks how long it takes until it is processed. */
    public boolean isTimed() {
        return kind == Kind.ORDINARY && micros > 0;
    }

    /** Microseconds since 1970. */
    public static long nowMicros() {
        Instant now = Instant.now();
        return now.getEpochSecond() * MICROS + now.getNano() / 1_000;
    }
}
