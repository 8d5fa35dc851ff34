package io.orderstream.testsupport;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.ref.Cleaner;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.MappedByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.FileLock;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.Timer;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import java.util.zip.ZipFile;

import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.analysis.Analyzer;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.BasicInterpreter;
import org.objectweb.asm.tree.analysis.BasicValue;
import org.objectweb.asm.tree.analysis.Frame;

/**
 * Finds the static fields that may not be in the heap of a native image. GraalVM ends the build if a class it initialises holds
 * one of these: a generator of random numbers, a thread or a pool of them, an open file or socket, native memory.
 * <p>
 * A field is found by its type and by that of each value its static initializer assigns, which may be an object that has such a
 * field of its own. Not found is what hides behind an interface or in a collection.
 */
public final class ImageHeap {

    private static final BasicValue NOTHING = new BasicValue(Type.getObjectType("null"));
    private static final Set<String> REFUSED = Stream.of(Random.class, SplittableRandom.class, Thread.class, Timer.class,
            ThreadPoolExecutor.class, ForkJoinPool.class, FileDescriptor.class, FileInputStream.class, FileOutputStream.class,
            RandomAccessFile.class, FileLock.class, ZipFile.class, Socket.class, ServerSocket.class, DatagramSocket.class,
            Channel.class, Selector.class, Process.class, Inflater.class, Deflater.class, MappedByteBuffer.class, Cleaner.class)
            .map(Type::getInternalName).collect(Collectors.toSet());
    /** Methods whose result is one of these, though its type does not say so. */
    private static final Map<String, Class<?>> FACTORIES = Map.of("java/nio/ByteBuffer.allocateDirect", MappedByteBuffer.class,
            "java/util/concurrent/Executors.newCachedThreadPool", ThreadPoolExecutor.class,
            "java/util/concurrent/Executors.newFixedThreadPool", ThreadPoolExecutor.class,
            "java/util/concurrent/Executors.newSingleThreadExecutor", ThreadPoolExecutor.class,
            "java/util/concurrent/Executors.newScheduledThreadPool", ThreadPoolExecutor.class,
            "java/util/concurrent/Executors.newSingleThreadScheduledExecutor", ThreadPoolExecutor.class);

    /** The class in which Quarkus tells GraalVM what its extensions have asked for. */
    private static final String FEATURE = "io/quarkus/runner/Feature";
    private static final Pattern AT_RUN_TIME = Pattern.compile("--initialize-at-run-time=([\\w.$,]+)");

    private final Map<String, ClassNode> classes = new TreeMap<>();
    private final Set<String> atRunTime = new HashSet<>();

    /**
     * @param jars what the image is made of
     * @param arguments those of GraalVM
     */
    public ImageHeap(List<Path> jars, String arguments) {
        addArguments(arguments);
        jars.forEach(this::read);
    }

    private void addArguments(String arguments) {
        AT_RUN_TIME.matcher(arguments).results().forEach(found -> atRunTime.addAll(List.of(found.group(1).split(","))));
    }

