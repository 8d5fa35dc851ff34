package io.orderstream.web;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What OWASP ZAP's passive rules look for in an answer, each under ZAP's own number. Where ZAP is silent about answers that are
 * no HTML these are not.
 * <p>
 * Left out are rules about TLS (10035: what terminates TLS sets HSTS), about requests that only a browser makes (10024, 10025,
 * of which {@link #REFERRER} is the cause), about frameworks that are not here, and notes that are no weakness (10109 says
 * that the page is a modern web application, 10104 looks for other answers to other browsers).
 */
enum PassiveRule {

    PRIVATE_ADDRESS(2, matches(
            "(?<![\\d.])(?:10\\.\\d{1,3}|192\\.168|172\\.(?:1[6-9]|2\\d|3[01]))\\.\\d{1,3}\\.\\d{1,3}(?!\\.?\\d)")),
    SESSION_IN_URL(3, matches("(?i)[;?&](?:jsessionid|phpsessid|sessionid|sid)=")),
    COOKIE_WITHOUT_HTTP_ONLY(10010, cookies(cookie -> !cookie.contains("httponly"))),
    COOKIE_WITHOUT_SECURE(10011, cookies(cookie -> !cookie.contains("secure"))),
    CACHE_CONTROL(10015, answer -> found(answer.hasBody() && !answer.header("cache-control").matches("no-(cache|store)"),
            "Cache-Control: " + answer.header("cache-control"))),
    SCRIPT_OF_ANOTHER_ORIGIN(10017, answer -> answer.tags().filter(tag -> tag.startsWith("<script"))
            .filter(PassiveRule::isOfAnotherOrigin)),
    NO_CONTENT_TYPE(10019, answer -> found(!answer.body().isEmpty() && answer.header("content-type").isBlank(), "none")),
    CLICKJACKING(10020, answer -> found(answer.hasBody() && !(answer.header("x-frame-options").equals("DENY")
            && answer.header("content-security-policy").contains("frame-ancestors 'none'")), "may be framed")),
    SNIFFING(10021, answer -> found(answer.hasBody() && !answer.header("x-content-type-options").equals("nosniff"),
            "no nosniff")),
    DEBUG_ERROR(10023, matches("(?i)PHP (?:Warning|Error)|Fatal error|syntax error in|Access denied for user|"
            + "Error processing request|debug mode is|RESTEASY\\d{6}")),
    SUSPICIOUS_COMMENT(10027, answer -> answer.isOfLibrary() ? Stream.empty()
            : comments(answer).filter(comment -> Pattern
                    .compile("\\b(?:TODO|FIXME|XXX|HACK|BUGS?|DEBUG|ADMIN|PASSWD|BACKDOOR)\\b").matcher(comment).find())),
    REFERRER(10025, answer -> found(answer.hasBody() && !answer.header("referrer-policy").equals("no-referrer"), "told")),
    OPEN_REDIRECT(10028, answer -> found(answer.has("location") && !answer.header("location").startsWith("/api/")
            && !answer.header("location").startsWith(answer.uri().resolve("/").toString()), answer.header("location"))),
    COOKIE_OF_REQUEST(10029, cookies(cookie -> true)),
    DIRECTORY(10033, matches("(?i)<title>Index of /|Directory listing for")),
    SERVER(10036, header("server")),
    POWERED_BY(10037, header("x-powered-by")),
    NO_POLICY(10038, answer -> found(answer.hasBody() && !answer.has("content-security-policy"), "none")),
    BACKEND(10039, header("x-backend-server")),
    MIXED_CONTENT(10040, answer -> answer.tags().filter(tag -> tag.matches("(?is).* (?:src|href|action)=[\"']?http:.*"))),
    CACHEABLE(10049, answer -> found(answer.has("expires") || answer.has("pragma")
            || answer.header("cache-control").matches(".*(?:public|max-age|s-maxage).*"), "may be kept")),
    FROM_CACHE(10050, answer -> found(answer.has("age") || answer.has("x-cache"), "comes from a cache")),
    CHROME_LOGGER(10052, answer -> found(answer.has("x-chromelogger-data") || answer.has("x-chromephp-data"), "log")),
    COOKIE_OF_OTHER_SITES(10054, cookies(cookie -> !cookie.matches(".*samesite=(?:strict|lax).*"))),
    POLICY(10055, PassiveRule::weakPolicy),
    DEBUG_TOKEN(10056, answer -> found(answer.has("x-debug-token") || answer.has("x-debug-token-link"), "token")),
    ASP_NET(10061, answer -> found(answer.has("x-aspnet-version") || answer.has("x-aspnetmvc-version"), "version")),
    CREDIT_CARD(10062, answer -> matched("(?<![\\d.])(?:4\\d{15}|5[1-5]\\d{14}|3[47]\\d{13})(?![\\d.])", answer.body())
            .filter(PassiveRule::isCardNumber)),
    PERMISSIONS(10063, answer -> found(answer.hasBody() && !answer.header("permissions-policy").contains("camera=()"),
            "no Permissions-Policy")),
    TIMESTAMP(10096, answer -> answer.isOfLibrary() ? Stream.empty()
            : matched("(?<![\\d.-])1[6-9]\\d{8}(?![\\d.])", answer.body())),
    HASH(10097, answer -> answer.isOfLibrary() ? Stream.empty()
            : matched("(?<![\\w-])(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|\\$2[aby]\\$\\d\\d\\$[./\\w]{53})(?![\\w-])",
                    answer.body())),
    CROSS_ORIGIN(10098, answer -> answer.headers().keySet().stream().filter(name -> name.startsWith("access-control-"))),
    SOURCE_CODE(10099, matches("(?m)^package [\\w.]+;\\s|<\\?php|^import java[x]?\\.")),
    WEAK_AUTHENTICATION(10105, answer -> found(answer.uri().getScheme().equals("http")
            && answer.header("www-authenticate").toLowerCase(Locale.ROOT).matches("(?:basic|digest).*"), "over http")),
    DANGEROUS_SCRIPT(10110, answer -> answer.isScript() || answer.isHtml()
            ? matched("\\beval\\s*\\(|new Function\\s*\\(|document\\.write(?:ln)?\\s*\\(|bypassSecurityTrust\\w+",
                    answer.body())
            : Stream.empty()),
    FORM_WITHOUT_TOKEN(10202, answer -> answer.tags().filter(tag -> tag.startsWith("<form"))),
    VIEW_STATE(90001, matches("__VIEWSTATE|javax\\.faces\\.ViewState")),
    NO_INTEGRITY(90003, answer -> answer.tags().filter(PassiveRule::isOfAnotherOrigin)
            .filter(tag -> !tag.contains(" integrity="))),
    SHARED_PROCESS(90004,
            answer -> found(answer.hasBody() && !(answer.header("cross-origin-opener-policy").equals("same-origin")
                    && answer.header("cross-origin-embedder-policy").equals("require-corp")
                    && answer.header("cross-origin-resource-policy").equals("same-origin")), "not isolated")),
    CHARSET(90011, answer -> found(answer.isHtml()
            && !answer.header("content-type").toLowerCase(Locale.ROOT).contains("charset=utf-8"), "not stated")),
    APPLICATION_ERROR(90022, matches("(?m)^\\s*at [\\w.$/@]+\\([\\w ]+(?:\\.java:\\d+)?\\)|\\.java:\\d+\\)|Caused by: |"
            + "Exception in thread|(?:java|io\\.vertx|io\\.quarkus|io\\.netty|org\\.jboss)\\.[\\w.]+(?:Exception|Error)\\b")),
    COOKIE_OF_DOMAIN(90033, cookies(cookie -> cookie.contains("domain=")));

    private static final List<String> HELD = List.of("default-src", "base-uri", "form-action", "frame-ancestors");

    private final int number;
    private final Function<ScannedAnswer, Stream<String>> finder;

    PassiveRule(int number, Function<ScannedAnswer, Stream<String>> finder) {
        this.number = number;
        this.finder = finder;
    }

    /** What is wrong with an answer, shortened. */
    List<String> findings(ScannedAnswer answer) {
        return finder.apply(answer).map(found -> number + " " + name() + " " + answer.request() + " " + answer.status() + ": "
                + found.substring(0, Math.min(found.length(), 120))).toList();
    }

    int number() {
        return number;
    }

    private static Stream<String> found(boolean isFound, String what) {
        return isFound ? Stream.of(what) : Stream.empty();
    }

    private static Function<ScannedAnswer, Stream<String>> header(String name) {
        return answer -> found(answer.has(name), answer.header(name));
    }

    private static Function<ScannedAnswer, Stream<String>> cookies(Predicate<String> isWeak) {
        return answer -> answer.headers().getOrDefault("set-cookie", List.of()).stream()
                .filter(cookie -> isWeak.test(cookie.toLowerCase(Locale.ROOT)));
    }

    private static Function<ScannedAnswer, Stream<String>> matches(String regex) {
        Pattern pattern = Pattern.compile(regex);
        return answer -> Stream.concat(Stream.of(answer.body()), answer.headers().values().stream().flatMap(List::stream))
                .flatMap(text -> pattern.matcher(text).results()).map(MatchResult::group);
    }

    private static Stream<String> matched(String regex, String text) {
        return Pattern.compile(regex).matcher(text).results().map(MatchResult::group);
    }

    private static Stream<String> comments(ScannedAnswer answer) {
        return answer.isHtml() ? matched("(?s)<!--.*?-->", answer.body())
                : answer.isScript() ? matched("(?s)/\\*.*?\\*/|(?m)(?<!:)//.*$", answer.body()) : Stream.empty();
    }

    private static boolean isOfAnotherOrigin(String tag) {
        return tag.matches("(?is)<(?:script|link|img|iframe).* (?:src|href)=[\"']?(?:https?:)?//.*");
    }

    private static Stream<String> weakPolicy(ScannedAnswer answer) {
        String policy = answer.header("content-security-policy");
        if (policy.isEmpty()) {
            return Stream.empty();
        }
        return Stream.concat(matched("unsafe-\\w+|(?<= )\\*|https?:|(?<=script-src )[^;]*data:", policy),
                HELD.stream().filter(directive -> !policy.contains(directive)));
    }

    private static boolean isCardNumber(String digits) {
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = Character.digit(digits.charAt(digits.length() - 1 - i), 10) * (i % 2 + 1);
            sum += digit / 10 + digit % 10;
        }
        return sum % 10 == 0;
    }

    /** The findings of all rules. */
    static List<String> scan(ScannedAnswer answer) {
        return Stream.of(values()).flatMap(rule -> rule.findings(answer).stream()).toList();
    }
}
