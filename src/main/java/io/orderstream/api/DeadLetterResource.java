package io.orderstream.api;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

import io.orderstream.deadletter.DeadLetter;
import io.orderstream.deadletter.DeadLetterMonitor;
import io.orderstream.deadletter.DeadLetterSummary;
import io.orderstream.deadletter.IndexedDeadLetter;
import io.orderstream.deadletter.Origin;
import io.orderstream.deadletter.ReadValue;
import io.orderstream.deadletter.ValueReader;
import io.orderstream.order.Order;
import io.orderstream.order.OrderDecoder;
import io.orderstream.order.OrderSettings;
import io.orderstream.support.SharedAnswer;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Uni;

/**
 * REST resource that lists dead letters. They come from the monitor's memory, on a worker thread since there may be
 * many. Values are decoded on request; while the schema registry is unavailable they are returned as bytes only.
 */
@Path("/api/dead-letters")
@Tag(name = "Dead letters")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class DeadLetterResource {

    /** Timeout for fetching the schema of an order. Short, since an API call waits for it. */
    private static final Duration REGISTRY_TIMEOUT = Duration.ofSeconds(1);

    /** All dead letters are counted for it: pages that are open ask for it again and again, and share it. */
    private static final Duration SHARED = Duration.ofSeconds(1);

    private static final String SINCE = "Given up at this time or later, such as 2026-03-01T12:00:00Z, or how long ago, such as 15m";

    private final DeadLetterMonitor monitor;
    private final ValueReader values;
    private final OrderDecoder decoder;
    private final OrderSettings orders;
    private final SharedAnswer<DeadLetterSummaryView> summary;

    DeadLetterResource(DeadLetterMonitor monitor, ValueReader values, OrderDecoder decoder, OrderSettings orders) {
        this.monitor = monitor;
        this.values = values;
        this.decoder = decoder;
        this.orders = orders;
        this.summary = new SharedAnswer<>(SHARED, this::summarize);
    }

    /**
     * Returns the selected dead letters, newest first; see {@link DeadLetterQuery}. With {@code shape=record} only
     * those of orders, each as {@link OrderDeadLetterView} instead of {@link DeadLetterView}.
     */
    @GET
    @Operation(summary = "Dead letters, newest first")
    @Parameter(name = "topic", in = ParameterIn.QUERY, description = "The dead-letter topic, or that of the original record")
    @Parameter(name = "kind", in = ParameterIn.QUERY, description = "poison, exhausted, undecodable, undeliverable or unknown")
    @Parameter(name = "reason", in = ParameterIn.QUERY, description = "The reason; numbers and ids in it do not matter")
    @Parameter(name = "reasonGroup", in = ParameterIn.QUERY, description = "Id of a group of the summary")
    @Parameter(name = "key", in = ParameterIn.QUERY, description = "Key of the record, as text")
    @Parameter(name = "since", in = ParameterIn.QUERY, description = SINCE)
    @Parameter(name = "until", in = ParameterIn.QUERY, description = "Given up before this time, or longer ago")
    @Parameter(name = "status", in = ParameterIn.QUERY, description = "open, redriven or parked")
    @Parameter(name = "limit", in = ParameterIn.QUERY, description = "At most so many: from 1 to 1000, or 100", schema = @Schema(type = SchemaType.INTEGER))
    @Parameter(name = "shape", in = ParameterIn.QUERY, description = "record, for those of orders as flat records")
    @APIResponse(responseCode = "200", description = "The letters, in the shape that was asked for", content = @Content(schema = @Schema(anyOf = {
            DeadLetterView[].class, OrderDeadLetterView[].class })))
    public Uni<? extends List<?>> list(@Context UriInfo uri) {
        DeadLetterQuery query = DeadLetterQuery.of(uri.getQueryParameters(), Instant.now());
        return query.asRecords() ? all(ofOrders(query), this::orderView)
                : all(monitor.newestFirst(query.filter(), query.status()).limit(query.limit()).toList(), this::view);
    }

    /** Including those whose value cannot be decoded. */
    private List<IndexedDeadLetter> ofOrders(DeadLetterQuery query) {
        return monitor.newestFirst(query.filter(), query.status()).filter(entry -> isOfOrder(entry.letter()))
                .limit(query.limit()).toList();
    }

    private boolean isOfOrder(DeadLetter letter) {
        return letter.topic().equals(orders.dlqTopic()) || letter.origin() != null
                && List.of(orders.topic(), orders.retryTopic()).contains(letter.origin().topic());
    }

    /** Never fails; without the order's fields if the value cannot be decoded or the registry does not answer. */
    private Uni<OrderDeadLetterView> orderView(IndexedDeadLetter entry) {
        byte[] value = entry.value();
        Uni<Order> order = value == null || entry.isTruncated() ? Uni.createFrom().nullItem()
                : decoder.load(value).ifNoItem().after(REGISTRY_TIMEOUT).fail().map(loaded -> decoder.tryDecode(value))
                        .onFailure().recoverWithNull();
        return order.map(known -> OrderDeadLetterView.of(entry.letter(), known));
    }

    /** Returns counts, and groups by kind and reason, at most a second old. */
    @GET
    @Path("summary")
    @Operation(summary = "Counts of the dead letters, and their groups by kind and reason")
    public Uni<DeadLetterSummaryView> summary() {
        return summary.get();
    }

    private Uni<DeadLetterSummaryView> summarize() {
        DeadLetterSummary summary = monitor.summary();
        return all(summary.groups(), this::group).map(groups -> DeadLetterSummaryView.of(summary, groups));
    }

    private Uni<DeadLetterSummaryView.Group> group(DeadLetterSummary.Group group) {
        return group.sample() == null ? Uni.createFrom().item(DeadLetterSummaryView.Group.of(group, null))
                : view(group.sample()).map(sample -> DeadLetterSummaryView.Group.of(group, sample));
    }

    private Uni<DeadLetterView> view(IndexedDeadLetter entry) {
        Uni<ReadValue> read = entry.isTruncated() ? Uni.createFrom().nullItem() : values.read(entry.value(), topics(entry));
        return read.map(value -> DeadLetterView.of(entry, monitor.status(entry.letter()), value));
    }

    /** Topics whose subjects may have the value's schema: the original topic and the dead-letter topic. */
    private static List<String> topics(IndexedDeadLetter entry) {
        DeadLetter letter = entry.letter();
        return Stream.concat(Stream.ofNullable(letter.origin()).map(Origin::topic), Stream.of(letter.topic()))
                .toList();
    }

    private static <T, R> Uni<List<R>> all(List<T> items, Function<T, Uni<R>> toUni) {
        return items.isEmpty() ? Uni.createFrom().item(List.of())
                : Uni.join().all(items.stream().map(toUni).toList()).andFailFast();
    }
}