    private void read(Path jar) {
        try (JarFile file = new JarFile(jar.toFile())) {
            for (JarEntry entry : Collections.list(file.entries())) {
                if (entry.getName().endsWith("/native-image.properties")) {
                    addArguments(new String(file.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8));
                } else if (entry.getName().endsWith(".class") && !entry.getName().startsWith("META-INF/")) {
                    add(file.getInputStream(entry));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void add(InputStream in) throws IOException {
        ClassNode type = new ClassNode();
        new ClassReader(in).accept(type, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        if (type.name.equals(FEATURE)) {
            type.methods.stream().filter(method -> method.name.equals("runtimeInitializedClasses"))
                    .flatMap(method -> Arrays.stream(method.instructions.toArray())).filter(LdcInsnNode.class::isInstance)
                    .forEach(constant -> atRunTime.add(String.valueOf(((LdcInsnNode) constant).cst)));
        }
        // All others are not looked at, and tens of thousands of them would not fit.
        type.methods.removeIf(method -> !method.name.equals("<clinit>"));
        classes.put(type.name, type);
    }

    /** The number of classes in the jars. */
    public int size() {
        return classes.size();
    }

    /** The static fields of classes that are initialised when the image is built, as {@code package.Type.field}. */
    public Set<String> refused() {
        Set<String> refused = new TreeSet<>();
        classes.values().stream().filter(type -> !isInitializedAtRunTime(className(type)))
                .forEach(type -> type.methods.forEach(initializer -> refused(type, initializer)
                        .forEach(field -> refused.add(className(type) + "." + field))));
        return refused;
    }

    private static String className(ClassNode type) {
        return type.name.replace('/', '.');
    }

    private boolean isInitializedAtRunTime(String name) {
        return atRunTime.stream().anyMatch(entry -> name.equals(entry) || name.startsWith(entry + "."));
    }

    private Set<String> refused(ClassNode type, MethodNode initializer) {
        Set<String> fields = new TreeSet<>();
        try {
            Frame<BasicValue>[] frames = new Analyzer<>(new Types()).analyze(type.name, initializer);
            for (int i = 0; i < frames.length; i++) {
                AbstractInsnNode step = initializer.instructions.get(i);
                if (frames[i] != null && step.getOpcode() == Opcodes.PUTSTATIC) {
                    FieldInsnNode field = (FieldInsnNode) step;
                    BasicValue value = frames[i].getStack(frames[i].getStackSize() - 1);
                    if (value != NOTHING && (isRefused(Type.getType(field.desc)) || isRefused(value.getType()))) {
                        fields.add(field.name);
                    }
                }
            }
        } catch (AnalyzerException e) {
            throw new IllegalStateException(type.name, e);
        }
        return fields;
    }

    private boolean isRefused(Type type) {
        return type != null && type.getSort() == Type.OBJECT
                && supertypes(type.getInternalName()).stream().anyMatch(name -> REFUSED.contains(name) || holdsOne(name));
    }

    /** Whether an object of this class has such a field itself. */
    private boolean holdsOne(String name) {
        ClassNode type = classes.get(name);
        return type != null && type.fields.stream().filter(field -> (field.access & Opcodes.ACC_STATIC) == 0)
                .map(field -> Type.getType(field.desc)).filter(field -> field.getSort() == Type.OBJECT)
                .anyMatch(field -> supertypes(field.getInternalName()).stream().anyMatch(REFUSED::contains));
    }

    private Set<String> supertypes(String name) {
        Set<String> found = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(List.of(name));
        while (!open.isEmpty()) {
            String next = open.poll();
            if (found.add(next)) {
                open.addAll(parents(next));
            }
        }
        return found;
    }

    private List<String> parents(String name) {
        ClassNode type = classes.get(name);
        if (type != null) {
            return Stream.concat(type.interfaces.stream(), Stream.ofNullable(type.superName)).toList();
        }
        try {
            Class<?> known = Class.forName(name.replace('/', '.'), false, ClassLoader.getPlatformClassLoader());
            return Stream.concat(Arrays.stream(known.getInterfaces()), Stream.ofNullable(known.getSuperclass()))
                    .map(Type::getInternalName).toList();
        } catch (ClassNotFoundException | LinkageError e) {
            return List.of();
        }
    }

    /** Keeps the type of each value, as far as the instruction that makes it tells it. */
    private static final class Types extends BasicInterpreter {

        Types() {
            super(Opcodes.ASM9);
        }

        @Override
        public BasicValue newValue(Type type) {
            boolean isObject = type != null && (type.getSort() == Type.OBJECT || type.getSort() == Type.ARRAY);
            return isObject ? new BasicValue(type) : super.newValue(type);
        }

        @Override
        public BasicValue newOperation(AbstractInsnNode step) throws AnalyzerException {
            return switch (step.getOpcode()) {
                case Opcodes.ACONST_NULL -> NOTHING;
                case Opcodes.NEW -> newValue(Type.getObjectType(((TypeInsnNode) step).desc));
                default -> super.newOperation(step);
            };
        }

        @Override
        public BasicValue naryOperation(AbstractInsnNode step, List<? extends BasicValue> values) throws AnalyzerException {
            Class<?> made = step instanceof MethodInsnNode call ? FACTORIES.get(call.owner + "." + call.name) : null;
            return made == null ? super.naryOperation(step, values) : newValue(Type.getType(made));
        }

        @Override
        public BasicValue merge(BasicValue one, BasicValue other) {
            if (Objects.equals(one, other) || other == NOTHING) {
                return one;
            }
            return one == NOTHING ? other : super.merge(one, other);
        }
    }
}
