package io.orderstream.outage;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.orderstream.kafka.BrokerAbsence;
import io.orderstream.kafka.BrokerWatch;
import io.orderstream.support.Lifecycle;
import io.quarkus.runtime.StartupEvent;

/** While the broker is away every pipeline is in outage, also one that becomes known only then. */
@ApplicationScoped
public class BrokerOutages {

    private final Outages outages;
    private final BrokerWatch broker;
    private final Set<PipelineOutages> told = new HashSet<>();

    BrokerOutages(Outages outages, BrokerWatch broker) {
        this.outages = outages;
        this.broker = broker;
    }

    void start(@Observes @Priority(Lifecycle.Start.BROKER_OUTAGES) StartupEvent event) {
        broker.onAnswer(this::tell);
    }

    /** To be called time and again; one call after the other. */
    void tell(Optional<BrokerAbsence> absence) {
        if (absence.isPresent()) {
            outages.pipelines().stream().filter(told::add)
                    .forEach(pipeline -> pipeline.begins(OutageCause.BROKER, absence.get().reason()));
        } else {
            told.forEach(pipeline -> pipeline.ends(OutageCause.BROKER));
            told.clear();
        }
    }
}
