package io.orderstream.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;

/** The application's sources as the compiler reads them: texts that others see, wherever they stand. */
public final class MainSources {

    /** Stands for what is not known before the code runs. */
    private static final String UNKNOWN = "{}";

    private static final Path SOURCES = Path.of("src", "main", "java");
    private static final Pattern LOGGING = Pattern.compile("(trace|debug|info|warn|error|fatal|log)[fv]?");
    private static final Set<String> WITH_HTTP_HEADER = Set.of("header", "putHeader", "getHeader", "getHeaderString",
            "HeaderParam");

    private final Map<String, ExpressionTree> constants = new HashMap<>();
    private final Set<String> loggers = new TreeSet<>();
    private final Set<String> constantTexts = new TreeSet<>();
    private final Set<String> logLines = new TreeSet<>();
    private final Set<String> httpHeaders = new TreeSet<>();

    private MainSources(List<CompilationUnitTree> files) {
        files.forEach(file -> new Declarations(file).scan(file, null));
        files.forEach(file -> new Uses(file).scan(file, null));
    }

    /** Reads them. */
    public static MainSources read() {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8);
                Stream<Path> files = Files.walk(SOURCES)) {
            List<Path> sources = files.filter(file -> file.toString().endsWith(".java")).toList();
            JavacTask task = (JavacTask) compiler.getTask(null, manager, null, List.of("-proc:none"), null,
                    manager.getJavaFileObjectsFromPaths(sources));
            List<CompilationUnitTree> trees = new ArrayList<>();
            task.parse().forEach(trees::add);
            return new MainSources(trees);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Level and format of every log line. */
    public Set<String> logLines() {
        return logLines;
    }

    /** Texts in static fields and in the constants of enums. */
    public Set<String> constantTexts() {
        return constantTexts;
    }

    /** Headers of HTTP requests and answers; of one the platform has a constant for, that. */
    public Set<String> httpHeaders() {
        return httpHeaders;
    }

    /** The text of an expression, of concatenated ones too. */
    private String text(ExpressionTree expression, CompilationUnitTree file) {
        if (expression instanceof LiteralTree literal) {
            return String.valueOf(literal.getValue());
        }
        if (expression instanceof BinaryTree sum && sum.getKind() == Tree.Kind.PLUS) {
            return text(sum.getLeftOperand(), file) + text(sum.getRightOperand(), file);
        }
        if (expression instanceof ParenthesizedTree inner) {
            return text(inner.getExpression(), file);
        }
        ExpressionTree constant = constants.get(expression instanceof IdentifierTree ? key(file, expression)
                : expression.toString());
        return constant == null ? UNKNOWN : text(constant, file);
    }

    private static String key(CompilationUnitTree file, Object name) {
        return file.getSourceFile().getName() + " " + name;
    }

    /** Looks for loggers and constants. */
    private final class Declarations extends TreeScanner<Void, Void> {

        private final CompilationUnitTree file;

        Declarations(CompilationUnitTree file) {
            this.file = file;
        }

        @Override
        public Void visitClass(ClassTree type, Void nothing) {
            type.getMembers().forEach(member -> {
                if (member instanceof VariableTree field && field.getModifiers().getFlags().contains(Modifier.STATIC)
                        && field.getInitializer() != null) {
                    constants.put(key(file, field.getName()), field.getInitializer());
                    constants.put(type.getSimpleName() + "." + field.getName(), field.getInitializer());
                    addTexts(field.getInitializer());
                }
            });
            return super.visitClass(type, nothing);
        }

        @Override
        public Void visitVariable(VariableTree variable, Void nothing) {
            if (variable.getType() != null && variable.getType().toString().equals("Logger")) {
                loggers.add(variable.getName().toString());
            }
            return super.visitVariable(variable, nothing);
        }

        private void addTexts(ExpressionTree value) {
            new TreeScanner<Void, Void>() {
                @Override
                public Void visitLiteral(LiteralTree literal, Void nothing) {
                    constantTexts.add(String.valueOf(literal.getValue()));
                    return nothing;
                }
            }.scan(value, null);
        }
    }

    /** Looks for log lines and headers. */
    private final class Uses extends TreeScanner<Void, Void> {

        private final CompilationUnitTree file;

        Uses(CompilationUnitTree file) {
            this.file = file;
        }

        @Override
        public Void visitMethodInvocation(MethodInvocationTree call, Void nothing) {
            if (call.getMethodSelect() instanceof MemberSelectTree method) {
                String name = method.getIdentifier().toString();
                Matcher level = LOGGING.matcher(name);
                if (level.matches() && isLogger(method.getExpression())) {
                    logLines.add(level.group(1) + " " + format(call.getArguments()));
                }
                if (WITH_HTTP_HEADER.contains(name) && !call.getArguments().isEmpty()) {
                    addHeader(call.getArguments().get(0));
                }
            }
            return super.visitMethodInvocation(call, nothing);
        }

        @Override
        public Void visitAnnotation(AnnotationTree annotation, Void nothing) {
            if (WITH_HTTP_HEADER.contains(annotation.getAnnotationType().toString())) {
                ExpressionTree argument = annotation.getArguments().get(0);
                addHeader(argument instanceof AssignmentTree value ? value.getExpression() : argument);
            }
            return super.visitAnnotation(annotation, nothing);
        }

        private boolean isLogger(ExpressionTree receiver) {
            return loggers.contains(receiver instanceof MemberSelectTree field ? field.getIdentifier().toString()
                    : receiver.toString());
        }

        /** The first argument that is a text; before it there may be a failure. */
        private String format(List<? extends ExpressionTree> arguments) {
            return arguments.stream().map(argument -> text(argument, file))
                    .filter(text -> !text.replace(UNKNOWN, "").isBlank()).findFirst().orElse(UNKNOWN);
        }

        private void addHeader(ExpressionTree name) {
            String text = text(name, file);
            if (!text.equals(UNKNOWN)) {
                httpHeaders.add(text);
            } else if (name instanceof MemberSelectTree) {
                httpHeaders.add(name.toString());
            }
        }
    }
}
