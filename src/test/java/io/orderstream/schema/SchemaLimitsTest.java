package io.orderstream.schema;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.orderstream.order.Order;
import io.orderstream.record.UndecodableException;
import io.orderstream.schema.RegisteredSchema.Reference;
import io.smallrye.mutiny.Uni;

/** Schemas of a hostile registry: short texts that take long, or much memory, to be parsed, resolved or read with. */
class SchemaLimitsTest {

    private static final String ORDER = "{\"name\": \"orderId\", \"type\": \"string\"}, {\"name\": \"product\", \"type\": \"string\"}, "
            + "{\"name\": \"price\", \"type\": \"float\"}";

    @Test
    void shouldRefuseARecordOfNoBytesThatIsATrillionRecords() {
        assertRefused(order(doubling(40, "\"%s\"")), " has more than 15 parts without bytes");
        assertRefused("{\"type\": \"array\", \"items\": " + record("Nulls", 16, i -> "\"null\"") + "}",
                "Nulls has more than 15 parts without bytes");
        assertRefused(record("Nothings", 16, i -> "{\"type\": \"fixed\", \"name\": \"F%d\", \"size\": 0}".formatted(i)),
                "Nothings has more than 15 parts without bytes");
        // Where bytes say which it is, each takes one.
        assertThatCode(() -> parse(order(doubling(40, "[\"null\", \"%s\"]")))).doesNotThrowAnyException();
        assertThatCode(() -> parse(record("Few", 15, i -> "\"null\""))).doesNotThrowAnyException();
    }

    @Test
    void shouldRefuseARecordThatContainsItselfWithoutEnd() {
        assertRefused(order("{\"name\": \"self\", \"type\": \"Order\"}"), "Order contains itself without end");
        assertThatCode(() -> parse(order("{\"name\": \"self\", \"type\": [\"null\", \"Order\"]}"))).doesNotThrowAnyException();
        assertThatCode(() -> parse(order("{\"name\": \"self\", \"type\": {\"type\": \"array\", \"items\": \"Order\"}}")))
                .doesNotThrowAnyException();
    }

    @Test
    void shouldRefuseBeforeParsingWhatTakesAvroTooLong() {
        assertRefused(order(doubling(2_000, "[\"null\", \"%s\"]")), "together too many");
        assertRefused("{\"type\": \"enum\", \"name\": \"E\", \"symbols\": [" + list(2_001, i -> "\"S" + i + "\"") + "]}",
                "an enum of more than 2000 symbols");
        assertRefused(record("Wide", 20_000, i -> "\"int\""), "more than 100000 tokens of JSON");
        assertRefused("{\"type\": \"int\", \"more\": [" + list(100_000, i -> "{}") + "]}", "more than 100000 tokens of JSON");
        assertRefused("{\"type\": \"array\", \"items\": ".repeat(100_000), "nesting depth");
    }

    @Test
    void shouldReadTheLargestSchemasSomebodyMayHave() {
        // Given: ten times as many fields as the widest tables have columns, and as many types as a large model has
        String wide = order(
                list(4_000, i -> "{\"name\": \"c%d\", \"type\": [\"null\", \"string\"], \"default\": null}".formatted(i)));
        String deep = order(
                list(300, i -> "{\"name\": \"c%d\", \"type\": %s}".formatted(i, record("T" + i, 10, field -> "\"int\""))));

        // Then
        assertThat(parse(wide).getFields()).hasSize(4_003);
        assertThat(parse(deep).getFields()).hasSize(303);
    }

    @Test
    void shouldTakeASchemaForOneValueOfJsonWhateverSurroundsIt() {
        assertThat(parse("\"int\" // the end")).isEqualTo(Schema.create(Schema.Type.INT));
        assertThat(parse("/* of */ [\"null\", \"int\"]\n\n").getTypes()).hasSize(2);
        assertRefused("\"int\"}, {\"name\": \"injected\", \"type\": \"int\"", "cannot be parsed");
        assertRefused("\"int\" \"int\"", "it is not one value of JSON");
        assertRefused("", "it is not one value of JSON");
        assertRefused("\u0000", "cannot be parsed");
        assertRefused("null", "cannot be parsed");
        assertRefused("{\"type\": \"fixed\", \"name\": \"F\", \"size\": -1}", "cannot be parsed");
        assertRefused(
                "{\"type\": \"record\", \"name\": \"R\", \"fields\": [{\"name\": \"a\", \"type\": \"int\"}, {\"name\": \"a\", "
                        + "\"type\": \"int\"}]}",
                "Duplicate field a");
    }

