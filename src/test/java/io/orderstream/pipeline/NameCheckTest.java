package io.orderstream.pipeline;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.orderstream.Settings;
import io.orderstream.deadletter.DeadLetterSettings;
import io.orderstream.kafka.KafkaSettings;
import io.orderstream.settings.DerivedSettings;
import io.orderstream.settings.InvalidSettingException;
import io.orderstream.settings.LiteralValues;
import io.orderstream.totals.RunningTotals;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;

/** The pipelines as application.properties has them, and payments, which a user has added. */
class NameCheckTest {

    private static final String OWN = "mp.messaging.incoming.payments-in.";

    private final Map<String, String> environment = new HashMap<>();
    private final Map<String, String> own = new HashMap<>(Map.of(OWN + "connector", "smallrye-kafka", OWN + "topic", "payments",
            OWN + "group.id", "payments", OWN + "failure-strategy", "dead-letter-queue", OWN + "dead-letter-queue.topic",
            "payments-dlq"));

    @Test
    void shouldTakeTheDefaults() {
        assertThatNoException().isThrownBy(this::check);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ORDERS_DLQ_TOPIC      | orders          | ORDERS_DLQ_TOPIC must name another topic than ORDERS_TOPIC, but both are 'orders'.
            ORDERS_RETRY_TOPIC    | orders          | ORDERS_RETRY_TOPIC must name another topic than ORDERS_TOPIC, but both are 'orders'.
            ORDERS_RETRY_TOPIC    | orders-dlq      | ORDERS_RETRY_TOPIC must name another topic than ORDERS_DLQ_TOPIC, but both are 'orders-dlq'.
            ORDERS_TOPIC          | events          | ORDERS_TOPIC must name another topic than EVENTS_TOPIC, but both are 'events'.
            EVENTS_DLQ_TOPIC      | item-orders     | ITEM_ORDERS_TOPIC must name another topic than EVENTS_DLQ_TOPIC, but both are 'item-orders'.
            EVENTS_TOPIC          | orders-retry    | ORDERS_RETRY_TOPIC must name another topic than EVENTS_TOPIC, but both are 'orders-retry'.
            ITEM_ORDERS_DLQ_TOPIC | item-orders     | ITEM_ORDERS_DLQ_TOPIC must name another topic than ITEM_ORDERS_TOPIC, but both are 'item-orders'.
            REDRIVE_TOPIC         | orders-dlq      | REDRIVE_TOPIC must name another topic than ORDERS_DLQ_TOPIC, but both are 'orders-dlq'.
            REDRIVE_TOPIC         | payments        | REDRIVE_TOPIC must name another topic than mp.messaging.incoming.payments-in.topic, but both are 'payments'.
            DLQ_TOPICS            | other, orders   | DLQ_TOPICS must name another topic than ORDERS_TOPIC, but both are 'orders'.
            DLQ_TOPICS            | redrive-jobs    | DLQ_TOPICS must name another topic than REDRIVE_TOPIC, but both are 'redrive-jobs'.
            EVENTS_DLQ_TOPIC      | payments        | mp.messaging.incoming.payments-in.topic must name another topic than EVENTS_DLQ_TOPIC, but both are 'payments'.
            EVENTS_GROUP_ID       | order-tracker   | TRACKER_GROUP_ID must name another group than EVENTS_GROUP_ID, but both are 'order-tracker'.
            CONSUMER_GROUP_ID     | payments        | mp.messaging.incoming.payments-in.group.id must name another group than CONSUMER_GROUP_ID, but both are 'payments'.
            EVENTS_GROUP_ID       | order-processor-group-retry   | CONSUMER_GROUP_ID with '-retry' must name another group than EVENTS_GROUP_ID, but both are 'order-processor-group-retry'.
            TRACKER_GROUP_ID      | order-processor-group-redrive | CONSUMER_GROUP_ID with '-redrive' must name another group than TRACKER_GROUP_ID, but both are 'order-processor-group-redrive'.
            """)
    void shouldSayInOneSentenceWhichNamesMustDiffer(String setting, String value, String sentence) {
        // Given
        environment.put(setting, value);

        // Then
        assertRefused(sentence);
    }

    /** A broker does not create the second of them. */
    @Test
    void shouldRefuseNamesThatDifferInPeriodAndUnderscoreOnly() {
        // Given
        environment.putAll(Map.of("ORDERS_TOPIC", "shop.orders", "ORDERS_DLQ_TOPIC", "shop_orders"));

        // Then
        assertRefused("ORDERS_DLQ_TOPIC must differ from ORDERS_TOPIC in more than '.' and '_', but they are 'shop_orders' and "
                + "'shop.orders'.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            topic                   | orders                | ORDERS_TOPIC, but both are 'orders'.
            topic                   | events-dlq            | EVENTS_DLQ_TOPIC, but both are 'events-dlq'.
            dead-letter-queue.topic | payments              | mp.messaging.incoming.payments-in.topic, but both are 'payments'.
            dead-letter-queue.topic | orders-retry          | ORDERS_RETRY_TOPIC, but both are 'orders-retry'.
            group.id                | order-processor-group | CONSUMER_GROUP_ID, but both are 'order-processor-group'.
            """)
    void shouldHoldPipelinesOfAUsersOwnAgainstTheOthers(String attribute, String value, String end) {
        // Given
        own.put(OWN + attribute, value);

        // Then
        assertRefused(OWN + attribute + " must name another ", end);
    }

