package io.orderstream.deadletter;

import java.util.List;
import java.util.Optional;

import io.orderstream.settings.Setting;
import io.orderstream.settings.SettingRule.Kind;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings of the dead-letter monitor and of redriving. */
@ConfigMapping(prefix = "orderstream.dead-letters")
public interface DeadLetterSettings {

    /** Added to {@code CONSUMER_GROUP_ID}, it is the group that elects the instance which runs the redrive jobs. */
    String REDRIVE_GROUP = "-redrive";

    @Setting(env = "DLQ_TOPICS", doc = "Further dead-letter topics to watch and to redrive from, separated by commas; orderstream's own always are.", text = Kind.TOPICS)
    Optional<List<String>> topics();

    @Setting(env = "DLQ_INDEX_SIZE", doc = "Dead letters held in memory to be listed; of older ones only the counts are kept.", min = "1", max = "1000000")
    @WithDefault("10000")
    int indexSize();

    @Setting(env = "MAX_REDRIVES", doc = "Times a dead letter may be redriven; after that it is parked.", min = "0", max = "100")
    @WithDefault("3")
    int maxRedrives();

    @Setting(env = "REDRIVE_TOPIC", doc = "Compacted topic that keeps the redrive jobs: who, what, how far.", text = Kind.TOPIC)
    @WithDefault("redrive-jobs")
    String redriveTopic();
}
