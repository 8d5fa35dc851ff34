package io.orderstream.testsupport;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Records that were damaged on a broker's disk. */
public final class DamagedRecords {

    private DamagedRecords() {
    }

    /**
     * Changes a byte of a record, in the first log segment of its partition.
     *
     * @param directory of a broker that was stopped gracefully: one that was killed looks through its logs when it
     *        starts, and cuts off what is damaged
     * @param value the record's value, or some of it that stands nowhere before
     */
    public static void make(Path directory, String topic, int partition, String value) throws IOException {
        List<Path> logs;
        try (Stream<Path> files = Files.walk(directory)) {
            logs = files.filter(file -> file.endsWith(Path.of(topic + "-" + partition, "00000000000000000000.log"))).toList();
        }
        byte[] bytes = Files.readAllBytes(logs.get(0));
        bytes[new String(bytes, ISO_8859_1).indexOf(value)]++;
        Files.write(logs.get(0), bytes);
    }
}
