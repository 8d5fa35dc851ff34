package io.orderstream.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.orderstream.pipeline.SimulatedFaults;
import io.orderstream.pipeline.SimulatedFaults.Fault;
import io.orderstream.pipeline.SimulatedFaults.Kind;
import io.smallrye.config.SmallRyeConfigBuilder;

class SimulatedFaultsTest {

    private static final int IDS = 100_000;
    private static final List<String> NUMBERS = IntStream.range(0, IDS).mapToObj(Integer::toString).toList();
    private static final SimulatedFaults ALL_FAIL = new SimulatedFaults(1);

    @ParameterizedTest
    // Computed by another program from the description of SimulatedFaults.
    @CsvSource({ "1000,NONE,0", "1009,POISON,0", "1082,TRANSIENT,1", "1037,TRANSIENT,2", "1019,TRANSIENT,3", "1062,TRANSIENT,4",
            "1169,TRANSIENT,5", "'',NONE,0", "f47ac10b-58cc-4372-a567-0e02b2c3d479,TRANSIENT,5",
            "order-\u00e9-15,TRANSIENT,3" })
    void shouldGiveAnIdTheFaultThatOthersComputeForItToo(String id, Kind kind, int failingAttempts) {
        assertThat(new SimulatedFaults(0.1).of(id)).isEqualTo(new Fault(kind, failingAttempts));
    }

    @Test
    void shouldDependOnTheIdAndTheRateAlone() {
        // Given
        SimulatedFaults first = new SimulatedFaults(0.5);
        SimulatedFaults second = new SimulatedFaults(0.5);

        // When
        List<Fault> forwards = NUMBERS.stream().map(first::of).toList();
        List<Fault> again = NUMBERS.stream().map(id -> second.of(new String(id.toCharArray()))).toList();

        // Then
        assertThat(again).isEqualTo(forwards);
        assertThat(first.of(NUMBERS.get(7))).isEqualTo(forwards.get(7));
    }

    @ParameterizedTest
    @ValueSource(doubles = { 0, 0.1, 0.5, 1 })
    void shouldFailTheShareThatIsSetHalfOfItTransientAndHalfPoison(double rate) {
        assertShares(NUMBERS, rate);
        assertShares(uuids(), rate);
    }

    private static void assertShares(List<String> ids, double rate) {
        // Given
        SimulatedFaults faults = new SimulatedFaults(rate);

        // When
        Map<Kind, Long> counts = count(ids, id -> faults.of(id).kind());

        // Then
        long tolerance = rate == 0 ? 0 : deviations(rate / 2);
        assertThat(counts.getOrDefault(Kind.TRANSIENT, 0L)).isCloseTo(Math.round(IDS * rate / 2), within(tolerance));
        assertThat(counts.getOrDefault(Kind.POISON, 0L)).isCloseTo(Math.round(IDS * rate / 2), within(tolerance));
        if (rate == 1) {
            assertThat(counts).doesNotContainKey(Kind.NONE);
        }
    }

    @Test
    void shouldLetOneToFiveAttemptsFailAboutEquallyOften() {
        // When
        Map<Integer, Long> counts = NUMBERS.stream().map(ALL_FAIL::of).filter(fault -> fault.kind() == Kind.TRANSIENT)
                .collect(Collectors.groupingBy(Fault::failingAttempts, Collectors.counting()));

        // Then
        assertThat(counts).containsOnlyKeys(1, 2, 3, 4, 5);
        assertThat(counts.values()).allSatisfy(
                count -> assertThat(count).isCloseTo(IDS / 10, within(deviations(0.1))));
    }

    @Test
    void shouldLetNoAttemptFailForAReasonThatIsNotTransient() {
        assertThat(NUMBERS.stream().map(new SimulatedFaults(0.5)::of).filter(fault -> fault.kind() != Kind.TRANSIENT))
                .extracting(Fault::failingAttempts).containsOnly(0);
    }

