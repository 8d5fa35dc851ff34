package io.orderstream.fulfilment;

import static io.orderstream.testsupport.FulfilmentServer.Reply.of;
import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import jakarta.inject.Inject;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

import io.orderstream.order.OrderFormat;
import io.orderstream.order.OrderSettings;
import io.orderstream.order.OrderTraffic;
import io.orderstream.outage.Outage;
import io.orderstream.outage.OutageCause;
import io.orderstream.outage.Outages;
import io.orderstream.testsupport.FulfilmentServer;
import io.orderstream.testsupport.FulfilmentServer.Call;
import io.orderstream.testsupport.FulfilmentServer.Reply;
import io.orderstream.testsupport.Lag;
import io.orderstream.testsupport.OrderApp;
import io.orderstream.testsupport.TopicClient;
import io.quarkus.test.common.http.TestHTTPResource;

/** What a test of the pipeline with an endpoint for its orders works with. */
abstract class FulfilmentFixture {

    static final Function<Call, Reply> WELL = call -> of(200);

    TopicClient topics;
    FulfilmentServer endpoint;

    @TestHTTPResource
    String url;

    @Inject
    OrderSettings settings;

    @Inject
    OrderFormat format;

    @Inject
    Outages outages;

    OrderApp app;
    OrderTraffic traffic;
    long processedBefore;

    @BeforeEach
    void connect() {
        app = new OrderApp(url);
        traffic = new OrderTraffic(topics, settings, format);
        endpoint.answer(WELL);
        processedBefore = processed();
    }

    @AfterEach
    void leaveNoOutageBehind() {
        endpoint.answer(WELL);
        send(orders("after", 2 * PostedOrders.MAX_IN_FLIGHT));
        await().atMost(PATIENCE).until(() -> outages.now().isEmpty() && Lag.isNone(app.stats())
                && app.finished() == app.stats().get("received").asLong());
    }

    /** Calls up to now for the same order. */
    int callsLike(Call call) {
        return (int) endpoint.calls().stream().filter(other -> other.body().equals(call.body())).count();
    }

    static List<String> orders(String name, int number) {
        String run = name + "-" + UUID.randomUUID();
        return IntStream.range(0, number).mapToObj(each -> run + "-" + each).toList();
    }

    List<String> send(List<String> orderIds) {
        topics.send(orderIds.stream()
                .map(id -> new ProducerRecord<>(settings.topic(), OrderTraffic.key(id), traffic.encode(id))).toList());
        return orderIds;
    }

    long processed() {
        return app.stats().get("processed").asLong();
    }

    void awaitProcessed(int orders) {
        await().atMost(PATIENCE).until(() -> processed() == processedBefore + orders);
    }

    void awaitOutage(String reason) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(outagesOfTheEndpoint()).singleElement()
                .satisfies(outage -> assertThat(outage.reason()).startsWith(reason)));
    }

    /** A machine that stands still looks like a broker that is away: that is no outage here. */
    List<Outage> outagesOfTheEndpoint() {
        return outages.now().stream().filter(outage -> outage.cause() != OutageCause.BROKER).toList();
    }

    List<ConsumerRecord<byte[], byte[]>> letters(List<String> orderIds) {
        return orderIds.stream().flatMap(orderId -> traffic.deadLetters(orderId).stream()).toList();
    }

    static List<String> header(ConsumerRecord<byte[], byte[]> letter, String... names) {
        return Stream.of(names).map(name -> TopicClient.header(letter, "dead-letter-" + name)).toList();
    }
}
