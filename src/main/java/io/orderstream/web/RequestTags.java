package io.orderstream.web;

import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;

import jakarta.inject.Singleton;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;

/**
 * Bounds the tags of Quarkus' metric {@code http.server.requests}, which takes any method as it comes, and for what it refuses
 * before a resource is found also the path. A client that makes them up could fill the memory, and displace what is measured
 * of the paths there are: beyond 100 of them Quarkus measures no further one.
 */
@Singleton
public class RequestTags implements MeterFilter {

    private static final String METER = "http.server.requests";
    private static final String METHOD = "method";
    private static final String URI = "uri";
    private static final String STATUS = "status";
    private static final String OTHER = "OTHER";
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
    /** Methods and statuses of which Quarkus gives the path as it was sent. */
    private static final Set<String> OF_ANY_PATH = Set.of("OPTIONS", OTHER, "400", "403", "405", "408", "413", "415", "421",
            "429", "503");

    /** The paths of the API that have no parameter. */
    static final Set<String> PATHS = Set.of("/api/application", "/api/dead-letters", "/api/dead-letters/redrive",
            "/api/dead-letters/summary", "/api/events", "/api/events/stats", "/api/instances", "/api/item-orders",
            "/api/orders/stats", "/api/pipelines", "/api/stream", "/api/tracker/stats");

    @Override
    public Meter.Id map(Meter.Id id) {
        if (!id.getName().equals(METER)) {
            return id;
        }
        String method = METHODS.contains(id.getTag(METHOD)) ? id.getTag(METHOD) : OTHER;
        boolean isOfAnyPath = OF_ANY_PATH.contains(method) || OF_ANY_PATH.contains(id.getTag(STATUS));
        List<Tag> tags = StreamSupport.stream(id.getTagsAsIterable().spliterator(), false).map(tag -> switch (tag.getKey()) {
            case METHOD -> Tag.of(METHOD, method);
            case URI -> isOfAnyPath && !isKnown(tag.getValue()) ? Tag.of(URI, OTHER) : tag;
            default -> tag;
        }).toList();
        return id.replaceTags(tags);
    }

    /** Including the names Quarkus uses instead of a path, and templates. */
    private static boolean isKnown(String uri) {
        return PATHS.contains(uri) || !uri.startsWith("/") || uri.indexOf('{') >= 0 && uri.startsWith("/api/");
    }
}
