package io.orderstream.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each rule finds what it is for in an answer that is made for it. */
class PassiveRuleTest {

    private static final String POLICY = "default-src 'none'; script-src 'self'; base-uri 'none'; form-action 'none'; "
            + "frame-ancestors 'none'";
    private static final Map<String, String> GOOD = Map.ofEntries(Map.entry("content-type", "text/html;charset=utf-8"),
            Map.entry("content-security-policy", POLICY), Map.entry("x-frame-options", "DENY"),
            Map.entry("x-content-type-options", "nosniff"), Map.entry("referrer-policy", "no-referrer"),
            Map.entry("cache-control", "no-store"), Map.entry("permissions-policy", "camera=()"),
            Map.entry("cross-origin-opener-policy", "same-origin"),
            Map.entry("cross-origin-embedder-policy", "require-corp"),
            Map.entry("cross-origin-resource-policy", "same-origin"));

    @Test
    void shouldFindNothingInAnAnswerThatIsAsItShouldBe() {
        assertThat(PassiveRule.scan(with("<p>127.0.0.1, 2026-11-27T12:00:00Z, 17000000001, 4111111111111112</p>"))).isEmpty();
        assertThat(PassiveRule.scan(ScannedAnswer.of("GET /", URI.create("http://x/"), "HTTP/1.1 400 Bad Request\r\n"
                + "content-length: 0\r\n\r\n"))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void shouldFindWhatItIsFor(PassiveRule rule) {
        assertThat(rule.findings(bad(rule))).isNotEmpty().allMatch(found -> found.startsWith(rule.number() + " "));
        assertThat(rule.findings(with("<p>good</p>"))).isEmpty();
    }

    @Test
    void shouldFindEachWeaknessOfAPolicy() {
        for (String weak : List.of("script-src 'unsafe-inline'", "style-src 'unsafe-eval'", "img-src *", "img-src http:",
                "script-src 'self' data:")) {
            assertThat(PassiveRule.POLICY.findings(with("content-security-policy", POLICY + "; " + weak))).as(weak)
                    .isNotEmpty();
        }
        for (String part : POLICY.split("; ")) {
            assertThat(PassiveRule.POLICY.findings(with("content-security-policy", POLICY.replace(part, "")))).as(part)
                    .hasSize(part.startsWith("script-src") ? 0 : 1);
        }
    }

    @Test
    void shouldHaveEachNumberOnce() {
        assertThat(Stream.of(PassiveRule.values()).map(PassiveRule::number)).doesNotHaveDuplicates();
    }

    private static ScannedAnswer bad(PassiveRule rule) {
        return switch (rule) {
            case PRIVATE_ADDRESS -> with("from 192.168.0.17.");
            case SESSION_IN_URL -> with("<a href='/x;jsessionid=1'>");
            case COOKIE_WITHOUT_HTTP_ONLY, COOKIE_WITHOUT_SECURE, COOKIE_OF_REQUEST, COOKIE_OF_OTHER_SITES ->
                with("set-cookie", "a=b");
            case COOKIE_OF_DOMAIN -> with("set-cookie", "a=b; Domain=example.org");
            case CACHE_CONTROL, CACHEABLE -> with("cache-control", "public, max-age=60");
            case SCRIPT_OF_ANOTHER_ORIGIN -> with("<script type='module' src='https://elsewhere.example/x.js'></script>");
            case NO_CONTENT_TYPE -> without("content-type");
            case CLICKJACKING -> without("x-frame-options");
            case SNIFFING -> without("x-content-type-options");
            case REFERRER -> without("referrer-policy");
            case NO_POLICY -> without("content-security-policy");
            case PERMISSIONS -> without("permissions-policy");
            case SHARED_PROCESS -> without("cross-origin-resource-policy");
            case CHARSET -> with("content-type", "text/html");
            case POLICY -> with("content-security-policy", "default-src *");
            case SERVER -> with("server", "nginx/1.2");
            case POWERED_BY -> with("x-powered-by", "Java");
            case BACKEND -> with("x-backend-server", "app-7");
            case FROM_CACHE -> with("age", "7");
            case CHROME_LOGGER -> with("x-chromelogger-data", "e30=");
            case DEBUG_TOKEN -> with("x-debug-token", "7");
            case ASP_NET -> with("x-aspnet-version", "4");
            case CROSS_ORIGIN -> with("access-control-allow-origin", "*");
            case OPEN_REDIRECT -> with("location", "https://elsewhere.example/");
            case WEAK_AUTHENTICATION -> with("www-authenticate", "Basic realm=x");
            case DEBUG_ERROR -> with("RESTEASY003210: Could not find resource");
            case SUSPICIOUS_COMMENT -> with("<!-- TODO ask -->");
            case DIRECTORY -> with("<title>Index of /page</title>");
            case MIXED_CONTENT -> with("<img src=\"http://x/y.png\">");
            case CREDIT_CARD -> with("card 4111111111111111");
            case TIMESTAMP -> with("at 1764201600");
            case HASH -> with("5f4dcc3b5aa765d61d8327deb882cf99");
            case SOURCE_CODE -> with("package io.orderstream.web;\n\nimport java.net.URI;");
            case DANGEROUS_SCRIPT -> with("<a href='javascript:eval(1)'>");
            case FORM_WITHOUT_TOKEN -> with("<form method=post>");
            case VIEW_STATE -> with("<input name='__VIEWSTATE'>");
            case NO_INTEGRITY -> with("<link rel=stylesheet href=\"//elsewhere.example/x.css\">");
            case APPLICATION_ERROR -> with("boom\n\tat io.orderstream.api.Limits.read(Limits.java:29)\n");
        };
    }

    private static ScannedAnswer with(String body) {
        return answer(GOOD, body);
    }

    private static ScannedAnswer with(String header, String value) {
        Map<String, String> headers = new HashMap<>(GOOD);
        headers.put(header, value);
        return answer(headers, "<p>body</p>");
    }

    private static ScannedAnswer without(String header) {
        Map<String, String> headers = new HashMap<>(GOOD);
        headers.remove(header);
        return answer(headers, "<p>body</p>");
    }

    private static ScannedAnswer answer(Map<String, String> headers, String body) {
        return new ScannedAnswer("GET /", URI.create("http://x/"), 200, new TreeMap<>(headers.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, header -> List.of(header.getValue())))), body);
    }
}
