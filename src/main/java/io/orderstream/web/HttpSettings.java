package io.orderstream.web;

import java.util.List;
import java.util.Optional;

import io.orderstream.settings.Setting;
import io.orderstream.settings.SettingRule;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings for who may do what over HTTP, and how much of it. */
@ConfigMapping(prefix = "orderstream.http")
public interface HttpSettings {

    @Setting(env = "POST_NEEDS_OPERATOR", doc = "Whether publishing an event or an item order takes the role operator, as redrive always does; dev mode excepted.")
    @WithDefault("false")
    boolean postNeedsOperator();

    @Setting(env = "MAX_POSTS_PER_SECOND", doc = "Requests to change something that an instance takes a second; further ones are answered with 429.", min = "1", max = "100000")
    @WithDefault("1000")
    int maxPostsPerSecond();

    @Setting(env = "MAX_STREAM_CLIENTS", doc = "Event streams that an instance has open at a time; further ones are answered with 503.", min = "1", max = "100000")
    @WithDefault("200")
    int maxStreamClients();

    @Setting(env = "MAX_CONNECTIONS", doc = "Connections to the API that an instance has open at a time; further ones are closed at once.", min = "2", max = "100000")
    @WithDefault("2000")
    int maxConnections();

    @Setting(env = "HTTP_HOSTS", doc = "Names under which the API may be called; unset answers under any, dev mode under those of this machine.", text = SettingRule.Kind.HOSTS)
    Optional<List<String>> hosts();
}
