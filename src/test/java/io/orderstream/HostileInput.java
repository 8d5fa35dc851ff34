package io.orderstream;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

import io.orderstream.event.Events;
import io.orderstream.trace.Correlation;

/** Records and bodies such as nobody should send: valid ones with something changed, and the known ways to break a reader. */
final class HostileInput {

    private static final int FRAME_HEADER = 5;

    /** Values in the place of one of a valid JSON text. */
    private static final List<String> VALUES = List.of("null", "true", "{}", "[]", "\"\"", "\"\\u0000\"", "\"\\ud800\"",
            "\"\\ud83d\\ude00\"", "\"\\n2026-01-01 00:00:00,000 ERROR [forged]\\u001b[31m\"", "0", "-0.0", "-1", "1.5", "1e9",
            "1E+999999999", "1e-999999999", "1E+9999999999", "1e400", "18446744073709551617.0", "18446744073709551617",
            "4294967297.0", "9223372036854775808", "1000000000.0000000001", "NaN", "Infinity", "01", "+1", ".5", "0x10",
            "\"NaN\"", "\"2026-02-30T00:00:00Z\"", "\"2026-03-01T12:00:00Z \"", "\"+999999999-01-01T00:00:00Z\"", "'single'",
            "undefined", "\"unterminated", "\"%s%n%x\"", "\"${jndi:ldap://x}\"", "\"../../etc/passwd\"",
            "\"" + "x".repeat(200) + "\"", "\"" + "x".repeat(201) + "\"", "\"" + "é".repeat(5_000) + "\"",
            "\"" + "a.".repeat(2_000) + "@" + "b.".repeat(2_000) + "com\"", "1".repeat(1_001), "[".repeat(200),
            "[".repeat(200) + "]".repeat(200), "{\"a\":".repeat(99) + "1" + "}".repeat(99));
    private static final List<Charset> CHARSETS = List.of(StandardCharsets.UTF_16, StandardCharsets.UTF_16BE,
            StandardCharsets.UTF_16LE, Charset.forName("UTF-32"), Charset.forName("UTF-32LE"), StandardCharsets.ISO_8859_1);
    private static final List<String> HEADERS = List.of("", " ", "é🍕", "correlation-id", "traceparent", "tracestate",
            "retry-attempts", "retry-due", "retry-topic", "retry-partition", "retry-offset", "retry-timestamp",
            "dead-letter-reason", "dead-letter-topic", "dead-letter-partition", "dead-letter-offset", "dead-letter-kind",
            "dead-letter-cause", "dead-letter-spool-id", "redrive-id", "redrive-origin", "content-type", "x".repeat(300));
    private static final List<String> TEXTS = List.of("", "0", "-1", "99999999999999999999", "orders", "orders-0-1", "\u0000",
            "a\nb\u001b[2J", "2026-03-01T12:00:00Z", "+1000000000-12-31T23:59:59.999999999Z",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "ff-" + "0".repeat(60), "poison", "y".repeat(2_000));

    private final Random random;

    HostileInput(Random random) {
        this.random = random;
    }

    /** A record around a value, with a key, headers and a time that may be anything a broker takes. */
    ProducerRecord<byte[], byte[]> record(String topic, byte[] value) {
        Long time = switch (random.nextInt(6)) {
            case 0 -> 0L;
            case 1 -> (long) random.nextInt(Integer.MAX_VALUE);
            case 2 -> Instant.now().plusSeconds(random.nextInt(600)).toEpochMilli();
            default -> null;
        };
        return new ProducerRecord<>(topic, null, time, key(), value, headers());
    }

    private byte[] key() {
        return switch (random.nextInt(8)) {
            case 0 -> null;
            case 1 -> new byte[0];
            case 2 -> new byte[1_000];
            case 3 -> bytes(random.nextInt(40));
            default -> ("key-" + random.nextInt(20)).getBytes(StandardCharsets.UTF_8);
        };
    }

    private Headers headers() {
        Headers headers = new RecordHeaders();
        for (int count = random.nextInt(3) == 0 ? random.nextInt(6) : 0; count > 0; count--) {
            headers.add(any(HEADERS), switch (random.nextInt(4)) {
                case 0 -> null;
                case 1 -> bytes(random.nextInt(50));
                default -> any(TEXTS).getBytes(StandardCharsets.UTF_8);
            });
        }
        if (random.nextInt(20) == 0) {
            new Correlation("id-" + random.nextInt(), null, null).addTo(headers);
        }
        return headers;
    }

