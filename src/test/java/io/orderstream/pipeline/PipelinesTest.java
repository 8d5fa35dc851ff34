package io.orderstream.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.orderstream.kafka.RequiredTopics.Purpose;
import io.orderstream.kafka.RequiredTopics.Topic;
import io.orderstream.record.Decoder;
import io.orderstream.record.Delivery;
import io.orderstream.totals.RunningTotals;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.mutiny.Uni;

class PipelinesTest {

    private static final PipelineSettings SETTINGS = new SmallRyeConfigBuilder().addDiscoveredConverters()
            .withMapping(PipelineSettings.class).build().getConfigMapping(PipelineSettings.class);

    private record Named(String name, boolean isOn) implements PipelineDefinition<String> {

        @Override
        public Decoder<String> decoder() {
            return String::new;
        }

        @Override
        public Uni<Void> handle(Delivery<String> record) {
            return Uni.createFrom().voidItem();
        }
    }

    /** Makes pipelines with a retry topic, without anything they run on. */
    private static class Factory extends PipelineFactory {

        Factory() {
            super(null, null, null, null, null, null, null, null, null, null, null, null, null, null);
        }

        @Override
        <T> RunningPipeline make(PipelineDefinition<T> definition) {
            String name = definition.name();
            return new RunningPipeline(name, ((Named) definition).isOn(), new RunningTotals(), 7, null,
                    List.of(channel(name + "-in", name), channel(name + "-retry-in", name + "-retry")));
        }

        private static ChannelPipeline<?> channel(String channel, String topic) {
            return new ChannelPipeline<>(new ChannelConfig(channel, topic, "group", "all-dlq"), null, null, null);
        }
    }

    private static Pipelines of(PipelineDefinition<?>... definitions) {
        return new Pipelines(List.of(definitions), new Factory(), SETTINGS);
    }

    @Test
    void shouldAskForTheTopicsOfPipelinesThatAreSwitchedOn() {
        // When
        Pipelines pipelines = of(new Named("two", true), new Named("off", false), new Named("one", true));

        // Then
        assertThat(pipelines.running()).extracting(RunningPipeline::name).containsExactly("one", "two");
        assertThat(pipelines.topics()).containsExactlyInAnyOrder(new Topic("one", Purpose.RECORDS),
                new Topic("one-retry", Purpose.RECORDS), new Topic("two", Purpose.RECORDS),
                new Topic("two-retry", Purpose.RECORDS),
                new Topic("all-dlq", Purpose.DEAD_LETTERS, Set.of("one", "one-retry", "two", "two-retry")));
        assertThat(pipelines.named("off").isOn()).isFalse();
    }

    @Test
    void shouldCountARecordOfTheRetryTopicAsReceivedWhereItWasFirst() {
        // Given
        Pipelines pipelines = of(new Named("one", true));

        // Then
        assertThat(pipelines.counting("one-in").isReceived()).isTrue();
        assertThat(pipelines.counting("one-retry-in").isReceived()).isFalse();
        assertThat(pipelines.counting("one-in").totals()).isSameAs(pipelines.counting("one-retry-in").totals());
        assertThat(pipelines.counting("one-in").namesLength()).isEqualTo(7);
    }

    @Test
    void shouldSayThatAChannelIsOfNoPipeline() {
        assertThatThrownBy(() -> of(new Named("one", true)).counting("other-in")).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("The channel 'other-in' is of no pipeline");
        assertThatThrownBy(() -> of(new Named("one", true)).named("other")).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("There is no pipeline 'other', only [one].");
    }

    @Test
    void shouldNotHaveTwoPipelinesOfOneName() {
        assertThatThrownBy(() -> of(new Named("one", true), new Named("one", false)))
                .isInstanceOf(ConfigurationException.class).hasMessage("Two pipelines have the name 'one'.");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = { "", "Payments", "pay ments", "-payments", "payments-", "pay--ments", "1payments", "zahlungen\n" })
    void shouldRefuseANameThatIsNone(String name) {
        // Given
        PipelineFactory factory = new PipelineFactory(null, null, null, null, null, null, null, null, null, null, null, null,
                null, null);

        // Then
        assertThatThrownBy(() -> factory.make(new Named(name, true))).isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("The name of a pipeline must be lower-case letters, digits and hyphens");
    }
}
