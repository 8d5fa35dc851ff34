package io.orderstream.pipeline;

import java.time.Duration;

import io.orderstream.settings.Setting;
import io.orderstream.settings.SettingRule.Kind;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings every consumer shares: its group, its retries, how much it takes at a time and how often it commits. */
@ConfigMapping(prefix = "orderstream.pipeline")
public interface PipelineSettings {

    /** Where a record that has failed waits for its next attempt. */
    enum RetryMode {
        IN_PLACE,
        TOPIC
    }

    @Setting(env = "CONSUMER_GROUP_ID", doc = "Consumer group of the order pipeline.", text = Kind.GROUP)
    @WithDefault("order-processor-group")
    String groupId();

    @Setting(env = "MAX_RETRIES", doc = "Retries after the first attempt, before an order is dead-lettered as exhausted.", min = "0", max = "20")
    @WithDefault("3")
    int maxRetries();

    @Setting(env = "RETRY_BACKOFF_SECONDS", doc = "Seconds before the first retry, fractions allowed; doubles with each further one, up to ten minutes.", min = "0", max = "60")
    @WithDefault("1")
    double retryBackoffSeconds();

    @Setting(env = "RETRY_MODE", doc = "Where a failed order waits for its retry: in-place, ahead of the later orders of its key, or in the retry topic, which lets them pass.")
    @WithDefault("in-place")
    RetryMode retryMode();

    @Setting(env = "RETRY_MAX_WAITING", doc = "Records of a consumer that wait for a retry in memory at the same time; beyond it the consumer pauses.", min = "1", max = "1000000")
    @WithDefault("10000")
    int retryMaxWaiting();

    @Setting(env = "MAX_IN_FLIGHT", doc = "Records of a consumer in work at the same time, apart from those that wait for a retry; beyond it the consumer pauses.", min = "1", max = "1000000")
    @WithDefault("1000")
    int maxInFlight();

    @Setting(env = "MAX_BATCH_SIZE", doc = "Records fetched in one poll at the most.", min = "1", max = "100000")
    @WithDefault("500")
    int maxBatchSize();

    @Setting(env = "COMMIT_INTERVAL", doc = "Time between two commits of offsets and totals.", min = "10ms", max = "5m")
    @WithDefault("1s")
    Duration commitInterval();

    @Setting(env = "DRAIN_TIMEOUT", doc = "Time a stop waits for the handler calls that are running; what is not done by then is handed back.", min = "0s", max = "5m")
    @WithDefault("5s")
    Duration drainTimeout();

    @Setting(env = "STUCK_AFTER", doc = "Age of a partition's oldest unfinished record at which health reports the partition as stuck; longer than all retries of one order take.", min = "1s", max = "1d")
    @WithDefault("1m")
    Duration stuckAfter();

    @Setting(env = "HANDLER_THREADS", doc = "Threads of a blocking handler.", min = "1", max = "1000")
    @WithDefault("50")
    int handlerThreads();

    @Setting(env = "VIRTUAL_THREADS", doc = "Call a blocking handler on a virtual thread each instead; needs JDK 21 or later.")
    @WithDefault("false")
    boolean virtualThreads();

    @Setting(env = "SESSION_TIMEOUT", doc = "Time after which the broker takes a silent instance for dead and gives its partitions away.", min = "6s", max = "30m")
    @WithDefault("10s")
    Duration sessionTimeout();
}
