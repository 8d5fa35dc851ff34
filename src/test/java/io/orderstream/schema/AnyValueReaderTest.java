package io.orderstream.schema;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.orderstream.deadletter.ReadValue;
import io.orderstream.order.Order;
import io.orderstream.schema.RegistryClient.SchemaVersion;
import io.orderstream.testsupport.TimedTest;
import io.orderstream.testsupport.TooLate;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.smallrye.mutiny.subscription.UniEmitter;

class AnyValueReaderTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> TOPICS = List.of("orders", "orders-dlq");
    private static final Schema RICH = new Schema.Parser()
            .parse("""
                    {"type": "record", "name": "Rich", "fields": [
                      {"name": "inner", "type": {"type": "record", "name": "Inner", "fields": [{"name": "n", "type": "long"}]}},
                      {"name": "maybe", "type": ["null", "string", "Inner"]}, {"name": "none", "type": ["null", "string"]},
                      {"name": "raw", "type": "bytes"}, {"name": "hash", "type": {"type": "fixed", "name": "Hash", "size": 2}},
                      {"name": "kind", "type": {"type": "enum", "name": "Kind", "symbols": ["A", "B"]}},
                      {"name": "prices", "type": {"type": "array", "items": "float"}},
                      {"name": "rates", "type": {"type": "map", "values": "double"}},
                      {"name": "amount", "type": {"type": "bytes", "logicalType": "decimal", "precision": 4, "scale": 2}},
                      {"name": "text", "type": {"type": "string", "java-class": "java.io.File"}},
                      {"name": "yes", "type": "boolean"}]}""");
    private static final Schema HUGE = new Schema.Parser()
            .parse("{\"type\": \"fixed\", \"name\": \"Huge\", \"size\": 2000000000}");
    private static final Schema NODE = new Schema.Parser().parse("""
            {"type": "record", "name": "Node", "fields": [{"name": "next", "type": ["null", "Node"]}]}""");
    private static final Schema NULLS = SchemaBuilder.array().items(SchemaBuilder.record("Wide").fields()
            .name("a").type().nullType().noDefault().name("b").type().nullType().noDefault()
            .name("c").type().nullType().noDefault().name("d").type().nullType().noDefault()
            .name("e").type().nullType().noDefault().endRecord());

    private final Schemas schemas = Frames
            .loaded(Map.of(1, Order.getClassSchema(), 2, RICH, 3, HUGE, 4, NODE, 5, NULLS));
    private static final SchemaVersion VERSION = new SchemaVersion("orders-value", 1);

    private final List<UniEmitter<? super List<SchemaVersion>>> open = new ArrayList<>();
    private final AnyValueReader waiting = new AnyValueReader(schemas, id -> Uni.createFrom().emitter(open::add),
            Runnable::run);
    private final AtomicInteger asked = new AtomicInteger();
    private final AnyValueReader reader = new AnyValueReader(schemas, id -> {
        asked.incrementAndGet();
        return Uni.createFrom().item(List.of(new SchemaVersion("other-value", 9), new SchemaVersion("orders-dlq-value", 2),
                new SchemaVersion("orders-value", 5)));
    }, Runnable::run);

    private static byte[] order() {
        return Frames.frame(1, Order.getClassSchema(), Map.of("orderId", "o-1", "product", "Laptop", "price", 12.5f));
    }

    @Test
    void shouldReadAvroAndNameItsSchemaForTheTopicItWasIn() {
        // When
        ReadValue value = read(order());

        // Then
        assertThat(value.content()).hasToString("{\"orderId\":\"o-1\",\"product\":\"Laptop\",\"price\":12.5}");
        assertThat(value).extracting(ReadValue::format, ReadValue::schemaId, ReadValue::subject, ReadValue::schemaVersion)
                .containsExactly("avro", 1, "orders-value", 5);
        assertThat(read(order(), List.of("unknown", "orders-dlq")).schemaVersion()).isEqualTo(2);
        assertThat(read(order(), List.of("unknown")).subject()).isEqualTo("other-value");
        assertThat(asked).hasValue(1);
    }

    @Test
    void shouldAskOnceForTheVersionsThatManyWant() {
        // When
        UniAssertSubscriber<ReadValue> first = ask();
        UniAssertSubscriber<ReadValue> second = ask();
        open.get(0).complete(List.of(VERSION));
        UniAssertSubscriber<ReadValue> third = ask();

        // Then
        List.of(first, second, third).forEach(each -> assertVersion(each, VERSION));
        assertThat(open).hasSize(1);
    }

    @Test
    void shouldAskForVersionsAgainAfterAnOutageOrWhenThereWereNone() {
        // Given
        UniAssertSubscriber<ReadValue> first = ask();
        open.get(0).fail(new RegistryUnavailableException("away"));
        assertThat(first.assertCompleted().getItem().subject()).isNull();
        UniAssertSubscriber<ReadValue> second = ask();
        open.get(1).complete(List.of());
        assertThat(second.assertCompleted().getItem().subject()).isNull();

        // When
        UniAssertSubscriber<ReadValue> third = ask();
        open.get(2).complete(List.of(VERSION));

        // Then
        assertVersion(third, VERSION);
    }

    private UniAssertSubscriber<ReadValue> ask() {
        return waiting.read(order(), List.of("orders")).subscribe().withSubscriber(UniAssertSubscriber.create());
    }

    private static void assertVersion(UniAssertSubscriber<ReadValue> asked, SchemaVersion version) {
        assertThat(asked.assertCompleted().getItem()).extracting(ReadValue::subject, ReadValue::schemaVersion)
                .containsExactly(version.subject(), version.version());
    }

    @Test
    void shouldShowEveryTypeOfAvroAsJson() throws JsonProcessingException {
        // Given
        GenericData.Record inner = new GenericData.Record(RICH.getField("inner").schema());
        inner.put("n", Long.MAX_VALUE);
        GenericData.Record rich = new GenericData.Record(RICH);
        rich.put("inner", inner);
        rich.put("maybe", inner);
        rich.put("raw", ByteBuffer.wrap(new byte[] { 0, -1, 34 }));
        rich.put("hash", new GenericData.Fixed(RICH.getField("hash").schema(), new byte[] { 1, -2 }));
        rich.put("kind", new GenericData.EnumSymbol(RICH.getField("kind").schema(), "B"));
        rich.put("prices", List.of(0.1f, Float.NaN, Float.NEGATIVE_INFINITY));
        rich.put("rates", Map.of("x", Double.POSITIVE_INFINITY));
        rich.put("amount", ByteBuffer.wrap(new byte[] { 4, -46 }));
        rich.put("text", "/etc/passwd");
        rich.put("yes", true);

        // When
        ReadValue value = read(Frames.frame(2, RICH, rich));

        // Then
        assertThat(value.content().get("prices").get(1).isTextual()).as("no writer has to know what NaN is").isTrue();
        assertThat(JSON.readTree(JSON.writeValueAsString(value.content()))).isEqualTo(JSON.readTree("""
                {"inner": {"n": 9223372036854775807}, "maybe": {"n": 9223372036854775807}, "none": null, "raw": "00ff22",
                 "hash": "01fe", "kind": "B", "prices": [0.1, "NaN", "-Infinity"], "rates": {"x": "Infinity"},
                 "amount": "04d2", "text": "/etc/passwd", "yes": true}"""));
    }

    @ParameterizedTest
    @ValueSource(strings = { "{}", "[1, \"a\"]", " {\"orderId\": \"caf\u00e9\", \"price\": 1e999}\n" })
    void shouldReadJsonObjectsAndArrays(String text) throws JsonProcessingException {
        assertThat(read(text.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(new ReadValue("json", JSON.readTree(text), null, null, null));
    }

    @ParameterizedTest
    @ValueSource(strings = { "", " ", "null", "12", "\"text\"", "{", "{} {}", "[1,]", "plain text", "caf\u00e9" })
    void shouldReadNothingElse(String text) {
        assertThat(read(text.getBytes(StandardCharsets.UTF_8))).isNull();
    }

    @Test
    void shouldNotTakeOtherEncodingsForText() {
        assertThat(read("{\"a\": \"\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1))).isNull();
        assertThat(read("{\"a\": 1}".getBytes(StandardCharsets.UTF_16))).isNull();
        assertThat(read(null)).isNull();
    }

    @Test
    void shouldReadOnlyWhatEndsWhereItsRecordEnds() {
        for (int length = 0; length < order().length; length++) {
            assertThat(read(Arrays.copyOf(order(), length))).as("%d bytes", length).isNull();
        }
        assertThat(read(Arrays.copyOf(order(), order().length + 1))).isNull();
    }

    @Test
    void shouldRefuseWhatIsTooMuchToBeShown() {
        assertThat(read(new byte[] { 0, 0, 0, 0, 3, 1, 2, 3 })).as("a fixed of 2 GB").isNull();
        assertThat(read(node(99))).isNotNull();
        assertThat(read(node(101))).as("nested too deep").isNull();
        assertThat(read(node(1_000_000))).as("deeper than the stack").isNull();
        assertThat(read(("[".repeat(101) + "]".repeat(101)).getBytes(StandardCharsets.UTF_8))).as("JSON too deep").isNull();
        assertThat(read(nulls(8_000))).isNotNull();
        assertThat(read(nulls(9_999))).as("five fields times ten thousand").isNull();
    }

    @Test
    void shouldNotTakeMemoryForFieldsThatHaveNoBytes() {
        // Given: a byte for each record, and 20,000 fields in each
        String fields = IntStream.range(0, 15_000).mapToObj(i -> ", {\"name\": \"f%d\", \"type\": \"int\"}".formatted(i))
                .collect(Collectors.joining());
        Schema wide = new Schema.Parser().parse("{\"type\": \"record\", \"name\": \"R\", \"fields\": "
                + "[{\"name\": \"next\", \"type\": [\"null\", \"R\"]}" + fields + "]}");
        byte[] bytes = Arrays.copyOf(new byte[] { 0, 0, 0, 0, 1 }, 1_500);
        Arrays.fill(bytes, 5, bytes.length, (byte) 2);
        AnyValueReader hostile = new AnyValueReader(Frames.loaded(Map.of(1, wide)), id -> Uni.createFrom().nothing(),
                Runnable::run);
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        hostile.read(bytes, TOPICS).await().atMost(PATIENCE);

        // When
        long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        ReadValue value = hostile.read(bytes, TOPICS).await().atMost(PATIENCE);

        // Then: without a bound it is 90 MB
        assertThat(value).isNull();
        assertThat(threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before).isLessThan(20_000_000);
    }

    @Test
    void shouldNotRepeatANameWithoutEnd() {
        // Given
        Schema named = SchemaBuilder.array()
                .items(SchemaBuilder.record("R").fields().requiredInt("x".repeat(100_000)).endRecord());
        Schema symbols = SchemaBuilder.array().items(SchemaBuilder.enumeration("E").symbols("Y".repeat(100_000)));
        AnyValueReader hostile = new AnyValueReader(Frames.loaded(Map.of(1, named, 2, symbols)),
                id -> Uni.createFrom().nothing(),
                Runnable::run);

        // Then
        for (byte id = 1; id <= 2; id++) {
            byte[] bytes = Arrays.copyOf(new byte[] { 0, 0, 0, 0, id, 40 }, 27);
            assertThat(hostile.read(bytes, TOPICS).await().atMost(PATIENCE)).isNull();
        }
    }

    private static byte[] node(int depth) {
        byte[] bytes = new byte[5 + depth + 1];
        bytes[4] = 4;
        Arrays.fill(bytes, 5, 5 + depth, (byte) 2);
        return bytes;
    }

    private static byte[] nulls(int count) {
        GenericData.Record empty = new GenericData.Record(NULLS.getElementType());
        return Frames.frame(5, NULLS, IntStream.range(0, count).mapToObj(i -> empty).collect(Collectors.toList()));
    }

    @Test
    void shouldEndHostileBytesWithAValueThatCanBeWrittenOrWithNone() throws JsonProcessingException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[5 + random.nextInt(100)];
            random.nextBytes(bytes);
            System.arraycopy(new byte[] { 0, 0, 0, 0, (byte) random.nextInt(7) }, 0, bytes, 0, 5);
            ReadValue value = read(bytes);
            if (value != null) {
                assertThat(JSON.writeValueAsString(value.content())).as("seed %d, value %d", seed, i).isNotEmpty();
            }
        }
    }

    @TimedTest
    void shouldNotWaitForARegistryThatDoesNotAnswer() {
        // Given
        Schemas silent = Frames.cache(id -> Uni.createFrom().nothing());
        AnyValueReader withoutSchemas = new AnyValueReader(silent, id -> Uni.createFrom().nothing(), Runnable::run);
        AnyValueReader withoutVersions = new AnyValueReader(schemas, id -> Uni.createFrom().nothing(), Runnable::run);
        AnyValueReader failing = new AnyValueReader(schemas,
                id -> Uni.createFrom().failure(new RegistryUnavailableException("away")), Runnable::run);

        // Then
        assertThat(soon(withoutSchemas)).isNull();
        for (AnyValueReader each : List.of(withoutVersions, failing)) {
            assertThat(soon(each))
                    .extracting(ReadValue::format, ReadValue::schemaId, ReadValue::subject, ReadValue::schemaVersion)
                    .containsExactly("avro", 1, null, null);
        }
    }

    private static ReadValue soon(AnyValueReader reader) {
        long begin = System.nanoTime();
        ReadValue value = reader.read(order(), TOPICS).await().atMost(PATIENCE);
        TooLate.check("to read a value", Duration.ofNanos(System.nanoTime() - begin), Duration.ofSeconds(2));
        return value;
    }

    private ReadValue read(byte[] value) {
        return read(value, TOPICS);
    }

    private ReadValue read(byte[] value, List<String> topics) {
        return reader.read(value, topics).await().atMost(PATIENCE);
    }
}
