package io.orderstream;

import java.util.List;

import jakarta.annotation.Priority;

import io.orderstream.deadletter.DeadLetterSettings;
import io.orderstream.event.EventSettings;
import io.orderstream.fulfilment.FulfilmentSettings;
import io.orderstream.kafka.KafkaSettings;
import io.orderstream.order.OrderSettings;
import io.orderstream.outage.OutageSettings;
import io.orderstream.pipeline.PipelineSettings;
import io.orderstream.schema.RegistrySettings;
import io.orderstream.settings.OperationSettings;
import io.orderstream.settings.SettingsInterceptor;
import io.orderstream.spool.SpoolSettings;
import io.orderstream.trace.TraceSettings;
import io.orderstream.tracker.TrackerSettings;
import io.orderstream.web.HttpSettings;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.config.Priorities;

/** Lists the interfaces that declare orderstream's settings; values are validated whenever they are read. */
@RegisterForReflection(targets = { OrderSettings.class, FulfilmentSettings.class, PipelineSettings.class, OutageSettings.class,
        EventSettings.class, TrackerSettings.class, KafkaSettings.class, RegistrySettings.class, DeadLetterSettings.class,
        SpoolSettings.class, OperationSettings.class, HttpSettings.class,
        TraceSettings.class })
@Priority(Priorities.LIBRARY + 260)
public class Settings extends SettingsInterceptor {

    private static final long serialVersionUID = 1L;

    public Settings() {
        super(Settings::mappings);
    }

    /** All interfaces that declare settings, in the order of the table in README.md. */
    public static List<Class<?>> mappings() {
        return List.of(OrderSettings.class, FulfilmentSettings.class, PipelineSettings.class, OutageSettings.class,
                EventSettings.class, TrackerSettings.class, KafkaSettings.class, RegistrySettings.class,
                DeadLetterSettings.class, SpoolSettings.class, OperationSettings.class, HttpSettings.class,
                TraceSettings.class);
    }
}
