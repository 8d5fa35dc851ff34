package io.orderstream.spool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.apache.kafka.common.TopicPartition;

import io.orderstream.kafka.TopicEnds;

/**
 * Progress of sending a spool file, kept in a journal: a text file beside it, which is replaced atomically and is on
 * disk when {@link #write} returns. Positions are those after the last byte of a block.
 *
 * @param sent position up to which the broker has confirmed every entry
 * @param begun position up to which entries may be in their dead-letter topics; at least {@code sent}
 * @param ends where the topics ended before; entries of the batch can only be at or after that. Earlier versions have written
 *        no ids of topics
 */
record SpoolProgress(long sent, long begun, TopicEnds ends) {

    private static final String TITLE = "orderstream spool journal 1";
    private static final Pattern POSITION = Pattern.compile("(file|sent|begun) (\\S+)");
    private static final Pattern TOPIC = Pattern.compile("topic (\\S+) (\\S+)");
    private static final Pattern END = Pattern.compile("end (\\S+) (\\d+) (\\d+)");

    static SpoolProgress sentTo(long position) {
        return new SpoolProgress(position, position, TopicEnds.NONE);
    }

    boolean isUnknown() {
        return begun > sent;
    }

    /** @param fileId id of the spool file, since file names are reused */
    void write(Path journal, String fileId) throws IOException {
        Durable.replace(journal, String.join("\n", lines(fileId)) + "\n");
    }

    List<String> lines(String fileId) {
        List<String> lines = new ArrayList<>(List.of(TITLE, "file " + fileId, "sent " + sent, "begun " + begun));
        ends.topicIds().entrySet().stream().map(topic -> "topic " + topic.getKey() + " " + topic.getValue()).sorted()
                .forEach(lines::add);
        ends.offsets().entrySet().stream()
                .map(end -> "end " + end.getKey().topic() + " " + end.getKey().partition() + " " + end.getValue()).sorted()
                .forEach(lines::add);
        return lines;
    }

    /**
     * Reads the journal of a file.
     *
     * @return empty if there is none, or it belongs to another file
     * @throws IOException if it cannot be read, has another format or says what no file can have
     */
    static Optional<SpoolProgress> read(Path journal, String fileId) throws IOException {
        return Files.exists(journal) ? parse(journal, Files.readAllLines(journal), fileId) : Optional.empty();
    }

    static Optional<SpoolProgress> parse(Path journal, List<String> lines, String fileId) throws IOException {
        Map<String, String> values = new HashMap<>();
        TopicEnds ends = new TopicEnds(new HashMap<>(), new HashMap<>());
        if (lines.isEmpty() || !lines.get(0).equals(TITLE)) {
            throw new IOException(journal + " is no journal of this version");
        }
        try {
            for (String line : lines.subList(1, lines.size())) {
                Matcher end = END.matcher(line);
                Matcher topic = TOPIC.matcher(line);
                Matcher position = POSITION.matcher(line);
                if (topic.matches()) {
                    ends.topicIds().put(topic.group(1), topic.group(2));
                } else if (end.matches()) {
                    ends.offsets().put(new TopicPartition(end.group(1), Integer.parseInt(end.group(2))),
                            Long.valueOf(end.group(3)));
                } else if (position.matches()) {
                    values.put(position.group(1), position.group(2));
                }
            }
            if (!fileId.equals(values.get("file"))) {
                return Optional.empty();
            }
            SpoolProgress progress = new SpoolProgress(Long.parseLong(values.get("sent")), Long.parseLong(values.get("begun")),
                    ends);
            if (progress.sent() < 0 || progress.begun() < progress.sent()) {
                throw new IOException(journal + " is damaged: begun " + progress.begun() + " and sent " + progress.sent());
            }
            return Optional.of(progress);
        } catch (NumberFormatException e) {
            throw new IOException(journal + " is damaged: " + e.getMessage(), e);
        }
    }
}
