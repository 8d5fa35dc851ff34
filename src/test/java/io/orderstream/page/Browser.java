package io.orderstream.page;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import org.junit.jupiter.api.Assumptions;

import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;

/**
 * The Chromium of this machine. Where there is none, a test that asks for it is skipped; with CI=true, where nobody reads what
 * was skipped, it fails.
 */
final class Browser implements AutoCloseable {

    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome", "chrome");

    private final Playwright playwright;
    private final com.microsoft.playwright.Browser chromium;

    Browser() {
        Path executable = installed();
        playwright = Playwright.create(new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        chromium = playwright.chromium().launch(new BrowserType.LaunchOptions().setExecutablePath(executable)
                // Containers run as root, under whom Chromium's sandbox does not start, and have a small /dev/shm.
                .setArgs(List.of("--no-sandbox", "--disable-dev-shm-usage")));
    }

    private static Path installed() {
        Optional<Path> found = Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .flatMap(directory -> NAMES.stream().map(name -> Path.of(directory, name))).filter(Files::isExecutable)
                .findFirst();
        if (found.isEmpty()) {
            String message = "Chromium is missing, so that the page is not tested: apt-get install chromium";
            if ("true".equals(System.getenv("CI"))) {
                throw new AssertionError(message + " (nothing is skipped with CI=true)");
            }
            Assumptions.abort(message);
        }
        return found.get();
    }

    /** Opens the page of an application in a window of its own. */
    PageUnderTest open(String url, com.microsoft.playwright.Browser.NewContextOptions options) {
        return new PageUnderTest(chromium.newContext(options.setLocale("en-US").setTimezoneId("UTC")), url);
    }

    @Override
    public void close() {
        chromium.close();
        playwright.close();
    }
}
