package io.orderstream.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import org.apache.avro.Schema;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.orderstream.record.RecordNotReadyException;
import io.smallrye.mutiny.Uni;

/** What records wait for, and for how long, when a registry does not know their schemas. Time is the test's. */
class UnknownSchemasTest {

    private static final Duration AFTER = Duration.ofSeconds(30);
    private static final Duration STEP = Duration.ofSeconds(1);
    private static final Schema SCHEMA = Schema.create(Schema.Type.STRING);
    private static final int OWN = 1;

    private final AtomicLong nanos = new AtomicLong(-5);
    private final AtomicInteger requests = new AtomicInteger();
    private final Set<Integer> registered = new HashSet<>(Set.of(OWN));
    private RuntimeException outage;
    private boolean isNodeMissing;
    private Schemas schemas;

    @BeforeEach
    void aProcessBegins() {
        schemas = new Schemas(id -> asked(id).replaceWith(SCHEMA),
                new RegistryContent(this::asked, this::anySubject, nanos::get), AFTER, nanos::get);
    }

    private Uni<Void> asked(int id) {
        requests.incrementAndGet();
        return answer(registered.contains(id));
    }

    private Uni<Void> anySubject() {
        return answer(!registered.isEmpty());
    }

    private Uni<Void> answer(boolean isKnown) {
        if (outage != null) {
            return Uni.createFrom().failure(outage);
        }
        RegistryRejectedException unknown = new RegistryRejectedException(404, 40403, "Schema not found");
        return isKnown ? Uni.createFrom().voidItem()
                : Uni.createFrom().failure(isNodeMissing ? unknown.butNotByAll() : unknown);
    }

    /** A record that waits for its schema, and tries again every second. */
    private final class Waiting {

        private final Uni<Schema> schema;

        Waiting(int id) {
            schema = schemas.load(id);
        }

        /** Null if it has its schema. */
        Throwable tried() {
            return schema.onItemOrFailure().transform((item, failure) -> failure).await().indefinitely();
        }
    }

    private Throwable after(Duration duration, Waiting record) {
        Throwable failure = record.tried();
        for (long end = nanos.get() + duration.toNanos(); nanos.get() - end < 0; failure = record.tried()) {
            nanos.addAndGet(STEP.toNanos());
        }
        return failure;
    }

    @Test
    void shouldWaitForAnIdThatNobodyKnowsAndThenGiveItUp() {
        // Given
        Waiting record = new Waiting(7);

        // Then
        assertThat(after(AFTER.minus(STEP), record)).isExactlyInstanceOf(RecordNotReadyException.class)
                .hasMessageContaining("schema id 7");
        assertThat(after(STEP, record)).isExactlyInstanceOf(RegistryRejectedException.class).hasMessage("Schema not found");
    }

    @Test
    void shouldFindASchemaThatIsRegisteredLate() {
        // Given
        Waiting record = new Waiting(7);
        assertThat(after(Duration.ofSeconds(2), record)).isNotNull();

        // When
        registered.add(7);

        // Then
        assertThat(after(STEP, record)).isNull();
    }

    @Test
    void shouldNotRefuseARecordThatCameAfterTheRegistryWasAsked() {
        // Given: an id that is given up
        assertThat(after(AFTER, new Waiting(7))).isExactlyInstanceOf(RegistryRejectedException.class);

        // When
        registered.add(7);
        nanos.incrementAndGet();
        Waiting later = new Waiting(7);

        // Then: it is neither a dead letter now nor does it wait for longer than it takes to ask
        assertThat(later.tried()).isExactlyInstanceOf(RecordNotReadyException.class);
        assertThat(after(STEP, later)).isNull();
    }

    @Test
    void shouldGiveUpFurtherRecordsOfAWrongIdAsSoonAsTheRegistryHasSaidSoAgain() {
        // Given
        assertThat(after(AFTER, new Waiting(7))).isExactlyInstanceOf(RegistryRejectedException.class);
        nanos.addAndGet(Schemas.UNKNOWN_KEPT.toNanos());
        int before = requests.get();

        // When
        Waiting[] records = IntStream.range(0, 100).mapToObj(i -> new Waiting(7)).toArray(Waiting[]::new);

        // Then
        assertThat(records).allSatisfy(
                record -> assertThat(record.tried()).isExactlyInstanceOf(RegistryRejectedException.class));
        assertThat(requests.get() - before).isLessThanOrEqualTo(2);
    }

    @Test
    void shouldBeginAnewWhenTheRegistryWasDownInBetween() {
        // Given
        Waiting record = new Waiting(7);
        after(AFTER.minus(STEP), record);
        outage = new RegistryUnavailableException("HTTP 503");
        assertThat(after(STEP, record)).isSameAs(outage);

        // When
        outage = null;

        // Then
        assertThat(after(AFTER.minus(STEP), record)).isExactlyInstanceOf(RecordNotReadyException.class);
        assertThat(after(STEP.multipliedBy(2), record)).isExactlyInstanceOf(RegistryRejectedException.class);
    }

    @Test
    void shouldWaitAsLongAsTheRegistryIsEmpty() {
        // Given
        registered.clear();
        Waiting record = new Waiting(7);

        // Then
        assertThat(after(AFTER.multipliedBy(100), record)).isExactlyInstanceOf(RegistryUnavailableException.class)
                .hasMessageContaining("no subjects");

        // And when: its content is restored, but for this id
        registered.add(OWN);

        // Then
        assertThat(after(STEP.multipliedBy(2), record)).isExactlyInstanceOf(RecordNotReadyException.class);
        assertThat(after(AFTER, record)).isExactlyInstanceOf(RegistryRejectedException.class);
    }

