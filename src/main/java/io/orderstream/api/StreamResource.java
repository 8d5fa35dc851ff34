package io.orderstream.api;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.ServiceUnavailableException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.orderstream.history.Histories;
import io.orderstream.history.History;
import io.orderstream.outage.Outage;
import io.orderstream.outage.OutageCause;
import io.orderstream.outage.Outages;
import io.orderstream.pipeline.PipelineSettings;
import io.orderstream.pipeline.Pipelines;
import io.orderstream.pipeline.RunningPipeline;
import io.orderstream.stream.OutageChange;
import io.orderstream.stream.StatusStream;
import io.orderstream.stream.StatusStream.Part;
import io.orderstream.support.Failures;
import io.orderstream.web.HttpSettings;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Multi;

/**
 * REST resource that streams server-sent events for dashboards. For the order pipeline {@code stats}, as {@code GET
 * /api/orders/stats}, every second; for each pipeline {@code tick} ({@link TickView}) every second and {@code activity}
 * ({@link ActivityView}) when it has changed; and in both {@code outage} for each current outage of any pipeline and whenever
 * one begins or ends. What a pipeline did before is in its history.
 */
@Path("/api")
@Tag(name = "Statistics")
public class StreamResource {

    private static final Logger LOG = Logger.getLogger(StreamResource.class);
    private static final Duration SECOND = Duration.ofSeconds(1);
    /** What changes faster is not seen. */
    private static final Duration LOOK = Duration.ofMillis(250);
    /** More than a client misses unless it connects anew. */
    private static final Duration LAST_STEPS = Duration.ofSeconds(10);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final StatsResource statistics;
    private final Pipelines pipelines;
    private final Histories histories;
    private final Outages outages;
    private final int mostAttempts;
    private final ObjectMapper json;
    private final int mostClients;
    private final StatusStream orders;
    private final Map<String, StatusStream> streams;

    StreamResource(StatsResource statistics, Pipelines pipelines, PipelineSettings settings, Histories histories,
            Outages outages, HttpSettings http, ObjectMapper json) {
        this.statistics = statistics;
        this.pipelines = pipelines;
        this.histories = histories;
        this.outages = outages;
        this.mostAttempts = settings.maxRetries() + 1;
        this.mostClients = http.maxStreamClients();
        this.json = json;
        this.orders = new StatusStream(
                List.of(new Part<>("stats", SECOND, false, statistics::orders, Function.identity())), outages,
                outage -> null, this::toJson);
        this.streams = pipelines.running().stream()
                .collect(Collectors.toUnmodifiableMap(RunningPipeline::name, this::streamOf));
    }

    private StatusStream streamOf(RunningPipeline pipeline) {
        return new StatusStream(
                List.of(new Part<>("tick", SECOND, false, () -> statistics.figures(pipeline),
                        figures -> TickView.of(figures, histories.of(pipeline.name()).last(LAST_STEPS).steps())),
                        new Part<>("activity", LOOK, true, pipeline::activity,
                                activity -> ActivityView.of(activity, mostAttempts, System.nanoTime()))),
                outages, this::nextProbe, this::toJson);
    }

    /** Registry and broker are not probed by the pipeline. */
    private Instant nextProbe(Outage outage) {
        return outage.cause() == OutageCause.DEPENDENCY ? pipelines.named(outage.pipeline()).nextProbe() : null;
    }

    @GET
    @Path("stream")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @Operation(summary = "Statistics of the orders each second, and each outage that begins or ends, as server-sent events")
    @APIResponse(responseCode = "503", description = "Too many streams are open")
    @APIResponse(responseCode = "200", description = "Events stats, whose data is OrderStats, and outage, whose data is OutageChange", content = @Content(mediaType = MediaType.SERVER_SENT_EVENTS, schema = @Schema(anyOf = {
            OrderStats.class, OutageChange.class })))
    public Multi<OutboundSseEvent> events(@Context Sse sse) {
        return sent(orders, sse);
    }

    /** What the pipeline does in this instance. */
    @GET
    @Path("pipelines/{name}/stream")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @Operation(summary = "What a pipeline of this instance does, and each outage that begins or ends, as server-sent events")
    @APIResponse(responseCode = "503", description = "Too many streams are open")
    @APIResponse(responseCode = "200", description = "Events tick, whose data is TickView, activity, whose data is ActivityView, and outage, whose data is OutageChange", content = @Content(mediaType = MediaType.SERVER_SENT_EVENTS, schema = @Schema(anyOf = {
            TickView.class, ActivityView.class, OutageChange.class })))
    public Multi<OutboundSseEvent> events(@Parameter(description = "Name of the pipeline") @RestPath String name,
            @Context Sse sse) {
        return sent(streams.get(statistics.running(name).name()), sse);
    }

    /**
     * What the pipeline did in this instance.
     *
     * @param range how far back: {@code 1m}, which is the default, {@code 15m}, or {@code all} since the start
     */
    @GET
    @Path("pipelines/{name}/history")
    @Operation(summary = "What a pipeline of this instance did since its start")
    public HistoryView history(@Parameter(description = "Name of the pipeline") @RestPath String name,
            @Parameter(description = "How far back: 1m, which is the default, 15m, or all since the start") @RestQuery String range) {
        String pipeline = statistics.running(name).name();
        return HistoryView.of(pipeline, steps(histories.of(pipeline), range), histories.outages(pipeline), outages.now());
    }

    static History.Steps steps(History history, String range) {
        return switch (range == null || range.isBlank() ? "1m" : range) {
            case "1m" -> history.last(MINUTE);
            case "15m" -> history.last(History.RECENT);
            case "all" -> history.all();
            default -> throw new InvalidInputException("range", "one of 1m, 15m, all", range);
        };
    }

    private Multi<OutboundSseEvent> sent(StatusStream stream, Sse sse) {
        // As many more as there are event loops, if they come at the same moment: they are counted when they begin to listen.
        if (orders.clients() + streams.values().stream().mapToInt(StatusStream::clients).sum() >= mostClients) {
            throw new ServiceUnavailableException(FailureAnswers.answerForNow(
                    mostClients + " event streams are open already, see MAX_STREAM_CLIENTS").build());
        }
        // A stream that fails would be left open without an event: RESTEasy 3.30 neither ends nor closes it.
        return stream.events().map(event -> sse.newEventBuilder().name(event.name()).data(event.json()).build())
                .onFailure().invoke(failure -> LOG.errorf(failure, "stream ended: reason=\"%s\"", Failures.reason(failure)))
                .onFailure().recoverWithCompletion();
    }

    /** For dev mode, where connections outlive a live reload; in production the server has closed them before. */
    void end(@Observes ShutdownEvent event) {
        orders.end();
        streams.values().forEach(StatusStream::end);
    }

    private String toJson(Object value) {
        try {
            return json.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
