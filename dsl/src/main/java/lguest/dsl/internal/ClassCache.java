package lguest.dsl.internal;

import groovy.lang.GroovySystem;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.CodeSource;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import lguest.dsl.LgsScript;

/**
 * Remembers compiled scripts, because compiling is most of what a short script costs. A file's name is the SHA-256 of all that
 * made it: source, file name, this program, Groovy, Java; its content is followed by the SHA-256 of name and content. What does
 * not fit is compiled again, so the folder can be deleted at any time; and without a folder everything works, only slower.
 */
public final class ClassCache {
    private static final int DIGEST_BYTES = 32;
    private static final int MOST_FILES = 256;

    private final Path folder;

    /** @param folder null to remember nothing */
    public ClassCache(Path folder) {
        this.folder = folder;
    }

    /** {@code $XDG_CACHE_HOME/lguest/classes}, by default in {@code ~/.cache}. */
    public static ClassCache ofUser() {
        String home = System.getenv("XDG_CACHE_HOME");
        Path caches = home == null || home.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(home);
        return new ClassCache(caches.isAbsolute() ? caches.resolve("lguest").resolve("classes") : null);
    }

    /** @return null if there is none that can be trusted */
    ScriptClasses find(String fileName, String text) {
        if (folder == null) {
            return null;
        }
        byte[] key = key(fileName, text);
        try {
            byte[] file = Files.readAllBytes(path(key));
            int length = file.length - DIGEST_BYTES;
            if (length < 0 || !Arrays.equals(file, length, file.length, seal(key, file, length), 0, DIGEST_BYTES)) {
                return null;
            }
            return ScriptClasses.read(new DataInputStream(new ByteArrayInputStream(file, 0, length)));
        } catch (IOException notThere) {
            return null;
        }
    }

    void keep(String fileName, String text, ScriptClasses classes) {
        if (folder == null) {
            return;
        }
        byte[] key = key(fileName, text);
        try {
            Files.createDirectories(folder);
            Path file = Files.createTempFile(folder, "new", ".tmp");
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            classes.write(new DataOutputStream(bytes));
            bytes.write(seal(key, bytes.toByteArray(), bytes.size()));
            Files.write(file, bytes.toByteArray());
            Files.move(file, path(key), StandardCopyOption.ATOMIC_MOVE);
            forgetOldest();
        } catch (IOException readOnlyOrFull) {
            // The script runs all the same; it will be compiled again next time.
            return;
        }
    }

    private void forgetOldest() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> all = files.toList();
            if (all.size() > MOST_FILES) {
                all.stream().sorted(Comparator.comparing(ClassCache::age)).limit(all.size() - MOST_FILES / 2)
                    .forEach(old -> old.toFile().delete());
            }
        }
    }

    private static FileTime age(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException gone) {
            return FileTime.fromMillis(0);
        }
    }

    private Path path(byte[] key) {
        return folder.resolve(HexFormat.of().formatHex(key));
    }

    private static byte[] key(String fileName, String text) {
        MessageDigest digest = sha256();
        for (String part : List.of(fileName, text, program(), GroovySystem.getVersion(), System.getProperty("java.vm.version"))) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            digest.update(Integer.toString(bytes.length).getBytes(StandardCharsets.US_ASCII));
            digest.update((byte) ':');
            digest.update(bytes);
        }
        return digest.digest();
    }

    private static byte[] seal(byte[] key, byte[] content, int length) {
        MessageDigest digest = sha256();
        digest.update(key);
        digest.update(content, 0, length);
        return digest.digest();
    }

    /** Which build of this program it is: its version, and when its archive was made. */
    private static String program() {
        String version = String.valueOf(LgsScript.class.getPackage().getImplementationVersion());
        CodeSource source = LgsScript.class.getProtectionDomain().getCodeSource();
        if (source == null) {
            return version;
        }
        try {
            return version + " " + Files.getLastModifiedTime(Path.of(source.getLocation().toURI())).toMillis();
        } catch (IOException | URISyntaxException unknown) {
            return version;
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
