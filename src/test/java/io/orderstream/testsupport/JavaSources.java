package io.orderstream.testsupport;

import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

import com.sun.source.util.JavacTask;

/** Checks sources that are in no file, with the compiler and the class path of the tests. Writes no classes. */
public final class JavaSources implements Closeable {

    private static final Pattern TYPE = Pattern.compile("(?m)^(?:public )?(?:final )?(?:class|interface|record|enum) (\\w+)");

    private final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    /** Kept, since most of the time goes into the class path. */
    private final StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);

    private static final class Source extends SimpleJavaFileObject {

        private final String text;

        Source(String text) {
            super(URI.create("string:///" + typeOf(text) + Kind.SOURCE.extension), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    /** What the compiler does not accept in sources that may use each other. */
    public List<String> errorsIn(List<String> sources) throws IOException {
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        List<String> options = List.of("-proc:none", "-classpath", System.getProperty("java.class.path"));
        ((JavacTask) compiler.getTask(null, files, found, options, null, sources.stream().map(Source::new).toList())).analyze();
        return found.getDiagnostics().stream().filter(problem -> problem.getKind() == Diagnostic.Kind.ERROR)
                .map(Diagnostic::toString).toList();
    }

    @Override
    public void close() throws IOException {
        files.close();
    }

    private static String typeOf(String text) {
        Matcher type = TYPE.matcher(text);
        if (!type.find()) {
            throw new IllegalArgumentException("this source declares no type: " + text);
        }
        return type.group(1);
    }
}
