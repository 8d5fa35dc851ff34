package io.orderstream.support;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;

import javax.net.ssl.SSLException;

/** Says in words why there is no TLS connection: whoever reads it has to know whose certificate is wrong. */
public final class TlsFailure {

    private TlsFailure() {
    }

    /** Whether a failure, or what it was caused by, is one of TLS. */
    public static boolean isIn(Throwable failure) {
        return find(failure, SSLException.class) != null;
    }

    /** The reason in a few words, for a failure of which {@link #isIn} is true. */
    public static String sentence(Throwable failure) {
        String root = Failures.message(Failures.root(failure));
        if (find(failure, CertificateExpiredException.class) != null) {
            return "the server's certificate has expired (" + root + ")";
        }
        if (find(failure, CertificateNotYetValidException.class) != null) {
            return "the server's certificate is not valid yet (" + root + ")";
        }
        if (find(failure, CertPathBuilderException.class) != null) {
            return "the server's certificate is not from a trusted authority (" + root + ")";
        }
        if (find(failure, CertificateException.class) != null) {
            return "the server's certificate is not accepted (" + root + ")";
        }
        if (root.contains("fatal alert")) {
            return "the server refuses the connection, or this client's certificate (" + root + ")";
        }
        // Of a server without TLS the beginning of its answer would follow.
        return "there is no TLS connection (" + root.replaceFirst("(?s)(not an SSL/TLS record).*", "$1") + ")";
    }

    private static <T> T find(Throwable failure, Class<T> type) {
        Throwable each = failure;
        for (int depth = 0; each != null && depth < 20; depth++) {
            if (type.isInstance(each)) {
                return type.cast(each);
            }
            each = each.getCause();
        }
        return null;
    }
}
