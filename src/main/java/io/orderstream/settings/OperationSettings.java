package io.orderstream.settings;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings for operating the application: ports, access, logging and monitoring. */
@ConfigMapping(prefix = "orderstream.operation")
public interface OperationSettings {

    /** Log levels of the application's own categories. */
    enum LogLevel {
        TRACE,
        DEBUG,
        INFO,
        WARN,
        ERROR
    }

    /** Log formats. */
    enum LogFormat {
        /** One line of text per entry. */
        PLAIN,
        /** One JSON object per line. */
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

    @Setting(env = "OPERATOR_USER", doc = "User who may redrive dead letters, by HTTP basic authentication; without it nobody may, dev mode excepted.", with = "OPERATOR_PASSWORD")
    Optional<String> operatorUser();

    @Setting(env = "OPERATOR_PASSWORD", doc = "Password of that user.", with = "OPERATOR_USER", secret = true)
    Optional<String> operatorPassword();

    @Setting(env = "CONSOLE_PIPELINES", doc = "Pipelines whose records dev mode shows on its console, a short line each; unset shows all but events and item orders.", text = SettingRule.Kind.PIPELINES)
    Optional<List<String>> consolePipelines();

    @Setting(env = "LOG_LEVEL", doc = "Level of orderstream's own log; debug shows all that is known of each record.")
    @WithDefault("info")
    LogLevel logLevel();

    @Setting(env = "LOG_FORMAT", doc = "Form of the log: json is an object a line; json in production.")
    @WithDefault("plain")
    LogFormat logFormat();
}
