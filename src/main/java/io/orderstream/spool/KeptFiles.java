package io.orderstream.spool;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.utils.Utils;
import org.jboss.logging.Logger;

import io.orderstream.deadletter.DeadLetter;
import io.orderstream.deadletter.DeadLetterHeaders;
import io.orderstream.deadletter.KeptLetter;
import io.orderstream.deadletter.KeptLetters;
import io.orderstream.deadletter.LetterForm;
import io.orderstream.kafka.KafkaSettings;
import io.orderstream.support.TextHeaders;

/**
 * Keeps dead letters that are too large for their topics in files below the directory of the spool, one each, in the format of
 * the spool. Together they take {@code SPOOL_MAX_BYTES} at the most; one that is older than {@code DLQ_RETENTION}, when the
 * broker has deleted the letter that names it, makes room if there is none.
 * <p>
 * The name of a file is made of the coordinates and the content of its record, so processes may share the directory.
 */
@ApplicationScoped
class KeptFiles implements KeptLetters {

    private static final Logger LOG = Logger.getLogger(KeptFiles.class);
    private static final String DIRECTORY = "dead-letters";
    private static final Pattern NAME = Pattern.compile("[\\w.-]+\\.avro");
    /** Names of files are shorter than those of topics may be. */
    private static final int LONGEST_TOPIC = 150;
    private static final int DIGEST_BYTES = 8;

    private final Path directory;
    private final long maxBytes;
    private final Duration retention;
    private final Clock clock;

    @Inject
    KeptFiles(SpoolSettings settings, KafkaSettings kafka) {
        this(Path.of(settings.directory()), settings.maxBytes(), kafka.dlqRetention(), Clock.systemUTC());
    }

    /** @param spool directory of the spool, made with the first letter if it is missing */
    KeptFiles(Path spool, long maxBytes, Duration retention, Clock clock) {
        this.clock = clock;
        this.directory = spool.resolve(DIRECTORY).toAbsolutePath();
        this.maxBytes = maxBytes;
        this.retention = retention;
    }

    @Override
    public synchronized KeptLetter keep(ProducerRecord<byte[], byte[]> letter) throws IOException {
        Files.createDirectories(directory);
        Path file = directory.resolve(name(letter));
        KeptLetter kept = new KeptLetter(host(), file.toString(), LetterForm.bytes(letter));
        if (read(file).isEmpty()) {
            byte[] entry = SpoolEntries.encode(entry(file.getFileName().toString(), letter));
            makeRoom(entry.length);
            write(file, entry);
            LOG.warnf("dead letter is too large for its topic, kept on disk: topic=%s bytes=%d file=%s", letter.topic(),
                    kept.bytes(), file);
        }
        return kept;
    }

    private static void write(Path file, byte[] entry) throws IOException {
        SpoolFile kept = SpoolFile.create(file);
        try {
            kept.append(List.of(entry));
        } catch (IOException | RuntimeException e) {
            // What is there of it would only take room.
            Files.deleteIfExists(file);
            throw e;
        } finally {
            kept.close();
        }
    }

    private void makeRoom(long bytes) throws IOException {
        if (bytes() + bytes > maxBytes) {
            removeExpired();
        }
        long taken = bytes();
        if (taken + bytes > maxBytes) {
            throw new IOException("SPOOL_MAX_BYTES=" + maxBytes + " is reached: " + bytes + " bytes to be kept, " + taken
                    + " bytes of dead letters in " + directory);
        }
    }

    private void removeExpired() throws IOException {
        Instant before = clock.instant().minus(retention);
        for (Path file : files()) {
            if (Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
                LOG.infof("kept dead letter removed, it is older than DLQ_RETENTION: file=%s", file);
                Durable.delete(file);
            }
        }
    }

    private long bytes() throws IOException {
        long bytes = 0;
        for (Path file : files()) {
            bytes += Files.size(file);
        }
        return bytes;
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }

