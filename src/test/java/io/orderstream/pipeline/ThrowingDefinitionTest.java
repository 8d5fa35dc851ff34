package io.orderstream.pipeline;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import io.orderstream.commit.PartitionState;
import io.orderstream.record.Decoder;
import io.orderstream.record.Delivery;
import io.orderstream.record.PoisonException;
import io.orderstream.record.UndecodableException;
import io.orderstream.testsupport.LoggedRecords;
import io.orderstream.totals.CountKey;
import io.orderstream.totals.Totals;
import io.orderstream.trace.RecordTrace;
import io.orderstream.trace.Tracing;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.operators.AbstractUni;
import io.smallrye.mutiny.subscription.UniSubscriber;
import io.smallrye.mutiny.subscription.UniSubscription;

/**
 * Whatever a decoder, a definition, a handler or tracing throws for one record is that record's own: it is its dead
 * letter, or, where it only concerns what is said of the record, a line in the log. The records around it are
 * handled, and the offsets of all of them are committed.
 */
class ThrowingDefinitionTest {

    /** What becomes of the record for which a method throws. */
    private enum Fate {
        UNDECODABLE,
        POISON,
        EXHAUSTED,
        PROCESSED
    }

    /** Where it is thrown. */
    private enum Place {
        DECODER(Fate.UNDECODABLE),
        LOAD(Fate.UNDECODABLE),
        COUNT_KEYS(Fate.POISON),
        LANE(Fate.POISON),
        HASH_OF_LANE(Fate.POISON),
        EQUALS_OF_LANE(Fate.POISON),
        AMOUNT(Fate.POISON),
        HANDLER(Fate.EXHAUSTED),
        ANSWER_OF_HANDLER(Fate.EXHAUSTED),
        MESSAGE_OF_FAILURE(Fate.POISON),
        CAUSE_OF_FAILURE(Fate.POISON),
        DEAD_LETTER(Fate.POISON),
        COUNT_KEYS_OF_DEAD_LETTER(Fate.UNDECODABLE),
        NAMES_OF_DEAD_LETTER(Fate.UNDECODABLE),
        LABEL(Fate.PROCESSED),
        SUMMARY(Fate.PROCESSED),
        IDS(Fate.PROCESSED),
        TRACE_TAKEN(Fate.PROCESSED),
        TRACE_ATTEMPT(Fate.PROCESSED),
        TRACE_IDS(Fate.PROCESSED),
        TRACE_ENDED(Fate.PROCESSED),
        TRACE_OF_DEAD_LETTER(Fate.POISON);

        private final Fate fate;

        Place(Fate fate) {
            this.fate = fate;
        }
    }

    private enum Thrown {
        RUNTIME_EXCEPTION(() -> new IllegalStateException("thrown on purpose")),
        CHECKED_EXCEPTION(() -> new IOException("thrown on purpose")),
        STACK_OVERFLOW(() -> new StackOverflowError("thrown on purpose")),
        MISSING_CLASS(() -> new NoClassDefFoundError("thrown on purpose")),
        ASSERTION(() -> new AssertionError("thrown on purpose")),
        OUT_OF_MEMORY(() -> new OutOfMemoryError("thrown on purpose"));

        private final Supplier<Throwable> made;

        Thrown(Supplier<Throwable> made) {
            this.made = made;
        }
    }

    private static final byte GOOD = 1;
    private static final byte BAD = 2;
    private static final Set<Place> SAID_OF_UNDECODED = Set.of(Place.COUNT_KEYS_OF_DEAD_LETTER, Place.NAMES_OF_DEAD_LETTER);
    private static final Set<Place> SAID_OF_POISON = Set.of(Place.MESSAGE_OF_FAILURE, Place.CAUSE_OF_FAILURE, Place.DEAD_LETTER,
            Place.TRACE_OF_DEAD_LETTER);
    private static final UniSubscription NEVER_CANCELLED = () -> {
    };
    private static final Logger LOG = Logger.getLogger("io.orderstream.pipeline");