    @Test
    void shouldWaitAsLongAsTheRegistryKnowsNothingOfWhatItHasAnswered() {
        // Given
        assertThat(new Waiting(OWN).tried()).isNull();
        registered.clear();
        registered.add(99);
        Waiting record = new Waiting(7);

        // Then: somebody has registered a schema meanwhile, which proves nothing
        assertThat(after(AFTER.multipliedBy(100), record)).isExactlyInstanceOf(RegistryUnavailableException.class)
                .hasMessageContaining("lost schemas").hasMessageContaining("schema id 1 ");
        assertThat(new Waiting(OWN).tried()).as("what is cached is read on").isNull();

        // And when
        registered.add(7);

        // Then
        assertThat(after(STEP, record)).isNull();
    }

    @Test
    void shouldWaitLongerForARegistryThatHasLostSomeSchemasButNotForEver() {
        // Given
        registered.add(2);
        assertThat(new Waiting(OWN).tried()).isNull();
        assertThat(new Waiting(2).tried()).isNull();
        registered.remove(2);

        // Then
        Waiting record = new Waiting(7);
        Duration longer = AFTER.multipliedBy(UnknownSchemas.PATIENCE_IN_DOUBT);
        assertThat(after(longer.minus(STEP), record)).isExactlyInstanceOf(RegistryUnavailableException.class)
                .hasMessageContaining("schema id 2 ");
        assertThat(after(STEP.multipliedBy(2), record)).isExactlyInstanceOf(RegistryRejectedException.class);
    }

    @Test
    void shouldWaitLongerWhileANodeDoesNotAnswer() {
        // Given
        isNodeMissing = true;
        Waiting record = new Waiting(7);

        // Then
        assertThat(after(AFTER.multipliedBy(2), record)).isExactlyInstanceOf(RegistryUnavailableException.class)
                .hasMessageContaining("not every node");

        // And when
        registered.add(7);

        // Then
        assertThat(after(STEP, record)).isNull();
    }

    @Test
    void shouldTakeManyUnknownIdsForAnOutageAtFirst() {
        // Given
        Map<Integer, Waiting> records = new HashMap<>();
        IntStream.range(100, 100 + UnknownSchemas.MANY).forEach(id -> records.put(id, new Waiting(id)));

        // When
        records.values().forEach(Waiting::tried);
        nanos.addAndGet(STEP.toNanos());

        // Then
        assertThat(records.values()).allSatisfy(record -> assertThat(record.tried())
                .isExactlyInstanceOf(RegistryUnavailableException.class).hasMessageContaining("10 schema ids"));

        // And when: it was a node behind the others
        registered.addAll(records.keySet());
        nanos.addAndGet(STEP.toNanos());

        // Then
        assertThat(records.values()).allSatisfy(record -> assertThat(record.tried()).isNull());
    }

    @Test
    void shouldGiveUpIdsThatAreMadeUpOnceTheRegistryHasKnownOthersAllTheWhile() {
        // Given: one record a second, each with another id
        int next = 1_000;
        Set<Waiting> records = new HashSet<>();
        int given = 0;

        // When
        for (int second = 0; second < 300; second++) {
            records.add(new Waiting(next++));
            nanos.addAndGet(STEP.toNanos());
            int before = records.size();
            records.removeIf(record -> record.tried() instanceof RegistryRejectedException);
            given += before - records.size();
        }

        // Then: none is an outage any more, and none waits for long
        assertThat(given).isGreaterThan(250);
        assertThat(records).hasSizeLessThan(10).allSatisfy(
                record -> assertThat(record.tried()).isExactlyInstanceOf(RecordNotReadyException.class));
        assertThat(new Waiting(OWN).tried()).isNull();
    }

    @Test
    void shouldAskForSoManyIdsAtATimeOnly() {
        // Given
        AtomicInteger asked = new AtomicInteger();
        Schemas busy = new Schemas(id -> {
            asked.incrementAndGet();
            return Uni.createFrom().nothing();
        }, new RegistryContent(this::asked, this::anySubject, nanos::get), AFTER, nanos::get);
        IntStream.range(0, Schemas.REQUESTS_MAX).forEach(id -> busy.load(id).subscribe().with(schema -> {
        }));

        // Then
        assertThat(busy.load(1_000).onItemOrFailure().transform((item, failure) -> failure).await().indefinitely())
                .isExactlyInstanceOf(RecordNotReadyException.class);
        assertThat(asked).hasValue(Schemas.REQUESTS_MAX);
    }

    @Test
    void shouldNotLetLookingAtARecordDecideAboutOthers() {
        // Given: somebody looks at dead letters with wrong ids
        for (int second = 0; second < 2 * AFTER.toSeconds(); second++) {
            IntStream.range(100, 150).forEach(id -> assertThat(schemas.find(id).onItemOrFailure()
                    .transform((item, failure) -> failure).await().indefinitely())
                    .isExactlyInstanceOf(RegistryRejectedException.class));
            nanos.addAndGet(STEP.toNanos());
        }

        // Then
        assertThat(new Waiting(100).tried()).isExactlyInstanceOf(RecordNotReadyException.class);
    }

    @Test
    void shouldRefuseAtOnceWhatCanNeverBeUsed() {
        // Given
        Schemas unusable = new Schemas(id -> Uni.createFrom().failure(RegisteredSchema.unusable("of type JSON")),
                new RegistryContent(this::asked, this::anySubject, nanos::get), AFTER, nanos::get);

        // Then
        assertThat(unusable.load(1).onItemOrFailure().transform((item, failure) -> failure).await().indefinitely())
                .isExactlyInstanceOf(RegistryRejectedException.class);
    }
}
