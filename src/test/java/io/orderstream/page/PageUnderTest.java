package io.orderstream.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;

import io.orderstream.testsupport.Patience;

/** The page as a person sees it, and what the browser has to complain of. */
final class PageUnderTest implements AutoCloseable {

    /** A draw changes all at once, which an observer is told of once. */
    private static final String DRAWS = """
            new Promise(answer => {
              let draws = 0;
              const begin = performance.now();
              new MutationObserver(() => draws++).observe(document.querySelector('main'),
                {subtree: true, childList: true, characterData: true});
              setTimeout(() => answer(1000 * draws / (performance.now() - begin)), 4000);
            })""";

    private static final String CONTROLS = """
            window.controls = () => [...document.querySelectorAll('a[href], button, input, select, summary, .scroll')]
              .filter(one => !one.disabled && one.checkVisibility());
            """;

    private final BrowserContext context;
    private final Page page;
    private final CDPSession cdp;
    private final String url;
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final List<String> hosts = new CopyOnWriteArrayList<>();

    PageUnderTest(BrowserContext context, String url) {
        this.context = context;
        this.url = url;
        this.page = context.newPage();
        page.setDefaultTimeout(Patience.PATIENCE.toMillis());
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") || message.type().equals("warning")) {
                complaints.add(message.text());
            }
        });
        page.onPageError(complaints::add);
        page.onRequest(request -> hosts.add(URI.create(request.url()).getAuthority()));
        cdp = context.newCDPSession(page);
        JsonObject threadTime = new JsonObject();
        threadTime.addProperty("timeDomain", "threadTicks");
        cdp.send("Performance.enable", threadTime);
        page.navigate(url);
    }

    Page page() {
        return page;
    }

    /** Opens one of the tabs. */
    void tab(String name) {
        page.getByRole(AriaRole.NAVIGATION).getByRole(AriaRole.LINK, new Locator.GetByRoleOptions().setName(name)).click();
    }

    /** The number of a figure, as it is shown. */
    Locator figure(String name) {
        return page.locator(".figure").filter(new Locator.FilterOptions()
                .setHas(page.locator("dt").filter(new Locator.FilterOptions().setHasText(name)))).locator("dd");
    }

    Locator button(String name) {
        return page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name));
    }

    /** A part of the page by its heading. */
    Locator panel(String title) {
        return page.locator("section.panel").filter(new Locator.FilterOptions()
                .setHas(page.locator("h2").filter(new Locator.FilterOptions().setHasText(title))));
    }

    /** What axe finds that is serious or worse. */
    List<String> seriousViolations() {
        return new AxeBuilder(page).analyze().getViolations().stream()
                .filter(rule -> List.of("serious", "critical").contains(rule.getImpact())).map(PageUnderTest::describe)
                .toList();
    }

    private static String describe(Rule rule) {
        return rule.getId() + ": " + rule.getHelp() + " at "
                + rule.getNodes().stream().map(node -> node.getHtml()).limit(3).toList();
    }

    /** What can be clicked, and is not reached with the Tab key. */
    @SuppressWarnings("unchecked")
    List<String> notReachedByKeyboard() {
        int controls = ((Number) page.evaluate(CONTROLS + """
                window.reached = new Set();
                document.addEventListener('focusin', event => window.reached.add(event.target));
                document.activeElement.blur();
                controls().length""")).intValue();
        for (int i = 0; i <= controls; i++) {
            page.keyboard().press("Tab");
        }
        return (List<String>) page.evaluate("controls().filter(one => !window.reached.has(one)).map(one => one.outerHTML)");
    }

    /** Whether something is wider than the window, so that one has to scroll sideways. */
    boolean isTooWide() {
        return (boolean) page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth");
    }

    /** Time since the page was asked for. */
    Duration age() {
        return millis(page.evaluate("performance.now()"));
    }

    /**
     * CPU time of the thread that runs and draws the page since it was asked for: unlike the time of day it is not that of
     * others.
     */
    Duration work() {
        for (JsonElement metric : cdp.send("Performance.getMetrics").getAsJsonArray("metrics")) {
            if (metric.getAsJsonObject().get("name").getAsString().equals("TaskDuration")) {
                return Duration.ofNanos((long) (metric.getAsJsonObject().get("value").getAsDouble() * 1e9));
            }
        }
        throw new AssertionError("no TaskDuration");
    }

    private static Duration millis(Object millis) {
        return Duration.ofMillis(((Number) millis).longValue());
    }

    /** How often the page is drawn, by what a few seconds of the browser's own time have of changes. */
    double drawsPerSecond() {
        return ((Number) page.evaluate(DRAWS)).doubleValue();
    }

    void shoot(Path file) {
        page.screenshot(new Page.ScreenshotOptions().setPath(file));
    }

    /** Errors and warnings of the console, without those of answers that this text occurs in. */
    List<String> complaintsBut(String expected) {
        return complaints.stream().filter(text -> !text.contains(expected)).toList();
    }

    void assertThatNothingIsWrong() {
        assertThat(complaints).as("console").isEmpty();
        assertThatNobodyElseWasAsked();
    }

    void assertThatNobodyElseWasAsked() {
        assertThat(hosts).as("hosts asked").containsOnly(URI.create(url).getAuthority());
    }

    @Override
    public void close() {
        context.close();
    }
}