    @Test
    void shouldParseEachOfManyReferencesOnce() {
        // Given: each refers to the one before; parsed one by one, Avro would take the cube of their number
        Reference[] chain = IntStream.rangeClosed(1, SchemaReferences.MOST).mapToObj(i -> new Reference("R" + i, "r" + i, 1))
                .toArray(Reference[]::new);
        RegisteredSchema top = new RegisteredSchema("\"R" + SchemaReferences.MOST + "\"", List.of(chain));

        // When
        Schema schema = new SchemaReferences("schema id 5", (subject, version) -> {
            int i = Integer.parseInt(subject.substring(1));
            String before = i == 1 ? "\"int\"" : "[\"null\", \"R%d\"]".formatted(i - 1);
            return Uni.createFrom().item(new RegisteredSchema(record("R" + i, 1, field -> before), List.of()));
        }).resolve(top).await().atMost(PATIENCE);

        // Then
        assertThat(schema.getFullName()).isEqualTo("R" + SchemaReferences.MOST);
    }

    @ParameterizedTest
    @ValueSource(ints = { 0, 1_000, 100_000 })
    void shouldReadARecordInTimeWhateverItsSchemaIs(int length) {
        // Given: as much as a schema may have that takes no bytes, in items that take none, or one
        String most = record("Most", 15, i -> "\"null\"");
        Schema writer = parse(order("{\"name\": \"a\", \"type\": {\"type\": \"array\", \"items\": " + most
                + "}}, {\"name\": \"u\", \"type\": {\"type\": \"array\", \"items\": [\"null\", \"Most\"]}}"));
        AvroDecoder<Order> decoder = new AvroDecoder<>(Frames.loaded(Map.of(1, writer)), Order.class, Frames.UNADAPTED);
        byte[] bytes = Arrays.copyOf(new byte[] { 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, (byte) 0xa0, (byte) 0x9c, 0x01 },
                14 + length);
        Arrays.fill(bytes, 14, bytes.length, (byte) 0x02);

        // Then: not for ever, as a thread that goes on would tell
        assertThatThrownBy(() -> CompletableFuture.supplyAsync(() -> decoder.tryDecode(bytes))
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join()).hasCauseInstanceOf(UndecodableException.class);
    }

    @Test
    void shouldTellHowMuchMemoryASchemaTakes() {
        assertThat(SchemaLimits.bytes(Order.getClassSchema())).isBetween(2_000L, 20_000L);
        assertThat(SchemaLimits.bytes(SchemaBuilder.record("x".repeat(1_000_000)).fields().endRecord()))
                .isGreaterThan(2_000_000);
    }

    /** Records, each of the one before, twice. */
    private static String doubling(int depth, String reference) {
        return "{\"name\": \"r0\", \"type\": {\"type\": \"record\", \"name\": \"R0\", \"fields\": []}}, " + list(depth, i -> {
            String before = reference.formatted("R" + i);
            return "{\"name\": \"r%d\", \"type\": %s}".formatted(i + 1, record("R" + (i + 1), 2, field -> before));
        });
    }

    private static String order(String more) {
        return "{\"type\": \"record\", \"name\": \"Order\", \"fields\": [" + ORDER + ", " + more + "]}";
    }

    private static String record(String name, int fields, IntFunction<String> type) {
        return "{\"type\": \"record\", \"name\": \"%s\", \"fields\": [%s]}".formatted(name,
                list(fields, i -> "{\"name\": \"f%d\", \"type\": %s}".formatted(i, type.apply(i))));
    }

    private static String list(int number, IntFunction<String> each) {
        return IntStream.range(0, number).mapToObj(each).collect(Collectors.joining(", "));
    }

    private static Schema parse(String text) {
        return new SchemaReferences("schema id 5", (subject, version) -> Uni.createFrom().nothing())
                .resolve(new RegisteredSchema(text, List.of())).await().atMost(PATIENCE);
    }

    private static void assertRefused(String text, String reason) {
        assertThatThrownBy(() -> parse(text)).isExactlyInstanceOf(RegistryRejectedException.class)
                .hasMessageStartingWith("schema id 5 cannot be parsed: ").hasMessageContaining(reason)
                .satisfies(failure -> assertThat(failure.getMessage()).hasSizeLessThan(500));
    }
}