    /**
     * An order's frame with something changed; null for a tombstone. The id of the schema stays, or is none: what
     * becomes of ids that no registry knows depends on the registry, and is a matter of its tests.
     */
    byte[] frame(byte[] valid) {
        return switch (random.nextInt(12)) {
            case 0 -> null;
            case 1 -> bytes(random.nextInt(FRAME_HEADER));
            case 2 -> Arrays.copyOf(valid, random.nextInt(valid.length));
            case 3 -> Arrays.copyOf(valid, valid.length + 1 + random.nextInt(2_000));
            case 4 -> noFrame(bytes(1 + random.nextInt(200)));
            case 5 -> negativeId(valid);
            case 6 -> json();
            default -> mutated(valid, FRAME_HEADER);
        };
    }

    private static byte[] noFrame(byte[] bytes) {
        bytes[0] = (byte) Math.max(1, Math.abs(bytes[0]));
        return bytes;
    }

    private static byte[] negativeId(byte[] valid) {
        byte[] changed = valid.clone();
        changed[1] = -1;
        return changed;
    }

    /** What is nearly JSON of an event or an item order, or not at all. */
    byte[] json() {
        String text = changed(random.nextBoolean() ? event() : itemOrder());
        return switch (random.nextInt(16)) {
            case 0 -> text.getBytes(any(CHARSETS));
            case 1 -> ("\ufeff" + text).getBytes(StandardCharsets.UTF_8);
            case 2 -> bytes(random.nextInt(100));
            case 3 -> framed(text.getBytes(StandardCharsets.UTF_8));
            case 4 -> Arrays.copyOf(text.getBytes(StandardCharsets.UTF_8), random.nextInt(text.length()));
            case 5, 6, 7 -> mutated(text.getBytes(StandardCharsets.UTF_8), 0);
            default -> text.getBytes(StandardCharsets.UTF_8);
        };
    }

    private byte[] framed(byte[] bytes) {
        byte[] framed = new byte[FRAME_HEADER + bytes.length];
        framed[FRAME_HEADER - 1] = (byte) random.nextInt(100);
        System.arraycopy(bytes, 0, framed, FRAME_HEADER, bytes.length);
        return framed;
    }

    private String event() {
        return Events.event(any(Events.TYPES), "event-" + random.nextInt(), "entity-" + random.nextInt(20)).encode();
    }

    private String itemOrder() {
        return "{\"order_id\":\"order-%d\",\"user\":\"user-%d\",\"item\":\"item-%d\",\"quantity\":%d}".formatted(
                random.nextInt(),
                random.nextInt(3_000), random.nextInt(10), 1 + random.nextInt(9));
    }

    /** Puts another value in the place of one, or another name, or the same field twice. */
    private String changed(String json) {
        int colon = json.indexOf(':', random.nextInt(json.length()));
        return switch (colon < 0 ? 9 : random.nextInt(8)) {
            case 0, 1, 2 -> replaceValue(json, colon, any(VALUES));
            case 3 -> json.substring(0, json.length() - 1) + ",\"more\":" + any(VALUES) + "}";
            case 4 -> json.substring(0, json.length() - 1) + "," + json.substring(1);
            case 5 -> json.substring(0, Math.max(1, colon - 2)) + json.substring(colon);
            default -> json;
        };
    }

    private static String replaceValue(String json, int colon, String value) {
        int end = colon + 1;
        while (end < json.length() && ",}".indexOf(json.charAt(end)) < 0) {
            end++;
        }
        return json.substring(0, colon + 1) + value + json.substring(end);
    }

    private byte[] mutated(byte[] bytes, int from) {
        byte[] mutated = bytes.clone();
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
            mutated[from + random.nextInt(mutated.length - from)] = random.nextBoolean() ? (byte) random.nextInt()
                    : (byte) "\"\\{}[]:,0eu ".charAt(random.nextInt(12));
        }
        return mutated;
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private <T> T any(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }
}