    @Override
    public Optional<ConsumerRecord<byte[], byte[]>> whole(ConsumerRecord<byte[], byte[]> letter) {
        KeptLetter kept = DeadLetter.of(letter).kept();
        if (kept == null) {
            return Optional.of(letter);
        }
        // Whoever wrote the letter must not choose a file, only name one of ours.
        String name = kept.file().substring(kept.file().lastIndexOf('/') + 1);
        if (!NAME.matcher(name).matches()) {
            return Optional.empty();
        }
        try {
            return read(directory.resolve(name)).map(entry -> whole(letter, entry))
                    .filter(whole -> Objects.equals(DeadLetter.of(whole).origin(), DeadLetter.of(letter).origin()));
        } catch (IOException e) {
            LOG.warnf("kept dead letter cannot be read: file=%s reason=\"%s\"", directory.resolve(name), e);
            return Optional.empty();
        }
    }

    private static ConsumerRecord<byte[], byte[]> whole(ConsumerRecord<byte[], byte[]> letter, SpoolEntry entry) {
        byte[] key = Utils.toNullableArray(entry.getKey());
        byte[] value = Utils.toNullableArray(entry.getValue());
        return new ConsumerRecord<>(letter.topic(), letter.partition(), letter.offset(), letter.timestamp(),
                letter.timestampType(), ConsumerRecord.NULL_SIZE, ConsumerRecord.NULL_SIZE, key, value,
                SpoolEntries.headers(entry), letter.leaderEpoch());
    }

    /** Returns the entry of a file; empty if there is no such file, or it was not written to its end. */
    private static Optional<SpoolEntry> read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try (SpoolBlocks blocks = new SpoolBlocks(file)) {
            long size = Files.size(file);
            SpoolBlocks.Block block = size > blocks.headerEnd() ? blocks.read(blocks.headerEnd(), size) : null;
            return block == null ? Optional.empty() : Optional.of(block.entries().get(0));
        }
    }

    private static SpoolEntry entry(String name, ProducerRecord<byte[], byte[]> letter) {
        return SpoolEntry.newBuilder().setId(name).setTopic(text(letter, DeadLetterHeaders.TOPIC))
                .setDeadLetterTopic(letter.topic()).setProducer(text(letter, DeadLetterHeaders.GROUP))
                .setKey(Utils.wrapNullable(letter.key())).setValue(Utils.wrapNullable(letter.value()))
                .setHeaders(SpoolEntries.headers(letter.headers())).setTimestamp(Instant.now())
                .setExceptionClass(text(letter, DeadLetterHeaders.EXCEPTION_CLASS_NAME))
                .setReason(text(letter, DeadLetterHeaders.REASON))
                .setCauseClass(text(letter, DeadLetterHeaders.CAUSE_CLASS_NAME)).setCause(text(letter, DeadLetterHeaders.CAUSE))
                .setTries(0).setSpooledAt(Instant.now()).build();
    }

    /** Begins with the coordinates of the record, for people; what follows tells it from another record that had them. */
    private static String name(ProducerRecord<byte[], byte[]> letter) {
        String topic = text(letter, DeadLetterHeaders.TOPIC);
        String record = text(letter, DeadLetterHeaders.PARTITION) + "-" + text(letter, DeadLetterHeaders.OFFSET);
        MessageDigest digest = sha256();
        List.of(topic, record, text(letter, DeadLetterHeaders.SPOOL_ID), text(letter, DeadLetterHeaders.ORIGINAL_TIMESTAMP))
                .forEach(part -> digest.update((part + "\n").getBytes(StandardCharsets.UTF_8)));
        Stream.of(letter.key(), letter.value()).filter(Objects::nonNull).forEach(digest::update);
        return topic.substring(0, Math.min(topic.length(), LONGEST_TOPIC)) + "-" + record + "-"
                + HexFormat.of().formatHex(digest.digest(), 0, DIGEST_BYTES) + SpoolFile.SUFFIX;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String text(ProducerRecord<byte[], byte[]> letter, String header) {
        return TextHeaders.first(letter.headers(), header).orElse("");
    }

    /** The name of a pod is in this variable. */
    private static String host() {
        String name = System.getenv("HOSTNAME");
        try {
            return name == null || name.isEmpty() ? InetAddress.getLocalHost().getHostName() : name;
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }
}
