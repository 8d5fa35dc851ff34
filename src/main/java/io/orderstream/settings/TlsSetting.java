package io.orderstream.settings;

import java.util.Optional;

import io.quarkus.tls.CertificateUpdatedEvent;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.quarkus.tls.runtime.config.TlsConfig;

/**
 * A setting that names the TLS configuration of a client; without it that is the default one, if there is one.
 *
 * @param env environment variable of the setting
 * @param name its value
 * @param urlEnv environment variable of the url that the client calls
 */
public record TlsSetting(String env, Optional<String> name, String urlEnv) {

    /**
     * Finds the configuration.
     *
     * @param isHttps whether the client calls any https url
     * @throws InvalidSettingException if one is named that does not exist, or that would not be used
     */
    public Optional<TlsConfiguration> find(boolean isHttps, TlsConfigurationRegistry tls) {
        if (name.isEmpty()) {
            return tls.getDefault();
        }
        if (!isHttps) {
            throw new InvalidSettingException(
                    "%s must have an https url, since %s is '%s', but has http urls only.".formatted(urlEnv,
                            env, name.get()));
        }
        return Optional.of(tls.get(name.get()).orElseThrow(() -> new InvalidSettingException(
                "%s must name a TLS configuration (quarkus.tls.<name>), but there is no '%s'.".formatted(env, name.get()))));
    }

    /** Whether it is the configuration of this client whose certificates have been read again. */
    public boolean isIn(CertificateUpdatedEvent event) {
        return event.name().equals(name.orElse(TlsConfig.DEFAULT_NAME));
    }
}
