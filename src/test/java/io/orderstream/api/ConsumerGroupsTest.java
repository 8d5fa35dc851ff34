package io.orderstream.api;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberAssignment;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.orderstream.api.ConsumerGroupView.Member;
import io.orderstream.dev.EmbeddedKafka;
import io.orderstream.kafka.OffsetGaps;
import io.orderstream.kafka.PartitionLag;
import io.orderstream.pipeline.RunningPipeline.Source;
import io.orderstream.testsupport.NastyTexts;
import io.orderstream.testsupport.TopicClient;
import io.orderstream.totals.GroupTotals;

/** What is said of groups, against a broker. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsumerGroupsTest {

    private static final Duration POLL = Duration.ofMillis(100);

    private final List<Consumer<byte[], byte[]>> members = new ArrayList<>();
    private EmbeddedKafka kafka;
    private TopicClient topics;
    private Admin admin;
    private Source source;

    @BeforeAll
    void startBroker(@TempDir Path directory) {
        kafka = new EmbeddedKafka(0, directory).start();
        topics = new TopicClient(kafka.bootstrapServers());
        admin = topics.admin();
    }

    @AfterAll
    void stop() {
        admin.close();
        topics.close();
        kafka.close();
    }

    @BeforeEach
    void makeTopic() {
        String run = UUID.randomUUID().toString();
        source = new Source("topic-" + run, "group-" + run, "dlq");
        topics.create(source.topic(), 3);
    }

    @AfterEach
    void leave() {
        members.forEach(Consumer::close);
        members.clear();
    }

    @ParameterizedTest
    @ValueSource(strings = { "classic", "consumer" })
    void shouldShowWhoHasWhichPartitionsAndHowFarTheyAreBehind(String protocol) throws Exception {
        // Given
        Consumer<byte[], byte[]> first = join(protocol, source.topic());
        Consumer<byte[], byte[]> second = join(protocol, source.topic());
        IntStream.range(0, 3).forEach(partition -> topics.send(IntStream.range(0, 10)
                .mapToObj(n -> new ProducerRecord<byte[], byte[]>(source.topic(), partition, null, new byte[1])).toList()));

        // When
        awaitAssignment();
        first.commitSync(Map.of(first.assignment().iterator().next(), new OffsetAndMetadata(4)));
        admin.deleteRecords(Map.of(second.assignment().iterator().next(), RecordsToDelete.beforeOffset(3))).all().get();

        // Then
        ConsumerGroupView group = look(Set.of(second.groupMetadata().memberId()));
        assertThat(group).extracting(ConsumerGroupView::pipeline, ConsumerGroupView::group, ConsumerGroupView::topic,
                ConsumerGroupView::state, ConsumerGroupView::memberCount)
                .containsExactly("orders", source.group(), source.topic(), "stable", 2);
        assertThat(group.members()).containsExactly(
                new Member(second.groupMetadata().memberId(), "127.0.0.1", true, partitions(second),
                        10L * partitions(second).size() - 3),
                new Member(first.groupMetadata().memberId(), "127.0.0.1", false, partitions(first),
                        10L * partitions(first).size() - 4));
    }

    @Test
    void shouldLeaveOutTheOtherTopicsOfAMember() {
        // Given
        String other = source.topic() + "-other";
        topics.create(other, 1);

        // When
        join("classic", source.topic(), other);
        awaitAssignment();

        // Then
        assertThat(look(Set.of()).members()).singleElement()
                .satisfies(member -> assertThat(member.partitions()).containsExactly(0, 1, 2));
    }

    @Test
    void shouldShowAGroupThatNobodyHasJoinedAsEmpty() {
        assertThat(look(Set.of()))
                .isEqualTo(new ConsumerGroupView("orders", source.group(), source.topic(), "empty", List.of(), 0));
    }

    @Test
    void shouldBoundWhatOthersCallThemselvesAndHowManyAreListed() {
        // Given
        List<MemberDescription> many = new ArrayList<>();
        NastyTexts.all().forEach(text -> many.add(member(text, List.of(new TopicPartition(source.topic(), many.size())))));
        IntStream.range(0, 200).forEach(number -> many.add(member("idle-" + number, List.of())));
        many.add(member("this", List.of()));
        ConsumerGroupDescription found = new ConsumerGroupDescription(source.group(), false, many, "", GroupType.CLASSIC,
                GroupState.PREPARING_REBALANCE, null, Set.of(), Optional.empty(), Optional.empty());
        Map<TopicPartition, PartitionLag> lags = new HashMap<>();
        many.forEach(member -> member.assignment().topicPartitions()
                .forEach(partition -> lags.put(partition, new PartitionLag(1, 0))));

        // When
        ConsumerGroupView group = ConsumerGroupView.of("orders", source, found, lags, Set.of("this"));

        // Then
        assertThat(group.state()).isEqualTo("preparing-rebalance");
        assertThat(group.memberCount()).isEqualTo(many.size());
        assertThat(group.members()).hasSize(100)
                .allSatisfy(member -> assertThat(NastyTexts.isSafe(member.id()) && NastyTexts.isSafe(member.host())).isTrue())
                .allSatisfy(member -> assertThat(member.id().length() + member.host().length()).isLessThanOrEqualTo(400))
                .first().satisfies(member -> assertThat(member.isThis()).isTrue());
    }

    private static MemberDescription member(String text, List<TopicPartition> partitions) {
        return new MemberDescription(text, Optional.empty(), text, text, new MemberAssignment(Set.copyOf(partitions)),
                Optional.empty(), Optional.empty(), Optional.empty());
    }

    private Consumer<byte[], byte[]> join(String protocol, String... read) {
        Consumer<byte[], byte[]> member = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "group.id", source.group(), "enable.auto.commit", "false",
                        "group.protocol", protocol, "client.id", "<b>" + members.size()),
                new ByteArrayDeserializer(), new ByteArrayDeserializer());
        member.subscribe(List.of(read));
        members.add(member);
        return member;
    }

    private void awaitAssignment() {
        await().atMost(PATIENCE).until(() -> {
            members.forEach(member -> member.poll(POLL));
            ConsumerGroupView group = look(Set.of());
            return group.state().equals("stable") && group.members().stream().noneMatch(member -> member.partitions().isEmpty())
                    && group.members().stream().mapToInt(member -> member.partitions().size()).sum() == 3
                    && group.members().size() == members.size()
                    && members.stream().noneMatch(member -> member.assignment().isEmpty());
        });
    }

    private ConsumerGroupView look(Set<String> own) {
        return ConsumerGroups.look(admin, new GroupTotals(admin, new OffsetGaps()), "orders", source, own).await()
                .atMost(PATIENCE);
    }

    private static List<Integer> partitions(Consumer<?, ?> member) {
        return member.assignment().stream().map(TopicPartition::partition).sorted().toList();
    }
}