    private final Level levelBefore = LOG.getLevel();
    private final LoggedRecords log = new LoggedRecords("io.orderstream");
    private PipelineHarness harness;

    @BeforeEach
    void logAll() {
        LOG.setLevel(Level.FINEST);
    }

    @AfterEach
    void close() {
        LOG.setLevel(levelBefore);
        log.close();
        harness.close();
    }

    /** Good, bad, good with the key of the bad one, good. */
    private void pollAround(PipelineDefinition<byte[]> definition, Tracing tracing) {
        harness = new PipelineHarness(definition, tracing);
        harness.poll(List.of(record(0, 'a', GOOD), record(1, 'b', BAD), record(2, 'b', GOOD), record(3, 'c', GOOD))).await()
                .atMost(PATIENCE);
    }

    private static ConsumerRecord<byte[], byte[]> record(int offset, char key, byte value) {
        return PipelineHarness.record(0, offset, new byte[] { (byte) key }, new byte[] { value });
    }

    private void awaitTotals(int processed, int deadLettered) {
        await().atMost(PATIENCE)
                .until(() -> harness.average.totals().equals(new Totals(4, processed, deadLettered, processed)));
        assertThat(harness.partitions()).extracting(PartitionState::watermark).containsExactly(4L);
        assertThat(harness.partitions()).extracting(PartitionState::inWork).containsExactly(0);
        assertThat(harness.pipeline.lanes()).isZero();
        // And the next poll is handled like any other
        harness.poll(List.of(record(4, 'b', GOOD))).await().atMost(PATIENCE);
        await().atMost(PATIENCE).until(() -> harness.average.totals().processed() == processed + 1);
    }

    static Stream<Arguments> everythingThrownEverywhere() {
        return Stream.of(Place.values())
                .flatMap(place -> Stream.of(Thrown.values()).map(thrown -> Arguments.of(place, thrown)));
    }

    @ParameterizedTest
    @MethodSource("everythingThrownEverywhere")
    void shouldKeepWhatIsThrownToTheRecordItIsThrownFor(Place place, Thrown thrown) {
        // Given
        Throwing definition = new Throwing(place, thrown);

        // When
        pollAround(definition, definition.tracing());

        // Then
        boolean isProcessed = place.fate == Fate.PROCESSED;
        awaitTotals(isProcessed ? 4 : 3, isProcessed ? 0 : 1);
        if (isProcessed) {
            assertThat(harness.letters).isEmpty();
            assertThat(log.messages()).anySatisfy(line -> assertThat(line).startsWith("not ").contains("thrown on purpose"))
                    .allSatisfy(line -> assertThat(line).hasSizeLessThan(500).doesNotContain("\n"));
        } else {
            PipelineHarness.DeadLetter letter = harness.letters.get(1L);
            assertThat(harness.deadLettered).containsExactly(1L);
            assertThat(letter.kind()).isEqualToIgnoringCase(place.fate.name());
            assertThat(letter.reason()).isNotBlank();
            if (!SAID_OF_POISON.contains(place) && !SAID_OF_UNDECODED.contains(place)) {
                assertThat(letter.reason()).contains("thrown on purpose");
            }
        }
    }

