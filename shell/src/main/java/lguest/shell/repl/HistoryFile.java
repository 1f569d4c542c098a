package lguest.shell.repl;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;

/** {@code $XDG_STATE_HOME/lguest/history}, or {@code ~/.local/state/lguest/history}: for its owner's eyes only. */
final class HistoryFile {
    private HistoryFile() {
    }

    /** The file, made if it is not there; empty if it cannot be had, which only costs the history. */
    static Optional<Path> open() {
        Path file = path(System.getenv(), System.getProperty("user.home"));
        try {
            Files.createDirectories(file.getParent());
            create(file);
            return Optional.of(file);
        } catch (IOException | SecurityException unwritable) {
            System.err.println("lguest: no history: " + unwritable);
            return Optional.empty();
        }
    }

    static Path path(Map<String, String> environment, String home) {
        String state = environment.getOrDefault("XDG_STATE_HOME", "");
        Path base = state.isEmpty() ? Path.of(home, ".local", "state") : Path.of(state);
        return base.resolve("lguest").resolve("history");
    }

    private static void create(Path file) throws IOException {
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException there) {
            return;
        } catch (UnsupportedOperationException noPermissions) {
            Files.createFile(file);
        }
    }
}