    @Test
    void shouldSpreadFaultsOverNeighbouringNumbers() {
        // Given
        SimulatedFaults faults = new SimulatedFaults(0.1);
        boolean[] fails = new boolean[IDS];
        NUMBERS.forEach(id -> fails[Integer.parseInt(id)] = faults.of(id).kind() != Kind.NONE);

        // When
        int[] failuresOfThousands = new int[IDS / 1_000];
        int pairs = 0;
        for (int i = 0; i < IDS; i++) {
            failuresOfThousands[i / 1_000] += fails[i] ? 1 : 0;
            pairs += fails[i] && i > 0 && fails[i - 1] ? 1 : 0;
        }

        // Then
        assertThat(Arrays.stream(failuresOfThousands).boxed()).allSatisfy(failures -> assertThat(failures).isBetween(55, 145));
        assertThat((long) pairs).as("failing numbers next to each other").isCloseTo(IDS / 100, within(deviations(0.01)));
    }

    @Test
    void shouldKeepOrdersFailingWhenTheRateRises() {
        // Given
        SimulatedFaults more = new SimulatedFaults(0.2);

        // Then
        assertThat(NUMBERS.stream().filter(id -> new SimulatedFaults(0.1).of(id).kind() != Kind.NONE))
                .isNotEmpty().allMatch(id -> more.of(id).kind() != Kind.NONE);
    }

    @Test
    void shouldKnowWithinHowManyAttemptsAnOrderIsProcessed() {
        assertThat(new Fault(Kind.NONE, 0).isProcessedWithin(1)).isTrue();
        assertThat(new Fault(Kind.POISON, 0).isProcessedWithin(Integer.MAX_VALUE)).isFalse();
        assertThat(new Fault(Kind.TRANSIENT, 3).isProcessedWithin(3)).isFalse();
        assertThat(new Fault(Kind.TRANSIENT, 3).isProcessedWithin(4)).isTrue();
    }

    @Test
    void shouldForetellWhatTheSimulatedHandlerDoes() {
        // Given
        OrderHandler handler = new SimulatedOrderHandler(settings(0.5));
        SimulatedFaults faults = new SimulatedFaults(0.5);

        for (String id : NUMBERS.subList(0, 2_000)) {
            for (int attempts = 1; attempts <= 7; attempts++) {
                // When
                boolean isProcessed = IntStream.rangeClosed(1, attempts).anyMatch(attempt -> succeeds(handler, id, attempt));

                // Then
                assertThat(faults.of(id).isProcessedWithin(attempts)).as("order %s within %d attempts", id, attempts)
                        .isEqualTo(isProcessed);
            }
        }
    }

    @Test
    void shouldFailAsManyAsItIsToldFromTheNextAttemptOn() {
        // Given
        SimulatedOrderHandler handler = new SimulatedOrderHandler(settings(0.5));
        String failing = NUMBERS.stream().filter(id -> new SimulatedFaults(0.5).of(id).kind() == Kind.TRANSIENT).findFirst()
                .orElseThrow();
        assertThat(succeeds(handler, failing, 1)).isFalse();

        // When
        handler.errorRate(0);

        // Then
        assertThat(handler.errorRate()).isZero();
        assertThat(succeeds(handler, failing, 1)).isTrue();
    }

    private static boolean succeeds(OrderHandler handler, String id, int attempt) {
        Throwable failure = handler.handle(new Attempt(new Order(id, "Laptop", 1f), attempt, 0)).onItemOrFailure()
                .transform((done, thrown) -> thrown).await().indefinitely();
        boolean isPoison = failure instanceof PoisonOrderException;
        assertThat(isPoison).as("order %s", id).isEqualTo(new SimulatedFaults(0.5).of(id).kind() == Kind.POISON);
        return failure == null;
    }

    private static OrderSettings settings(double rate) {
        return new SmallRyeConfigBuilder().addDiscoveredConverters().withMapping(OrderSettings.class)
                .withDefaultValue("orderstream.orders.error-simulation-rate", Double.toString(rate)).build()
                .getConfigMapping(OrderSettings.class);
    }

    private static List<String> uuids() {
        Random random = new Random(4711);
        return IntStream.range(0, IDS).mapToObj(i -> new UUID(random.nextLong(), random.nextLong()).toString()).toList();
    }

    private static <K> Map<K, Long> count(List<String> ids, Function<String, K> property) {
        return ids.stream().collect(Collectors.groupingBy(property, Collectors.counting()));
    }

    /** Four standard deviations of how many of the ids have a property of this probability. */
    private static long deviations(double probability) {
        return Math.round(4 * Math.sqrt(IDS * probability * (1 - probability)));
    }
}