    /** A wrong answer, where nothing is thrown. */
    private enum Wrong {
        NULL_COUNT_KEYS(Fate.POISON, "count keys are null"),
        NULL_COUNT_KEY(Fate.POISON, "count keys are null, or one of them is"),
        COUNT_KEY_WITHOUT_VALUE(Fate.POISON, "a count key has no value"),
        COUNT_KEY_THAT_IS_NO_UTF8(Fate.POISON, "a count key has a lone surrogate at character 1"),
        AMOUNT_BEYOND_ALL_BOUNDS(Fate.POISON, "its amount must be at most 1000000000000000 or its negative, but is "),
        LANE_NOT_EQUAL_TO_ITSELF(Fate.POISON, "its lane is not equal to itself"),
        NULL_ANSWER(Fate.EXHAUSTED, "the handler returned null"),
        NULL_FAILURE(Fate.EXHAUSTED, "the handler has failed with null"),
        NULL_FETCH(Fate.UNDECODABLE, "load() has returned null"),
        NO_VALUE(Fate.UNDECODABLE, "the decoder gives no value, though it has fetched what it needs 10 times"),
        TWO_ANSWERS(Fate.PROCESSED, null),
        NULL_IDS(Fate.PROCESSED, null),
        NULL_ID(Fate.PROCESSED, null),
        NULL_SUMMARY(Fate.PROCESSED, null),
        LABEL_OF_CONTROL_CHARACTERS(Fate.PROCESSED, null);

        private final Fate fate;
        private final String reason;

