package io.orderstream.support;

/**
 * The order in which the parts of the application start and stop: priorities of the observers of Quarkus' events, of which the
 * lower come first. Observers of one priority do not depend on each other. Quarkus starts the channels at 2500.
 */
public final class Lifecycle {

    private Lifecycle() {
    }

    /** Observers of {@code StartupEvent}, in their order. */
    public static final class Start {

        /** What contradicts each other. Nothing runs yet that would have to be stopped again. */
        public static final int CONTRADICTIONS = 1;
        /** Broker and registry of dev mode, which all others connect to. */
        public static final int DEV_SERVICES = 10;
        /** Whether the broker's names can be resolved. */
        public static final int BOOTSTRAP_SERVERS = 20;
        /** What Kafka's clients are made of is checked. */
        public static final int KAFKA_CONFIG = 22;
        /** The pipelines and their handlers are checked. */
        public static final int PIPELINES = 25;
        /** The handlers of events are checked. */
        public static final int EVENT_HANDLERS = 30;
        /** The generator opens the spool it needs. */
        public static final int GENERATOR_SPOOL = 40;
        /** The spool opens if an earlier run has left something in it. */
        public static final int SPOOL = 60;
        /** Outages are measured from the first one. */
        public static final int OUTAGE_METERS = 70;
        /** Outages of the broker are listened to, before it is watched. */
        public static final int BROKER_OUTAGES = 80;
        public static final int BROKER_WATCH = 90;
        /** Topics are there before anything reads them. */
        public static final int TOPICS = 100;
        /** Schemas are registered, and the jobs of redrive read. */
        public static final int SCHEMAS = 200;
        public static final int REDRIVE = 200;
        /** The dead letters are read. */
        public static final int DEAD_LETTERS = 300;
        /** What asks or feeds channels that have started. */
        public static final int GENERATORS = 2600;
        public static final int MONITORING = 2600;

        private Start() {
        }
    }

    /** Observers of {@code ShutdownEvent}, in their order: the channels are still open. */
    public static final class Stop {

        /** No new records, and nobody asks the pipelines any more. */
        public static final int GENERATORS = 50;
        public static final int MONITORING = 50;
        /** The pipelines finish what they are handling. */
        public static final int PIPELINES = 100;
        /** What was done is said. */
        public static final int FINAL_STATISTICS = 200;

        private Stop() {
        }
    }

    /**
     * Observers of the end of the application scope, in their order. Quarkus closes the channels, with their last commits, at
     * {@link #CHANNELS}.
     */
    public static final class End {

        /** What asks the broker at intervals. */
        public static final int WATCHES = 40;
        public static final int REDRIVE = 40;
        /** Producers of dead letters: what they hold is written before the channels close. */
        public static final int DEAD_LETTER_PRODUCERS = 45;
        /** The consumers of all channels leave their groups. */
        public static final int GROUPS = 47;
        public static final int CHANNELS = 50;
        public static final int DEAD_LETTERS = 55;
        /** Clients that the channels have used. */
        public static final int CLIENTS = 60;
        /** What the generator could not write is spooled when its producer is closed. */
        public static final int GENERATOR_SPOOL = 70;
        public static final int SPOOL = 80;
        /** The spans of what was in work until now are sent. */
        public static final int SPANS = 100;

        private End() {
        }
    }
}
