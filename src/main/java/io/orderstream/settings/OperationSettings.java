package io.orderstream.settings;

import java.time.Duration;
import java.util.Optional;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings for those who operate it. */
@ConfigMapping(prefix = "orderstream.operation")
public interface OperationSettings {

    /** Levels of the application's own log, most talkative first. */
    enum LogLevel {
        TRACE,
        DEBUG,
        INFO,
        WARN,
        ERROR
    }

    /** Forms of the log. */
    enum LogFormat {
        /** For people. */
        PLAIN,
        /** An object a line, for programs. */
        JSON
    }

    @Setting(env = "HTTP_PORT", doc = "Port of the REST API.", min = "0", max = "65535")
    @WithDefault("8080")
    int httpPort();

    @Setting(env = "METRICS_PORT", doc = "Port of health and metrics in production; dev mode serves them on the port of the REST API.", min = "0", max = "65535")
    @WithDefault("9000")
    int metricsPort();

    @Setting(env = "LAG_MONITOR_INTERVAL", doc = "Time between two looks at consumer lag and at the totals of the groups, for the metrics.", min = "1s", max = "1h")
    @WithDefault("15s")
    Duration lagMonitorInterval();

    @Setting(env = "OPERATOR_USER", doc = "User who may redrive dead letters, by HTTP basic authentication; without it nobody may, dev mode excepted.")
    Optional<String> operatorUser();

    @Setting(env = "OPERATOR_PASSWORD", doc = "Password of that user.")
    Optional<String> operatorPassword();

    @Setting(env = "LOG_LEVEL", doc = "Level of orderstream's own log; debug shows each record.")
    @WithDefault("info")
    LogLevel logLevel();

    @Setting(env = "LOG_FORMAT", doc = "Form of the log: json is an object a line; json in production.")
    @WithDefault("plain")
    LogFormat logFormat();
}
