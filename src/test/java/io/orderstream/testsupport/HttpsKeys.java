package io.orderstream.testsupport;

import static io.orderstream.testsupport.Patience.PATIENCE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.quarkus.tls.BaseTlsConfiguration;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PfxOptions;
import io.vertx.core.net.SSLOptions;
import io.vertx.core.net.TrustOptions;

/** Keys with certificates they have signed themselves, for localhost, each in a PKCS12 file. */
public final class HttpsKeys {

    public static final String PASSWORD = "changeit";

    private final Path directory;

    /** @param directory where the files are */
    public HttpsKeys(Path directory) {
        this.directory = directory;
    }

    /** Makes a key; its file is replaced if there is one. */
    public Path make(String name) {
        return make(name, "dns:localhost", "-validity", "2");
    }

    /** Likewise, for another host. */
    public Path ofAnotherHost(String name) {
        return make(name, "dns:elsewhere.example", "-validity", "2");
    }

    private Path make(String name, String host, String... validity) {
        Path made = directory.resolve(name + ".made");
        Path file = directory.resolve(name + ".p12");
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair", "-alias", "key", "-keyalg", "EC", "-dname", "CN=" + name, "-ext", "SAN=" + host, "-storetype",
                "PKCS12", "-storepass", PASSWORD, "-keystore", made.toString()));
        command.addAll(List.of(validity));
        try {
            Process keytool = new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectOutput(directory.resolve("keytool.log").toFile()).start();
            if (!keytool.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || keytool.exitValue() != 0) {
                throw new IllegalStateException("no key: " + Files.readString(directory.resolve("keytool.log")));
            }
            return Files.move(made, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Makes a server take connections from clients only whose certificate is this one. */
    public static void require(HttpServerOptions options, Path server, Path client) {
        options.setSsl(true).setKeyCertOptions(pfx(server)).setTrustOptions(pfx(client)).setClientAuth(ClientAuth.REQUIRED);
    }

    private static PfxOptions pfx(Path file) {
        return new PfxOptions().setPath(file.toString()).setPassword(PASSWORD);
    }

    /** A client's configuration, as the TLS registry has it. */
    public static final class Configuration extends BaseTlsConfiguration {

        private final Path trusted;
        private final Path own;

        /**
         * @param trusted the only server's certificate that is trusted
         * @param own the client's, null for none
         */
        public Configuration(Path trusted, Path own) {
            this.trusted = trusted;
            this.own = own;
        }

        @Override
        public KeyCertOptions getKeyStoreOptions() {
            return own == null ? null : pfx(own);
        }

        @Override
        public TrustOptions getTrustStoreOptions() {
            return pfx(trusted);
        }

        @Override
        public SSLOptions getSSLOptions() {
            return new SSLOptions().setKeyCertOptions(getKeyStoreOptions()).setTrustOptions(getTrustStoreOptions());
        }
    }
}
