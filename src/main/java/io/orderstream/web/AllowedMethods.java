package io.orderstream.web;

import java.util.ArrayList;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

import jakarta.ws.rs.HttpMethod;

import org.jboss.resteasy.reactive.server.core.CurrentRequestManager;
import org.jboss.resteasy.reactive.server.core.ResteasyReactiveRequestContext;
import org.jboss.resteasy.reactive.server.handlers.ClassRoutingHandler;
import org.jboss.resteasy.reactive.server.handlers.RestInitialHandler.InitialMatch;
import org.jboss.resteasy.reactive.server.mapping.RequestMapper;

/**
 * Finds the methods that there are at a path of the API. RESTEasy 3.30 answers 405 without them, and for OPTIONS with those of
 * all paths of a class.
 */
public final class AllowedMethods {

    private AllowedMethods() {
    }

    /** Returns the methods at the path of the current request, in alphabetical order. */
    public static SortedSet<String> here() {
        ResteasyReactiveRequestContext request = CurrentRequestManager.get();
        String path = request.getPathWithoutPrefix();
        RequestMapper<InitialMatch> classes = new RequestMapper<>(new ArrayList<>(request.getDeployment().getClassMappers()));
        SortedSet<String> methods = new TreeSet<>();
        methods.add(HttpMethod.OPTIONS);
        for (RequestMapper.RequestMatch<InitialMatch> match = classes.map(path); match != null; match = classes
                .continueMatching(path, match)) {
            String remaining = match.remaining.isEmpty() ? "/" : match.remaining;
            Stream.of(match.value.handlers).filter(ClassRoutingHandler.class::isInstance).map(ClassRoutingHandler.class::cast)
                    .flatMap(handler -> handler.getMappers().entrySet().stream())
                    .filter(method -> method.getKey() != null && method.getValue().map(remaining) != null)
                    .map(Map.Entry::getKey).forEach(methods::add);
        }
        if (methods.contains(HttpMethod.GET)) {
            methods.add(HttpMethod.HEAD);
        }
        return methods;
    }
}