    @Test
    void shouldLetPipelinesHaveTheirDeadLettersInOneTopic() {
        // Given
        environment.putAll(
                Map.of("ORDERS_DLQ_TOPIC", "all-dlq", "EVENTS_DLQ_TOPIC", "all-dlq", "DLQ_TOPICS", "all-dlq,more,more"));

        // Then
        assertThatNoException().isThrownBy(this::check);
    }

    @Test
    void shouldNotMindWhatIsSwitchedOff() {
        // Given
        environment.putAll(
                Map.of("EVENTS_TOPIC", "orders", "EVENTS_GROUP_ID", "order-processor-group", "EVENTS_ENABLED", "false"));

        // Then
        assertThatNoException().isThrownBy(this::check);
    }

    @Test
    void shouldRefuseARetentionThatIsOverBeforeTheRetry() {
        // Given
        environment.putAll(Map.of("RETRY_MODE", "topic", "RETRY_BACKOFF_SECONDS", "30", "TOPIC_RETENTION", "2m"));

        // Then
        assertRefused(
                "TOPIC_RETENTION must be longer than the longest wait for a retry, since RETRY_MODE is 'topic', but is 120 s, "
                        + "and MAX_RETRIES and RETRY_BACKOFF_SECONDS make that 120 s.");

        // When
        environment.put("RETRY_MODE", "in-place");

        // Then
        assertThatNoException().isThrownBy(this::check);
    }

    private void assertRefused(String... words) {
        assertThatExceptionOfType(InvalidSettingException.class).isThrownBy(this::check).withMessageContainingAll(words);
    }

    private void check() throws IOException {
        SmallRyeConfig config = config();
        new NameCheck(config, config.getConfigMapping(PipelineSettings.class),
                config.getConfigMapping(DeadLetterSettings.class),
                config.getConfigMapping(KafkaSettings.class)).check(
                        Stream.of("events", "item-orders", "orders", "payments")
                                .filter(name -> ChannelConfig.isEnabled(config, name + "-in"))
                                .map(name -> pipeline(config, name)).toList());
    }

    private SmallRyeConfig config() throws IOException {
        SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder().addDefaultInterceptors().addDiscoveredConverters()
                .withInterceptors(new Settings(), new DerivedSettings(), new LiteralValues()).withSources(
                        new EnvConfigSource(environment, 300), new PropertiesConfigSource(own, "own", 110),
                        new PropertiesConfigSource(Path.of("src/main/resources/application.properties").toUri().toURL(), 100));
        Settings.mappings().forEach(builder::withMapping);
        return builder.build();
    }

    private static RunningPipeline pipeline(SmallRyeConfig config, String name) {
        Stream<ChannelConfig> retried = ChannelConfig.isConfigured(config, name + "-retry-in")
                ? Stream.of(ChannelConfig.read(config, name + "-retry-in", OriginDeadLetterQueue.STRATEGY))
                : Stream.empty();
        List<ChannelPipeline<?>> channels = Stream
                .concat(Stream.of(ChannelConfig.read(config, name + "-in", "dead-letter-queue")), retried)
                .<ChannelPipeline<?>> map(channel -> new ChannelPipeline<>(channel, null, null, null)).toList();
        return new RunningPipeline(name, true, new RunningTotals(), 0, null, channels);
    }
}
