package io.orderstream.api;

import java.time.Instant;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

import io.quarkus.runtime.LaunchMode;

/** REST resource that says what is running here. */
@Path("/api/application")
@Tag(name = "Application")
public class ApplicationResource {

    private final About about;

    /**
     * What is running.
     *
     * @param devMode whether it can be tried out at {@code /api/dev}
     * @param startedAt when this instance was started
     */
    public record About(String name, String version, boolean devMode, Instant startedAt) {
    }

    ApplicationResource(@ConfigProperty(name = "quarkus.application.name") String name,
            @ConfigProperty(name = "quarkus.application.version") String version) {
        this.about = new About(name, version, LaunchMode.current() == LaunchMode.DEVELOPMENT, Instant.now());
    }

    @GET
    @Operation(summary = "Name and version of the application, and whether it runs in dev mode")
    public About about() {
        return about;
    }
}
