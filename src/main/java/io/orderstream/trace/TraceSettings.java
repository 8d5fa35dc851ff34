package io.orderstream.trace;

import java.net.URI;
import java.util.Optional;

import io.orderstream.settings.Setting;
import io.orderstream.settings.SettingRule.Kind;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings of tracing; those of the exporter have the names of OpenTelemetry's own environment variables. */
@ConfigMapping(prefix = "orderstream.tracing")
public interface TraceSettings {

    @Setting(env = "TRACING_ENABLED", doc = "Whether OpenTelemetry follows each record, and each request over HTTP.")
    @WithDefault("false")
    boolean enabled();

    @Setting(env = "OTEL_EXPORTER_OTLP_ENDPOINT", doc = "Where spans are sent if TRACING_ENABLED.")
    @WithDefault("http://localhost:4317")
    URI endpoint();

    @Setting(env = "OTEL_EXPORTER_OTLP_PROTOCOL", doc = "How: grpc, usually to port 4317, or http/protobuf, usually to port 4318.", choices = {
            "grpc", "http/protobuf" })
    @WithDefault("grpc")
    String protocol();

    @Setting(env = "OTEL_EXPORTER_OTLP_HEADERS", doc = "Headers of these requests, as name=value, separated by commas.", text = Kind.ENTRIES, secret = true)
    Optional<String> headers();

    @Setting(env = "OTEL_TRACES_SAMPLER_ARG", doc = "Share of traces that are kept; whoever begins a trace decides for all of it.", min = "0", max = "1")
    @WithDefault("1")
    double sampledShare();
}