        Wrong(Fate fate, String reason) {
            this.fate = fate;
            this.reason = reason;
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldKeepAWrongAnswerToTheRecordItIsGivenFor(Wrong answer) {
        // When
        pollAround(new Answering(answer), Tracing.OFF);

        // Then
        boolean isProcessed = answer.fate == Fate.PROCESSED;
        awaitTotals(isProcessed ? 4 : 3, isProcessed ? 0 : 1);
        if (!isProcessed) {
            assertThat(harness.letters.get(1L).kind()).isEqualToIgnoringCase(answer.fate.name());
            assertThat(harness.letters.get(1L).reason()).contains(answer.reason);
        }
    }

    @Test
    void shouldTakeNoFailureOfAFetchForTheRecordsFault() {
        // Given
        Answering definition = new Answering(Wrong.NO_VALUE) {
            private int fetches;

            @Override
            Uni<Void> load() {
                return ++fetches < 3 ? Uni.createFrom().failure(new IOException("no registry")) : super.load();
            }
        };

        // When
        pollAround(definition, Tracing.OFF);

        // Then
        awaitTotals(3, 1);
        assertThat(harness.letters.get(1L).reason()).startsWith("the decoder gives no value");
    }

    @Test
    void shouldMakeAStepAgainThatHasFailedForNoRecord() {
        // Given
        harness = new PipelineHarness(new Plain(), Tracing.OFF);

        // When
        harness.pollBroken(List.of(record(0, 'a', GOOD), record(1, 'b', GOOD), record(2, 'b', GOOD), record(3, 'c', GOOD)))
                .await().atMost(PATIENCE);

        // Then
        awaitTotals(4, 0);
        assertThat(log.messages()).anyMatch(line -> line.startsWith("step failed, made again after"));
    }

    /** All that a definition may say, with nothing wrong. */
    private static class Plain implements OfBytes {

        @Override
        public Uni<Void> handle(Delivery<byte[]> record) {
            return Uni.createFrom().voidItem();
        }

        @Override
        public long amount(byte[] value) {
            return 1;
        }
    }

    private static boolean isBad(byte[] value) {
        return value != null && value[0] == BAD;
    }

    /** Throws in one place, for the bad record only. */
    private static final class Throwing extends Plain {

        private final Place place;
        private final Thrown thrown;
        /** Of the totals nobody knows of which record they are. */
        private volatile boolean isBadHandled;

        Throwing(Place place, Thrown thrown) {
            this.place = place;
            this.thrown = thrown;
        }

        private void at(Place here, boolean isBad) {
            if (place == here && isBad) {
                Throwing.<RuntimeException> sneak(thrown.made.get());
            }
        }

        @SuppressWarnings("unchecked")
        private static <E extends Throwable> void sneak(Throwable failure) throws E {
            throw (E) failure;
        }

        @Override
        public Decoder<byte[]> decoder() {
            return new Decoder<>() {
                @Override
                public byte[] tryDecode(byte[] bytes) {
                    at(Place.DECODER, isBad(bytes));
                    if (isBad(bytes) && SAID_OF_UNDECODED.contains(place)) {
                        throw new UndecodableException("never") {
                            @Override
                            public List<CountKey> names() {
                                at(Place.NAMES_OF_DEAD_LETTER, true);
                                return super.names();
                            }
                        };
                    }
                    return place == Place.LOAD && isBad(bytes) ? null : bytes;
                }

                @Override
                public Uni<Void> load(byte[] bytes) {
                    at(Place.LOAD, true);
                    return Uni.createFrom().voidItem();
                }
            };
        }

        @Override
        public Optional<Function<byte[], List<CountKey>>> countKeys() {
            return Optional.of(value -> {
                at(Place.COUNT_KEYS, isBad(value));
                at(Place.COUNT_KEYS_OF_DEAD_LETTER, value == null);
                return List.of(new CountKey("all", "one"));
            });
        }

        @Override
        public Object lane(byte[] value) {
            at(Place.LANE, isBad(value));
            return place != Place.HASH_OF_LANE && place != Place.EQUALS_OF_LANE ? RECORD_KEY : new Object() {
                @Override
                public int hashCode() {
                    at(Place.HASH_OF_LANE, isBad(value));
                    return 1;
                }

                @Override
                public boolean equals(Object other) {
                    at(Place.EQUALS_OF_LANE, isBad(value));
                    return other != null && other.getClass() == getClass();
                }
            };
        }

        @Override
        public long amount(byte[] value) {
            at(Place.AMOUNT, isBad(value));
            return 1;
        }

        @Override
        public Uni<Void> handle(Delivery<byte[]> record) {
            boolean isBad = isBad(record.value());
            isBadHandled |= isBad;
            at(Place.HANDLER, isBad);
            if (isBad && SAID_OF_POISON.contains(place)) {
                return Uni.createFrom().failure(unreadable());
            }
            return new AbstractUni<>() {
                @Override
                public void subscribe(UniSubscriber<? super Void> subscriber) {
                    at(Place.ANSWER_OF_HANDLER, isBad);
                    subscriber.onSubscribe(NEVER_CANCELLED);
                    subscriber.onItem(null);
                }
            };
        }

        private PoisonException unreadable() {
            return new PoisonException("never") {
                @Override
                public String getMessage() {
                    at(Place.MESSAGE_OF_FAILURE, true);
                    return super.getMessage();
                }

                @Override
                public Throwable getCause() {
                    at(Place.CAUSE_OF_FAILURE, true);
                    return null;
                }
            };
        }

        @Override
        public String label(byte[] value) {
            at(Place.LABEL, isBad(value));
            return "value=" + value[0];
        }

        @Override
        public String summary(Totals totals) {
            at(Place.SUMMARY, isBadHandled);
            return "all=" + totals.processed();
        }

        @Override
        public Map<String, String> ids(Delivery<byte[]> record) {
            at(Place.IDS, isBad(record.value()));
            return Map.of("id", record.id());
        }

        @Override
        public void completeDeadLetter(Headers headers, byte[] value) {
            at(Place.DEAD_LETTER, isBad(value));
        }

        Tracing tracing() {
            return new Tracing() {
                @Override
                public RecordTrace taken(String topic, int partition, long offset, byte[] key, Headers headers) {
                    boolean isBad = offset == 1;
                    at(Place.TRACE_TAKEN, isBad);
                    return trace(isBad);
                }
            };
        }

        private RecordTrace trace(boolean isBad) {
            return new RecordTrace() {
                @Override
                public <D> Uni<Void> attempt(int number, D delivery, Function<D, Uni<Void>> handler) {
                    at(Place.TRACE_ATTEMPT, isBad);
                    return handler.apply(delivery);
                }

                @Override
                public void addTo(Headers headers) {
                    at(Place.TRACE_OF_DEAD_LETTER, isBad);
                }

                @Override
                public Map<String, String> ids() {
                    at(Place.TRACE_IDS, isBad);
                    return Map.of();
                }

                @Override
                public void ended(Outcome outcome, Throwable reason) {
                    at(Place.TRACE_ENDED, isBad);
                }
            };
        }
    }

    /** Gives one wrong answer, for the bad record only. */
    private static class Answering extends Plain {

        private final Wrong answer;

        Answering(Wrong answer) {
            this.answer = answer;
        }

        private boolean is(Wrong wrong, byte[] value) {
            return answer == wrong && isBad(value);
        }

        Uni<Void> load() {
            return answer == Wrong.NULL_FETCH ? null : Uni.createFrom().voidItem();
        }

        @Override
        public Decoder<byte[]> decoder() {
            return new Decoder<>() {
                @Override
                public byte[] tryDecode(byte[] bytes) {
                    return is(Wrong.NO_VALUE, bytes) || is(Wrong.NULL_FETCH, bytes) ? null : bytes;
                }

                @Override
                public Uni<Void> load(byte[] bytes) {
                    return Answering.this.load();
                }
            };
        }

        @Override
        public Optional<Function<byte[], List<CountKey>>> countKeys() {
            return Optional.of(value -> {
                if (!isBad(value)) {
                    return List.of();
                }
                return switch (answer) {
                    case NULL_COUNT_KEYS -> null;
                    case NULL_COUNT_KEY -> Arrays.asList((CountKey) null);
                    case COUNT_KEY_WITHOUT_VALUE -> List.of(new CountKey("user", null));
                    case COUNT_KEY_THAT_IS_NO_UTF8 -> List.of(new CountKey("user", "u\ud800"));
                    default -> List.of();
                };
            });
        }

        @Override
        public Object lane(byte[] value) {
            return !is(Wrong.LANE_NOT_EQUAL_TO_ITSELF, value) ? RECORD_KEY : new Object() {
                @Override
                public boolean equals(Object other) {
                    return false;
                }

                @Override
                public int hashCode() {
                    return 1;
                }
            };
        }

        @Override
        public long amount(byte[] value) {
            return is(Wrong.AMOUNT_BEYOND_ALL_BOUNDS, value) ? Long.MIN_VALUE : 1;
        }

        @Override
        public Uni<Void> handle(Delivery<byte[]> record) {
            if (!isBad(record.value())) {
                return super.handle(record);
            }
            return switch (answer) {
                case NULL_ANSWER -> null;
                case NULL_FAILURE -> answered(subscriber -> subscriber.onFailure(null));
                case TWO_ANSWERS -> answered(subscriber -> {
                    subscriber.onItem(null);
                    subscriber.onItem(null);
                    subscriber.onFailure(new IllegalStateException("and now this"));
                });
                default -> super.handle(record);
            };
        }

        private static Uni<Void> answered(Consumer<UniSubscriber<? super Void>> answers) {
            return new AbstractUni<>() {
                @Override
                public void subscribe(UniSubscriber<? super Void> subscriber) {
                    subscriber.onSubscribe(NEVER_CANCELLED);
                    answers.accept(subscriber);
                }
            };
        }

        @Override
        public String label(byte[] value) {
            return is(Wrong.LABEL_OF_CONTROL_CHARACTERS, value) ? "\u0000\n\u001b[31m%s%n" + "x".repeat(100_000) : null;
        }

        @Override
        public String summary(Totals totals) {
            return answer == Wrong.NULL_SUMMARY ? null : "all=" + totals.processed();
        }

        @Override
        public Map<String, String> ids(Delivery<byte[]> record) {
            if (is(Wrong.NULL_IDS, record.value())) {
                return null;
            }
            return is(Wrong.NULL_ID, record.value()) ? Collections.singletonMap(null, null) : Map.of();
        }
    }
}
